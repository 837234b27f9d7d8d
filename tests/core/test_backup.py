"""A backup holds everything that was committed, and no keys."""

import shutil
import sqlite3
import subprocess
import tarfile
from datetime import datetime
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from core.backup import remove_old, write_backup
from core.models import Region

NOON = datetime(2026, 11, 23, 12, 0)


@pytest.fixture
def opened(tmp_path):
    def unpack(archive):
        with tarfile.open(archive) as tar:
            tar.extractall(tmp_path / "unpacked", filter="data")
        return tmp_path / "unpacked"

    return unpack


@pytest.fixture
def upload(settings):
    private = Path(settings.PRIVATE_ROOT)
    private.mkdir(parents=True)
    (private / "photo.jpg").write_bytes(b"a photo")


def test_the_archive_restores_rows_and_files(transactional_db, tmp_path, opened, upload):
    Region.objects.create(code="35.26", name="Bangkalan", kind=Region.Kind.REGENCY)
    archive = write_backup(tmp_path / "backups", NOON)
    assert archive.name == "suara-20261123-120000.tar.gz"
    assert archive.stat().st_mode & 0o777 == 0o600
    content = opened(archive)
    assert (content / "private" / "photo.jpg").read_bytes() == b"a photo"
    assert _region_names(content) == ["Bangkalan"]
    assert [path.name for path in (tmp_path / "backups").iterdir()] == [archive.name]


def _region_names(content):
    if connection.vendor == "sqlite":
        with sqlite3.connect(content / "suara.sqlite3") as copy:
            return [name for (name,) in copy.execute("SELECT name FROM core_region")]
    listing = ["pg_restore", "--data-only", "--table=core_region", "--file=-", content / "suara.pgdump"]
    text = subprocess.run(listing, capture_output=True, text=True, check=True).stdout
    return [line.split("\t")[2] for line in text.splitlines() if line.count("\t") > 3]


@pytest.fixture(autouse=True)
def _client_programs(request):
    if connection.vendor == "postgresql" and not (shutil.which("pg_dump") and shutil.which("pg_restore")):
        pytest.skip("needs the PostgreSQL client programs")


def test_only_the_newest_are_kept(tmp_path):
    for day in (1, 2, 3):
        (tmp_path / f"suara-2026110{day}-000000.tar.gz").touch()
    (tmp_path / "other.tar.gz").touch()
    assert [path.name for path in remove_old(tmp_path, 2)] == ["suara-20261101-000000.tar.gz"]
    assert len(list(tmp_path.iterdir())) == 3


def test_a_directory_that_cannot_be_written_is_an_error_and_leaves_nothing(transactional_db, tmp_path):
    (tmp_path / "file").touch()
    with pytest.raises(CommandError, match="No backup was written"):
        call_command("backup", tmp_path / "file")
