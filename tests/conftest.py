"""What every test shares: the test database, the parts of a run, and the cast.

The cast works for one regency. The officer belongs to the public works office, the other
officer to the health office and must never see anything of the first. Use them by name:

    def test_another_agency_sees_nothing(client, other_officer, complaint): ...
"""

import gc

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import TransactionTestCase
from django.utils import translation
from wagtail.models import Site

from core.keeping import clear_shelves
from core.permissions import Role
from surveys.services import scans
from tests import databases
from tests.factories import AgencyFactory, RegionFactory, ServiceFactory, StaffFactory, officers_agency

DATABASE_FIXTURES = {"db", "transactional_db", "live_server"}
PARTS = ("all", "sqlite", "postgres", "browser")


def pytest_addoption(parser):
    parser.addoption(
        "--part",
        choices=PARTS,
        default="all",
        help="sqlite: all but the browser; postgres: what depends on the database; browser: journeys",
    )


def pytest_itemcollected(item):
    if "journeys" in item.path.parts:
        item.add_marker("e2e")


def pytest_collection_modifyitems(config, items):
    # What takes long starts first, or one worker would be busy with it at the end and the others idle.
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
    part = config.getoption("--part")
    if part == "all":
        return
    unwanted = [item for item in items if not _belongs(item, part)]
    config.hook.pytest_deselected(items=unwanted)
    items[:] = [item for item in items if _belongs(item, part)]


def pytest_collection_finish():
    """What is imported by now stays for good: the garbage collector need not walk through it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


def _belongs(item, part):
    is_journey = item.get_closest_marker("e2e") is not None
    if part == "browser":
        return is_journey
    if is_journey:
        return False
    needs_postgres = item.get_closest_marker("pg") is not None
    if part == "sqlite":
        return not needs_postgres
    if item.get_closest_marker("portable"):
        return False
    uses_database = item.get_closest_marker("django_db") or DATABASE_FIXTURES & set(item.fixturenames)
    return needs_postgres or bool(uses_database)


@pytest.fixture(autouse=True)
def _skip_what_needs_postgres(request):
    if request.node.get_closest_marker("pg"):
        request.getfixturevalue("db")
        if connection.vendor != "postgresql":
            pytest.skip("needs PostgreSQL: script/test --part postgres")


@pytest.fixture(scope="session")
def test_database(request, django_test_environment, django_db_blocker):
    """This worker's database, a copy of the migrated template (see tests/databases.py)."""
    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    reuse = request.config.getvalue("reuse_db")
    with django_db_blocker.unblock():
        database = databases.test_database(worker, reuse=reuse)
        database.create()
        # Django asks SQLite once per process whether it knows JSON; no test should count those statements.
        _ = connection.features.supports_json_field
    restore_flush = TransactionTestCase._fixture_teardown
    TransactionTestCase._fixture_teardown = lambda _self: database.restore()
    yield database
    TransactionTestCase._fixture_teardown = restore_flush
    if not reuse:
        with django_db_blocker.unblock():
            database.drop()


@pytest.fixture(scope="session")
def django_db_setup(test_database):
    """pytest-django's own set-up, replaced by the template copy."""


@pytest.fixture(scope="module")
def stand(test_database, django_db_blocker):
    """``stand(build)`` for a module whose tests all begin with the same costly rows.

    They are made and committed once for each worker; what a test does to them is rolled back as ever.
    """

    def begin_with(build):
        with django_db_blocker.unblock():
            test_database.begin_with(build.__name__, build)

    yield begin_with
    with django_db_blocker.unblock():
        test_database.restore()


@pytest.fixture(autouse=True)
def _own_files_and_caches(settings, tmp_path):
    """No test sees another's uploads, cached pages, rate-limit counters or language."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.PRIVATE_ROOT = tmp_path / "private"
    private = {**settings.STORAGES["private"]["OPTIONS"], "location": settings.PRIVATE_ROOT}
    settings.STORAGES = {**settings.STORAGES, "private": {**settings.STORAGES["private"], "OPTIONS": private}}
    # A request to /en/ leaves its language active in the thread; reverse() would follow it.
    translation.deactivate()
    cache.clear()
    clear_shelves()
    Site.clear_site_root_paths_cache()


@pytest.fixture(autouse=True)
def _no_scan_is_written(monkeypatch):
    """Opened forms are counted in the process; no test finds the write that another's hits made due."""
    monkeypatch.setattr(scans, "EVERY_HITS", 10**9)
    monkeypatch.setattr(scans, "EVERY_SECONDS", 10**9)
    yield
    scans.counter.forget()


# --- The cast -----------------------------------------------------------------------------


@pytest.fixture
def citizen(client):
    """Somebody with a phone and no account: an anonymous test client."""
    return client


@pytest.fixture
def region(db):
    return RegionFactory()


@pytest.fixture
def agency(region):
    """The officer's agency."""
    return officers_agency(region)


@pytest.fixture
def other_agency(region):
    return AgencyFactory(region=region, code="dinkes", name="Dinas Kesehatan", short_name="Dinkes")


@pytest.fixture
def service(agency):
    return ServiceFactory(agency=agency, code="irk", name="Informasi rencana kota")


@pytest.fixture
def verifier(region):
    """Reads every new complaint of the region and forwards it."""
    return StaffFactory(username="verifier", grants=[(Role.VERIFIER, region)])


@pytest.fixture
def officer(agency):
    """Liaison officer of ``agency``: handles what is forwarded there."""
    return StaffFactory(username="officer", agency=agency, grants=[(Role.LIAISON, agency)])


@pytest.fixture
def other_officer(other_agency):
    """Liaison officer of another agency: must see nothing of ``agency``."""
    return StaffFactory(username="other_officer", agency=other_agency, grants=[(Role.LIAISON, other_agency)])


@pytest.fixture
def editor(agency):
    """Communications editor of ``agency``: pages and surveys of that section only."""
    return StaffFactory(username="editor", agency=agency, grants=[(Role.EDITOR, agency)])


@pytest.fixture
def agency_head(agency):
    return StaffFactory(username="agency_head", agency=agency, grants=[(Role.AGENCY_HEAD, agency)])


@pytest.fixture
def auditor(region):
    """Reads everything of the region, changes nothing."""
    return StaffFactory(username="auditor", grants=[(Role.AUDITOR, region)])


@pytest.fixture
def regional_admin(region):
    return StaffFactory(username="regional_admin", grants=[(Role.REGIONAL_ADMIN, region)])
