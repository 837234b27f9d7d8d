"""Where the system's Chromium is. Nothing is downloaded: Debian's package ``chromium`` is used."""

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")


def find_chromium() -> str | None:
    """``$CHROMIUM`` or the first browser of the Chromium family on PATH."""
    wanted = os.environ.get("CHROMIUM")
    if wanted:
        return shutil.which(wanted)
    return next((path for name in NAMES if (path := shutil.which(name))), None)
