"""Writing to SQLite in turns: nobody else writes meanwhile, and a turn ends whatever happens in it."""

import subprocess
import sys
import threading

import pytest
from django.db import connection, transaction

from core.turns import turn_to_write

# PostgreSQL has no turns to take.
pytestmark = pytest.mark.portable
ANOTHER_PROCESS = """
import fcntl, os, sys
try:
    fcntl.lockf(os.open(sys.argv[1], os.O_RDWR | os.O_CREAT), fcntl.LOCK_EX | fcntl.LOCK_NB)
except OSError:
    sys.exit(1)
"""


@pytest.fixture
def on_file(transactional_db):
    if connection.vendor != "sqlite" or connection.is_in_memory_db():
        pytest.skip("only a SQLite file is written in turns")


def another_process_may_write():
    file = f"{connection.settings_dict['NAME']}-turns"
    return subprocess.run([sys.executable, "-c", ANOTHER_PROCESS, file], check=False).returncode == 0


def test_another_process_waits_until_the_turn_ends(on_file):
    with turn_to_write():
        assert not another_process_may_write()
    assert another_process_may_write()


def test_a_turn_that_fails_is_given_back(on_file):
    with pytest.raises(ZeroDivisionError), turn_to_write():
        raise ZeroDivisionError
    assert another_process_may_write()


def test_a_transaction_has_its_turn_already(on_file):
    """Whoever asks again inside it must not wait for themselves."""
    with turn_to_write(), transaction.atomic(), turn_to_write():
        pass


def test_threads_write_one_after_the_other(on_file):
    inside, most = [], []

    def write():
        with turn_to_write():
            inside.append(1)
            most.append(len(inside))
            inside.pop()

    threads = [threading.Thread(target=write) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(most) == {1}
