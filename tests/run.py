"""What ``script/test`` does once the packages are there: three runs of pytest, one summary line.

1. ``sqlite``: every test but the journeys, in parallel workers.
2. ``postgres``: what depends on the database (not tests marked `portable`), on ``TEST_POSTGRES_URL`` or on a
   temporary cluster (see ``tests/postgres.py``).
3. ``browser``: the journeys in headless Chromium.

What the machine lacks is installed where that is possible (root on Debian). A part that still
cannot run is skipped aloud, or fails when ``CI`` is set.
"""

import argparse
import contextlib
import os
import shutil
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from tests import postgres
from tests.browser import driver_runs, find_chromium

ROOT = Path(__file__).resolve().parent.parent
REPORTS = ROOT / "var" / "test"
NO_TESTS_COLLECTED = 5
# Keeps Debian's package from starting a server of its own on the standard port.
CLUSTER_CONFIG = Path("/etc/postgresql-common/createcluster.conf")
HINTS = {
    "postgres": "apt-get install postgresql, or set TEST_POSTGRES_URL=postgres://user:password@host/postgres",
    "browser": "apt-get install chromium libatomic1, or set CHROMIUM to a browser of the Chromium family",
}


class CannotRun(Exception):
    """A part of the suite lacks something on this machine."""


@dataclass
class Total:
    counts: Counter = field(default_factory=Counter)
    failures: list[str] = field(default_factory=list)
    exit_code: int = 0

    def fail(self, line: str) -> None:
        self.failures.append(line)
        self.exit_code = self.exit_code or 1


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(add_help=False)
    parser.add_argument("--part", choices=["all", "sqlite", "postgres", "browser"], default="all")
    own, passed_on = parser.parse_known_args(arguments)
    parts = ["sqlite", "postgres", "browser"] if own.part == "all" else [own.part]
    REPORTS.mkdir(parents=True, exist_ok=True)
    postgres.stop_cleanly_on_signals()
    keep_compiled()
    started, total = time.monotonic(), Total()
    with postgres_ahead() if len(parts) > 1 and not passed_on else contextlib.nullcontext():
        for part in parts:
            run_part(part, passed_on, total)
    if not total.counts and not total.failures:
        total.fail("no test matched " + " ".join(passed_on))
    print_total(total, time.monotonic() - started)
    return total.exit_code


def keep_compiled() -> None:
    """Where Python keeps no compiled files, each worker compiles two thousand again: keep them for the tests only."""
    if os.environ.pop("PYTHONDONTWRITEBYTECODE", ""):
        os.environ.setdefault("PYTHONPYCACHEPREFIX", str(REPORTS / "compiled"))


def run_part(part: str, passed_on: list[str], total: Total) -> None:
    announce(f"Tests: {part}")
    try:
        with environment_of(part) as environment:
            report = REPORTS / f"{part}.xml"
            report.unlink(missing_ok=True)
            code = run_pytest(part, passed_on, environment, report)
    except (CannotRun, postgres.PostgresMissing) as problem:
        cannot_run(part, problem, total)
        return
    read_report(part, report, total)
    if code not in (0, NO_TESTS_COLLECTED):
        total.exit_code = total.exit_code or code


def run_pytest(part: str, passed_on: list[str], environment: dict[str, str], report: Path) -> int:
    command = [sys.executable, "-m", "pytest", "--part", part, f"--junitxml={report}"]
    # Each worker pays seconds of imports: workers help the whole suite, not a selection.
    if not passed_on:
        dist = "loadgroup" if part == "browser" else "worksteal"
        command += ["-n", str(max(2, min(4, os.cpu_count() or 2))), "--dist", dist]
    return subprocess.run([*command, *passed_on], env=environment, cwd=ROOT, check=False).returncode


@contextlib.contextmanager
def environment_of(part: str) -> Iterator[dict[str, str]]:
    """The environment of one run; brings up, and later removes, what the part needs."""
    environment = {**os.environ, "DATABASE_URL": f"sqlite:///{REPORTS}/unused.sqlite3"}
    if part == "browser":
        environment["CHROMIUM"] = chromium()
        yield environment
    elif part == "postgres":
        with postgres_url() as url:
            yield {**environment, "DATABASE_URL": url}
    else:
        yield environment


@contextlib.contextmanager
def postgres_ahead() -> Iterator[None]:
    """Bring PostgreSQL and its template up while one worker migrates SQLite's and the others wait for it.

    Whatever fails here fails again, and aloud, when that part is due.
    """
    with contextlib.ExitStack() as stack:
        try:
            url = stack.enter_context(postgres_url())
        except (CannotRun, postgres.PostgresMissing):
            yield
            return
        os.environ["TEST_POSTGRES_URL"] = url
        environment = {**os.environ, "DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "cms.settings.test"}
        builder = subprocess.Popen(
            [sys.executable, "-m", "tests.databases"], env=environment, cwd=ROOT, stderr=subprocess.DEVNULL
        )
        stack.callback(builder.wait)
        stack.callback(builder.terminate)
        yield


@contextlib.contextmanager
def postgres_url() -> Iterator[str]:
    given = os.environ.get("TEST_POSTGRES_URL")
    if given:
        yield given
        return
    if postgres.server_programs() is None:
        install("postgresql", before=forbid_standing_cluster)
    with postgres.temporary_cluster() as url:
        yield url


def chromium() -> str:
    missing = [] if find_chromium() else ["chromium"]
    missing += [] if driver_runs() else ["libatomic1"]
    if missing:
        install(*missing)
    found = find_chromium()
    if found is None or not driver_runs():
        raise CannotRun("Chromium or its driver does not start on this machine")
    return found


def forbid_standing_cluster() -> None:
    if not CLUSTER_CONFIG.exists():
        CLUSTER_CONFIG.parent.mkdir(parents=True, exist_ok=True)
        CLUSTER_CONFIG.write_text("create_main_cluster = false\n")


def install(*packages: str, before=lambda: None) -> None:
    """Install Debian packages as root; anywhere else the part cannot run."""
    names = " and ".join(packages)
    if os.geteuid() != 0 or shutil.which("apt-get") is None:
        raise CannotRun(f"{names} not installed")
    announce(f"Installing {names} with apt-get (once)")
    before()
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for command in (["update", "-q"], ["install", "-qy", "--no-install-recommends", *packages]):
        done = subprocess.run(
            ["apt-get", *command],
            env=environment,
            capture_output=True,
            text=True,
            check=False,
            stdin=subprocess.DEVNULL,
        )
        if done.returncode:
            raise CannotRun(f"apt-get {command[0]} failed: {done.stderr.strip()[-500:]}")


def cannot_run(part: str, problem: Exception, total: Total) -> None:
    message = f"{part}: {problem}"
    if os.environ.get("CI", "").lower() in ("", "0", "false"):
        print(f"\n!!! SKIPPED {message}\n!!! HINT: {HINTS[part]}\n", flush=True)
        total.counts["skipped"] += 1
        return
    print(f"\nERROR: {message}\nHINT:  {HINTS[part]}\n", flush=True)
    total.counts["error"] += 1
    total.fail(f"{message} (in CI nothing is skipped)")


def read_report(part: str, report: Path, total: Total) -> None:
    if not report.exists():
        return
    for case in ElementTree.parse(report).iter("testcase"):
        outcome = outcome_of(case)
        total.counts[outcome] += 1
        if outcome in ("failed", "error"):
            total.failures.append(f"[{part}] {case.get('classname', '').replace('.', '/')}.py::{case.get('name')}")


def outcome_of(case: ElementTree.Element) -> str:
    tags = {child.tag for child in case}
    for tag, outcome in (("error", "error"), ("failure", "failed"), ("skipped", "skipped")):
        if tag in tags:
            return outcome
    return "passed"


def announce(text: str) -> None:
    print(f"\n==> {text}", flush=True)


def print_total(total: Total, seconds: float) -> None:
    if total.failures:
        announce("Failed")
        print("\n".join(total.failures))
    names = {"error": "errors" if total.counts["error"] > 1 else "error"}
    order = ("failed", "passed", "skipped", "error")
    told = [f"{total.counts[key]} {names.get(key, key)}" for key in order if total.counts[key]]
    line = f" {', '.join(told) or 'no tests ran'} in {seconds:.2f}s "
    print("\n" + line.center(79, "="), flush=True)


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
