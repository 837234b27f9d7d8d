"""Keep a few processes running: start, watch, restart with back-off, stop together.

Covers what one small server needs from a process manager. Leaves out everything about Django
and about what the processes do; on a larger site systemd or containers take this place.
"""

import contextlib
import ctypes
import logging
import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

logger = logging.getLogger(__name__)

FIRST_PAUSE = 1.0  # seconds before the first restart; doubles each time
LONGEST_PAUSE = 30.0
STEADY_AFTER = 60.0  # a child that lived this long has recovered
GIVE_UP_AFTER = 6  # deaths in a row without a steady life between them
STOP_SECONDS = 20.0  # time for running requests and tasks before SIGKILL
POLL_SECONDS = 0.25
PR_SET_PDEATHSIG = 1  # Linux: the kernel ends a child whose supervisor was killed


@dataclass
class Child:
    """One process to keep alive."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    restart_at: float = 0.0
    deaths: int = 0

    def start(self, now: float) -> None:
        self.process = subprocess.Popen(
            self.command,
            env={**os.environ, **self.environment},
            stdin=subprocess.DEVNULL,
            start_new_session=True,
            preexec_fn=_die_with_parent,  # noqa: PLW1509  runs before any thread of ours exists in the child
        )
        self.started_at = now

    def is_running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def note_death(self, now: float) -> None:
        """Plan the restart: 1, 2, 4 … 30 seconds, from 1 again after a steady life."""
        steady = now - self.started_at >= STEADY_AFTER
        self.deaths = 1 if steady else self.deaths + 1
        self.restart_at = now + pause_after(self.deaths)

    @property
    def is_hopeless(self) -> bool:
        return self.deaths >= GIVE_UP_AFTER


def pause_after(deaths: int) -> float:
    return min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (deaths - 1))


def _die_with_parent() -> None:
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class Supervisor:
    """Runs until a signal or until a child keeps dying.

    ``tick`` is called every ``tick_seconds`` in a thread of its own, so that a slow or failing
    tick delays no restart. Both clocks are arguments so that tests need not wait.
    """

    def __init__(
        self,
        children: Sequence[Child],
        *,
        tick: Callable[[], None] | None = None,
        tick_seconds: float = 60.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.children = list(children)
        self.tick = tick
        self.tick_seconds = tick_seconds
        self.clock = clock
        self.stopping = threading.Event()

    def run(self) -> int:
        """Supervise until told to stop; the exit status (0 after a signal, 1 after giving up)."""
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
            signal.signal(number, lambda *_: self.stopping.set())
        if self.tick:
            threading.Thread(target=self._tick_forever, name="tick", daemon=True).start()
        try:
            while not self.stopping.wait(POLL_SECONDS):
                hopeless = self.check()
                if hopeless:
                    logger.error("%s died %d times in a row; stopping everything", hopeless.name, hopeless.deaths)
                    return 1
            return 0
        finally:
            self.stop()

    def check(self) -> Child | None:
        """Restart what died; the child that cannot be kept alive, if there is one."""
        now = self.clock()
        for child in self.children:
            if child.is_running():
                continue
            if child.process is not None:
                self._bury(child, now)
                if child.is_hopeless:
                    return child
            if now >= child.restart_at:
                child.start(now)
        return None

    def _bury(self, child: Child, now: float) -> None:
        assert child.process is not None  # noqa: S101  for the type checker
        child.note_death(now)
        logger.warning(
            "%s ended with status %s; restart in %.0f s", child.name, child.process.returncode, child.restart_at - now
        )
        child.process = None

    def stop(self) -> None:
        """SIGTERM to all, SIGKILL to whole process groups of those that stay."""
        self.stopping.set()
        running = [child.process for child in self.children if child.process and child.is_running()]
        for process in running:
            process.terminate()
        deadline = time.monotonic() + STOP_SECONDS
        for process in running:
            _await_end(process, deadline)

    def _tick_forever(self) -> None:
        while True:
            try:
                self.tick()  # type: ignore[misc]
            except Exception:  # a database that is away for a minute must not end the schedule
                logger.exception("The scheduler's tick failed")
            if self.stopping.wait(self.tick_seconds):
                return


def _await_end(process: subprocess.Popen[bytes], deadline: float) -> None:
    try:
        process.wait(timeout=max(0.1, deadline - time.monotonic()))
    except subprocess.TimeoutExpired:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
