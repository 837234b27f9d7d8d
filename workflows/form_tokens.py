"""The token of a complaint form: signed, random, in the page only.

It ties uploaded files to an unfinished form, makes a form sent twice one complaint, and is what the secret code is
derived from; only its keyed hash is ever stored. Leaves out whose form it is: it names nobody.
"""

import secrets
from datetime import timedelta

from django.core import signing

SALT = "workflows.complaint.form.v1"
LIFETIME = timedelta(hours=24)


class BadToken(ValueError):
    """Not ours, changed, or older than a day."""


def new_token() -> str:
    return signing.TimestampSigner(salt=SALT).sign(secrets.token_urlsafe(24))


def read_token(text: str) -> str:
    """The random part of a posted token. Raises ``BadToken``."""
    try:
        return signing.TimestampSigner(salt=SALT).unsign(text[:200], max_age=LIFETIME)
    except signing.BadSignature as error:
        raise BadToken from error
