"""A start does what is needed, once, and nothing on the next start."""

import gzip

import brotli
import pytest

from core import release
from tests.factories import AgencyFactory

pytestmark = [pytest.mark.django_db, pytest.mark.portable]


@pytest.fixture(autouse=True)
def var(settings, tmp_path):
    settings.VAR_DIR = tmp_path
    settings.FIXTURES_ROOT = tmp_path / "fixtures"
    settings.FIXTURES_ROOT.mkdir()
    (settings.FIXTURES_ROOT / "days.json").write_text("[]")
    return tmp_path


@pytest.fixture
def commands(monkeypatch):
    """The commands a step asks for; they have tests of their own."""
    called = []
    monkeypatch.setattr(release, "call_command", lambda name, **options: called.append(name))
    return called


@pytest.fixture
def said():
    return []


def test_a_migrated_database_is_left_alone(commands, said):
    assert release.migrate(say=said.append) is False
    assert (commands, said) == ([], [])


def test_reference_data_is_loaded_once(commands, said):
    for _start in range(2):
        release.load_reference(force=False, say=said.append)
    assert commands == ["load_reference", "sync_roles"]
    assert said == ["Loading reference data"]


def test_changed_reference_data_is_loaded_again(commands, said, settings):
    release.load_reference(force=False, say=said.append)
    (settings.FIXTURES_ROOT / "days.json").write_text("[1]")
    release.load_reference(force=False, say=said.append)
    assert commands.count("load_reference") == 2


def test_a_migrated_schema_gets_its_reference_data_again(commands, said):
    release.load_reference(force=False, say=said.append)
    release.load_reference(force=True, say=said.append)
    assert commands.count("load_reference") == 2


def test_a_failed_step_is_repeated_at_the_next_start(monkeypatch, said):
    def fail(name, **options):
        raise OSError("disk full")

    monkeypatch.setattr(release, "call_command", fail)
    with pytest.raises(OSError, match="disk full"):
        release.load_reference(force=False, say=said.append)
    called = []
    monkeypatch.setattr(release, "call_command", lambda name, **options: called.append(name))
    release.load_reference(force=False, say=said.append)
    assert "load_reference" in called


def test_the_demo_is_loaded_into_an_empty_installation(commands, said):
    release.load_demo_once(say=said.append)
    assert commands == ["load_demo"]


def test_the_demo_is_not_loaded_twice(commands, said):
    release.load_demo_once(say=said.append)
    AgencyFactory(is_demo=True)
    release.load_demo_once(say=said.append)
    assert commands == ["load_demo"]


def test_the_demo_never_joins_real_agencies(commands, said):
    AgencyFactory(is_demo=False)
    release.load_demo_once(say=said.append)
    assert commands == []


def test_compressed_copies_hold_the_same_bytes(tmp_path):
    path = tmp_path / "site.css"
    path.write_bytes(b"body { margin: 0 }" * 100)
    release.compress(path, strongly=True)
    assert gzip.decompress((tmp_path / "site.css.gz").read_bytes()) == path.read_bytes()
    assert brotli.decompress((tmp_path / "site.css.br").read_bytes()) == path.read_bytes()


def test_a_fingerprint_follows_names_and_contents(tmp_path):
    def taken():
        return release.fingerprint(tmp_path.rglob("*"))

    (tmp_path / "a").write_text("one")
    first = taken()
    assert taken() == first
    (tmp_path / "a").write_text("two")
    second = taken()
    (tmp_path / "a").rename(tmp_path / "b")
    assert len({first, second, taken()}) == 3
