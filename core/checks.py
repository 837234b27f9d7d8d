"""Checks of an installation before it goes to work."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Tags, Warning, register  # noqa: A004  Django's own name
from django.db import DatabaseError

from core.accounts import DEMO_PASSWORD
from core.models import User

# The default of the settings: it stands in the source, so it seals nothing.
PUBLISHED_SEALING_KEY = "cHJvZHVjdC1sYXB0b3Atc2VhbGluZy1rZXktMDAwMSE="


@register(Tags.security, deploy=True)
def check_demo_accounts(app_configs: Sequence[Any] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Active accounts that still have the published demo password."""
    try:
        active = list(User.objects.filter(is_demo=True, is_active=True))
    except DatabaseError:
        return []  # not migrated yet, so there is no account either
    names = [user.username for user in active if user.check_password(DEMO_PASSWORD)]
    if not names:
        return []
    kind = Warning if settings.DEMO_ACCOUNTS_ALLOWED else Error
    text = f"Active accounts with the published demo password: {', '.join(sorted(names))}."
    return [kind(text, hint="Switch them off or give them passwords of their own.", id="core.W001")]


@register(Tags.security, deploy=True)
def check_sealing_keys(app_configs: Sequence[Any] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Identities sealed with the key from the source can be read by whoever reads the database."""
    if PUBLISHED_SEALING_KEY not in settings.SEALING_KEYS:
        return []
    hint = "Let script/setup write a key to .env, and keep a copy apart from the backup."
    return [Error("SEALING_KEYS holds the key published in the source.", hint=hint, id="core.E002")]


@register(Tags.security, deploy=True)
def check_proxies(app_configs: Sequence[Any] | None = None, **kwargs: Any) -> list[CheckMessage]:
    """Whoever stands in front is trusted for both, whether a visitor came by HTTPS and from where, or for neither.

    Uncounted, every visitor has the address of the proxy: one stranger's misses lock the sign-in and the tracking page
    for all. Counted where no proxy sets the headers, a visitor chooses the own address and no limit holds.
    """
    proxies, trusts_scheme = settings.ALLAUTH_TRUSTED_PROXY_COUNT, bool(settings.SECURE_PROXY_SSL_HEADER)
    if trusts_scheme and proxies < 1:
        hint = "Set TRUSTED_PROXY_COUNT=1 behind one nginx as in docs/operations.md."
        text = "SECURE_PROXY_SSL_HEADER trusts a proxy that TRUSTED_PROXY_COUNT does not count."
        return [Warning(text, hint=hint, id="core.W003")]
    if proxies and not trusts_scheme:
        hint = "Leave it at 0 without a proxy; behind one use cms.settings.production, which trusts its headers."
        text = "TRUSTED_PROXY_COUNT counts a proxy that SECURE_PROXY_SSL_HEADER does not trust."
        return [Warning(text, hint=hint, id="core.W004")]
    return []
