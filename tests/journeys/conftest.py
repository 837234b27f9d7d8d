"""Fixtures of the browser journeys. Every test in this folder is marked ``e2e``.

Write a journey with one of the pages and plain Playwright calls; paths are relative:

    def test_a_citizen_files_a_complaint(phone, demo, assert_accessible, wire_size):
        phone.goto("/aduan/")
        assert_accessible(phone)
        phone.get_by_label("Isi laporan").fill("Jalan berlubang")
        phone.get_by_role("button", name="Kirim").click()

``phone`` (360x740), ``desktop`` (1280x900) and ``phone_without_javascript`` are pages of a fresh
browser profile. When the test ends, each of them fails it for a request to another host, a script
error, a breach of the Content-Security-Policy or an answer of 500 and above.

``demo`` gives the content of ``load_demo``; without it the database is empty but for Wagtail's root.
``sign_in(page, person)`` puts a member of the cast (or a demo user name) into the page.
``wire_size(path)`` is a first visit on a phone: ``.requests``, ``.total`` (bytes), ``.without(".jpg")``.
``look(page, name)`` keeps a full-page screenshot in ``var/screenshots`` when ``SCREENSHOTS=1``.
"""

import os
from urllib.parse import urlsplit

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.test import Client
from django.test.testcases import LiveServerThread
from playwright.sync_api import sync_playwright

from core.models import User
from core.release import collect_static
from core.services import sync_roles
from tests.browser import find_chromium
from tests.cms.factories import make_section, make_site
from tests.databases import locked
from tests.surveys.factories import instrument

from .browsing import DESKTOP, PHONE, Watch, axe_violations, describe, measure_wire

# Playwright keeps an event loop running in this thread; the tests' own queries are synchronous.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"

CHROMIUM_FLAGS = ["--no-sandbox", "--disable-background-networking", "--disable-dev-shm-usage"]
ACTION_MILLISECONDS = 15_000


def in_middleware(application):
    """Leaves static files to WhiteNoise, which sends them compressed as in production."""
    return application


@pytest.fixture(scope="session")
def chromium():
    path = find_chromium()
    if path is None:
        message = "no Chromium found; apt-get install chromium"
        pytest.fail(message) if os.environ.get("CI") else pytest.skip(message)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=CHROMIUM_FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def site_server(test_database, django_test_environment):
    """The site in a thread of this process, so that ``settings`` and frozen time reach it."""
    with locked("static"):
        collect_static()
    thread = LiveServerThread("localhost", in_middleware)
    thread.daemon = True
    thread.start()
    thread.is_ready.wait()
    if thread.error:
        raise thread.error
    yield f"http://localhost:{thread.port}"
    thread.terminate()


@pytest.fixture
def site_url(site_server, transactional_db, settings):
    """Where the site answers, e.g. for links in printed codes."""
    settings.BASE_URL = settings.WAGTAILADMIN_BASE_URL = site_server
    return site_server


@pytest.fixture
def new_page(chromium, site_url):
    """``new_page(**context_options)``: a page of a fresh profile, watched until the test ends."""
    contexts, watch = [], Watch(host=urlsplit(site_url).netloc)

    def make(**options):
        context = chromium.new_context(base_url=site_url, locale="id-ID", **options)
        context.set_default_timeout(ACTION_MILLISECONDS)
        contexts.append(context)
        context.on("page", watch.follow)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
    assert watch.third_party == [], f"requests to other hosts: {watch.third_party}"
    assert watch.problems == [], watch.problems


@pytest.fixture
def phone(new_page):
    return new_page(**PHONE)


@pytest.fixture
def desktop(new_page):
    return new_page(**DESKTOP)


@pytest.fixture
def phone_without_javascript(new_page):
    return new_page(java_script_enabled=False, **PHONE)


@pytest.fixture
def wire_size(new_page):
    return lambda path, **options: measure_wire(new_page(**{**PHONE, **options}), path)


@pytest.fixture
def assert_accessible():
    def check(page):
        violations = axe_violations(page)
        assert not violations, f"{page.url}\n" + "\n".join(describe(violation) for violation in violations)

    return check


@pytest.fixture
def sign_in(site_url):
    def enter(page, person):
        user = person if isinstance(person, User) else User.objects.get(username=person)
        client = Client()
        client.force_login(user)
        name = django_settings.SESSION_COOKIE_NAME
        page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": site_url}])
        return page

    return enter


@pytest.fixture
def look(request):
    def keep(page, name):
        if os.environ.get("SCREENSHOTS"):
            width = page.viewport_size["width"]
            page.screenshot(path=django_settings.VAR_DIR / "screenshots" / f"{name}-{width}.png", full_page=True)

    return keep


@pytest.fixture
def section(site_url, agency, service):
    """The agency's place in its region's site, with the instruments and the roles to write surveys there."""
    make_site(agency.region)
    page = make_section(agency)
    instrument()
    sync_roles()
    return page


@pytest.fixture
def demo(site_url, test_database):
    """The demo region as ``script/server`` shows it; loaded once, then copied per test."""
    test_database.begin_with("demo", lambda: call_command("load_demo", verbosity=0))
