"""Where the system's Chromium is. Debian's package ``chromium`` is used, no browser is downloaded."""

import os
import shutil
import subprocess
from pathlib import Path

import playwright

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def find_chromium() -> str | None:
    """``$CHROMIUM`` or the first browser of the Chromium family on PATH."""
    wanted = os.environ.get("CHROMIUM")
    if wanted:
        return shutil.which(wanted)
    return next((path for name in NAMES if (path := shutil.which(name))), None)


def driver_runs() -> bool:
    """Whether Playwright's own program starts; on a bare system it lacks ``libatomic``."""
    program = Path(playwright.__file__).parent / "driver" / "node"
    return subprocess.run([program, "--version"], capture_output=True, check=False).returncode == 0
