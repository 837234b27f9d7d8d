"""The supervisor keeps its children alive and leaves none behind."""

import signal
import subprocess
import sys
import textwrap
import threading
import time
from pathlib import Path

import pytest

from core.supervisor import GIVE_UP_AFTER, STEADY_AFTER, Child, Supervisor, pause_after

pytestmark = pytest.mark.portable

SLEEPER = [sys.executable, "-c", "import time; time.sleep(60)"]
QUITTER = [sys.executable, "-c", "raise SystemExit(3)"]


class Clock:
    def __init__(self):
        self.now = 1000.0

    def __call__(self):
        return self.now


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def supervise(clock):
    made = []

    def make(*commands):
        supervisor = Supervisor([Child(str(n), command) for n, command in enumerate(commands)], clock=clock)
        made.append(supervisor)
        return supervisor

    yield make
    for supervisor in made:
        supervisor.stop()


def test_a_child_that_dies_is_started_again_after_its_pause(supervise, clock):
    supervisor = supervise(SLEEPER)
    supervisor.check()
    child = supervisor.children[0]
    first = child.process
    first.kill()
    first.wait()

    supervisor.check()
    assert not child.is_running()
    clock.now += pause_after(1)
    supervisor.check()
    assert child.is_running()
    assert child.process.pid != first.pid


def test_the_others_keep_running_when_one_dies(supervise):
    supervisor = supervise(QUITTER, SLEEPER)
    supervisor.check()
    steady = supervisor.children[1].process
    supervisor.children[0].process.wait()
    supervisor.check()
    assert supervisor.children[1].process is steady
    assert steady.poll() is None


@pytest.mark.parametrize(("deaths", "seconds"), [(1, 1), (2, 2), (3, 4), (4, 8), (5, 16), (6, 30), (20, 30)])
def test_pauses_double_up_to_half_a_minute(deaths, seconds):
    assert pause_after(deaths) == seconds


def test_a_child_that_keeps_dying_is_given_up(supervise, clock):
    supervisor = supervise(QUITTER)
    given_up = None
    for _life in range(GIVE_UP_AFTER):
        assert given_up is None
        clock.now += 60
        supervisor.check()
        supervisor.children[0].process.wait()
        supervisor.children[0].started_at = clock.now
        given_up = supervisor.check()
    assert given_up is supervisor.children[0]


def test_a_steady_life_forgives_earlier_deaths(supervise, clock):
    child = supervise(QUITTER).children[0]
    child.deaths, child.started_at = GIVE_UP_AFTER - 1, clock.now
    child.note_death(clock.now + STEADY_AFTER)
    assert child.deaths == 1
    assert not child.is_hopeless


PROGRAM = textwrap.dedent("""
    import sys
    from core.supervisor import Child, Supervisor
    children = [Child(str(n), [sys.executable, "-c", code]) for n, code in enumerate(sys.argv[1:])]
    supervisor = Supervisor(children, tick=lambda: print("tick", flush=True))
    supervisor.check()
    print(*[child.process.pid for child in children], flush=True)
    raise SystemExit(supervisor.run())
""")
STUBBORN = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"


@pytest.fixture
def start():
    programs = []

    def run(*codes):
        program = subprocess.Popen([sys.executable, "-c", PROGRAM, *codes], stdout=subprocess.PIPE, text=True)
        programs.append(program)
        pids = [int(pid) for pid in program.stdout.readline().split()]
        assert program.stdout.readline() == "tick\n"
        return program, pids

    yield run
    for program in programs:
        program.kill()
        program.communicate()


def _is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def _wait_until_gone(pids):
    deadline = time.monotonic() + 10
    while any(_is_alive(pid) for pid in pids) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not any(_is_alive(pid) for pid in pids)


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_ends_all_children_and_the_supervisor(start, number):
    program, pids = start("import time; time.sleep(60)", "import time; time.sleep(60)")
    assert all(_is_alive(pid) for pid in pids)
    program.send_signal(number)
    assert program.wait(timeout=10) == 0
    assert _wait_until_gone(pids)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the kernel's help is Linux only")
def test_children_do_not_outlive_a_supervisor_that_was_killed(start):
    program, pids = start("import time; time.sleep(60)")
    program.kill()
    program.wait()
    assert _wait_until_gone(pids)


def test_a_child_that_ignores_the_signal_is_killed(monkeypatch):
    monkeypatch.setattr("core.supervisor.STOP_SECONDS", 0.3)
    supervisor = Supervisor([Child("stubborn", [sys.executable, "-c", STUBBORN])])
    supervisor.check()
    process = supervisor.children[0].process
    time.sleep(0.5)  # until it ignores the signal
    supervisor.stop()
    assert process.returncode == -signal.SIGKILL


def test_a_failing_tick_does_not_end_the_schedule():
    ticks = []

    def tick():
        ticks.append(time.monotonic())
        raise RuntimeError("the database is away")

    supervisor = Supervisor([], tick=tick, tick_seconds=0.01)
    threading.Timer(0.3, supervisor.stopping.set).start()
    previous = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)}
    try:
        assert supervisor.run() == 0
    finally:
        for number, handler in previous.items():
            signal.signal(number, handler)
    assert len(ticks) > 3
