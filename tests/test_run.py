"""The test command itself: nothing is skipped silently, and nothing at all in CI."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests import postgres, run

REPORT = """<testsuites><testsuite>
  <testcase classname="tests.core.test_a" name="test_fine"/>
  <testcase classname="tests.core.test_a" name="test_wrong"><failure message="no"/></testcase>
  <testcase classname="tests.core.test_a" name="test_later"><skipped/></testcase>
  <testcase classname="tests.core.test_a" name="test_broken"><error message="no"/></testcase>
</testsuite></testsuites>"""


@pytest.fixture
def machine_without_postgres(monkeypatch):
    monkeypatch.delenv("TEST_POSTGRES_URL", raising=False)
    monkeypatch.setattr(postgres, "server_programs", lambda: None)
    monkeypatch.setattr(run.shutil, "which", lambda name: None)


def test_a_part_that_cannot_run_is_skipped_aloud(machine_without_postgres, monkeypatch, capsys):
    monkeypatch.delenv("CI", raising=False)
    total = run.Total()
    run.run_part("postgres", [], total)
    told = capsys.readouterr().out
    assert "SKIPPED postgres" in told
    assert "apt-get install postgresql" in told
    assert (total.exit_code, total.counts["skipped"]) == (0, 1)


def test_in_ci_a_part_that_cannot_run_is_a_failure(machine_without_postgres, monkeypatch, capsys):
    monkeypatch.setenv("CI", "true")
    total = run.Total()
    run.run_part("postgres", [], total)
    assert total.exit_code == 1
    assert "HINT" in capsys.readouterr().out


def test_the_total_counts_every_outcome_and_names_the_failures(tmp_path, capsys):
    (tmp_path / "sqlite.xml").write_text(REPORT)
    total = run.Total()
    run.read_report("sqlite", tmp_path / "sqlite.xml", total)
    run.print_total(total, 12.5)
    told = capsys.readouterr().out
    assert "[sqlite] tests/core/test_a.py::test_wrong" in told
    assert told.splitlines()[-1].strip("= ") == "1 failed, 1 passed, 1 skipped, 1 error in 12.50s"


def test_a_postgres_server_that_is_given_is_used(monkeypatch):
    monkeypatch.setenv("TEST_POSTGRES_URL", "postgres://suara@db.example/postgres")
    with run.postgres_url() as url:
        assert url == "postgres://suara@db.example/postgres"


def test_files_are_compiled_once_even_where_the_machine_keeps_none(monkeypatch):
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    monkeypatch.setenv("PYTHONPYCACHEPREFIX", "")  # put back when the test ends, whatever was set
    monkeypatch.delenv("PYTHONPYCACHEPREFIX")
    run.keep_compiled()
    script = "import sys; print(sys.dont_write_bytecode, sys.pycache_prefix)"
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout
    assert told.split() == ["False", str(run.REPORTS / "compiled")]


@pytest.mark.slow
@pytest.mark.skipif(postgres.server_programs() is None, reason="needs initdb")
def test_a_temporary_cluster_answers_and_leaves_nothing(monkeypatch):
    import psycopg  # noqa: PLC0415  only this test needs a server

    made = []
    make = postgres.tempfile.mkdtemp
    monkeypatch.setattr(postgres.tempfile, "mkdtemp", lambda **options: made.append(make(**options)) or made[-1])
    with postgres.temporary_cluster() as url:
        with psycopg.connect(url) as connection:
            assert connection.execute("SHOW fsync").fetchone() == ("off",)
        assert Path(made[0]).exists()
    assert not Path(made[0]).exists()
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(url, connect_timeout=2)
