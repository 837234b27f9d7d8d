"""What a deployment must not start its work with."""

import os
import subprocess
import sys

import pytest
from django.core.checks import run_checks
from django.db import connection

from core.checks import check_proxies, check_sealing_keys
from core.sealing import seal, unseal


def test_the_sealing_key_of_the_source_is_refused(settings):
    assert [message.id for message in check_sealing_keys()] == ["core.E002"]
    assert unseal(seal("Siti")) == "Siti"  # on a laptop it works


def test_an_own_sealing_key_is_accepted(settings):
    settings.SEALING_KEYS = ["b3duLWtleS1vZi1hbi1pbnN0YWxsYXRpb24tMDAwMDE="]

    assert check_sealing_keys() == []


BEHIND_NGINX = ("HTTP_X_FORWARDED_PROTO", "https")


@pytest.mark.parametrize(
    ("proxies", "header", "found"),
    [(0, BEHIND_NGINX, ["core.W003"]), (1, BEHIND_NGINX, []), (1, None, ["core.W004"]), (0, None, [])],
)
def test_a_proxy_is_trusted_for_scheme_and_address_or_for_neither(settings, proxies, header, found):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT, settings.SECURE_PROXY_SSL_HEADER = proxies, header
    assert [message.id for message in check_proxies()] == found


def test_the_checks_of_a_deployment_name_the_key_and_the_proxy(db, settings):
    settings.SECURE_PROXY_SSL_HEADER = BEHIND_NGINX
    assert {"core.E002", "core.W003"} <= {message.id for message in run_checks(include_deployment_checks=True)}


LIMIT_OF = """
{start}
from django.db import connection
with connection.cursor() as cursor:
    cursor.execute("SHOW statement_timeout")
    print(cursor.fetchone()[0])
"""
PAGES, COMMANDS = "import cms.wsgi", "import django; django.setup()"


@pytest.mark.slow
def test_a_page_gets_no_endless_statement_and_a_command_does(db):
    """A56: a statement of the web server ends; migrations, exports and the worker take the time they need."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no such limit")
    chosen = connection.settings_dict
    url = f"postgres://{chosen['USER']}:{chosen['PASSWORD'] or ''}@{chosen['HOST']}:{chosen['PORT']}/{chosen['NAME']}"
    environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "cms.settings.base"}

    def limit_of(start):
        command = [sys.executable, "-c", LIMIT_OF.format(start=start)]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.strip()

    assert (limit_of(PAGES), limit_of(COMMANDS)) == ("5s", "0")
