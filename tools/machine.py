"""Knows what this machine has: a Python that can make environments, a Node, a Chromium.

What is missing is installed where that needs nobody's leave, and named where it does.
"""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from progress import ROOT, step, stop

VENV = ROOT / ".venv"
OLDEST_NODE = 20
# Scripts of the environment come first, so that its Node is found where the system has none.
PATH = f"{VENV / 'bin'}{os.pathsep}{os.environ.get('PATH', os.defpath)}"

CHROMIUM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
CHROMIUM_ON_A_MAC = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"


@dataclass(frozen=True)
class Missing:
    """Something that this machine lacks, and the Debian packages that bring it."""

    what: str
    packages: tuple[str, ...]


def lacks_ensurepip() -> Missing | None:
    """Debian's Python comes without ensurepip."""
    if importlib.util.find_spec("ensurepip"):
        return None
    return Missing(
        "Python's ensurepip, which makes environments", (f"python3.{sys.version_info.minor}-venv",)
    )


def lacks_chromium() -> Missing | None:
    """The tests of the pages drive a real browser."""
    if find_chromium():
        return None
    named = os.environ.get("GLASSLOOP_CHROMIUM")
    if named:
        stop(f"GLASSLOOP_CHROMIUM names {named}, and there is no such program.")
    return Missing(
        "Chromium or Chrome, in which the pages are tested; one that stands elsewhere "
        "can be named: make test GLASSLOOP_CHROMIUM=/path/to/chromium",
        # A fresh Debian has no font at all, and a page without letters cannot be tested.
        ("chromium", "fonts-dejavu-core"),
    )


def find_chromium() -> str | None:
    """The Chromium that GLASSLOOP_CHROMIUM names, or the first one found, or None."""
    named = os.environ.get("GLASSLOOP_CHROMIUM")
    if named:
        return shutil.which(named)
    candidates = (*CHROMIUM_NAMES, CHROMIUM_ON_A_MAC)
    return next((found for name in candidates if (found := shutil.which(name))), None)


def supply(*lacks: Missing | None) -> None:
    """Installs what is missing, or ends with the list of it and the command that installs it."""
    missing = [each for each in lacks if each]
    if not missing:
        return
    packages = [package for each in missing for package in each.packages]
    if not may_install():
        stop(request(missing, packages))
    message = f"Installing {' and '.join(packages)}"
    with step(message, "apt-get", {"DEBIAN_FRONTEND": "noninteractive"}) as run:
        # An update may fail for one source and still bring what we need; the install tells.
        run("apt-get", "update", optional=True)
        run("apt-get", "install", "--yes", "--no-install-recommends", *packages)


def request(missing: Iterable[Missing], packages: Iterable[str]) -> str:
    lines = [f"  {each.what}" for each in missing]
    return "\n".join(
        [
            "This machine lacks:",
            *lines,
            f"On Debian the command is: sudo apt-get install {' '.join(packages)}",
        ]
    )


def may_install() -> bool:
    """Whether we are root on a Debian-like system, where a missing package can be installed."""
    return os.geteuid() == 0 and shutil.which("apt-get") is not None


def find_node() -> str | None:
    """A `node` that is new enough and has its `npm`, or None."""
    node = shutil.which("node", path=PATH)
    if node is None or shutil.which("npm", path=PATH) is None:
        return None
    return node if node_major(node) >= OLDEST_NODE else None


def node_major(node: str) -> int:
    """The first number of what `node --version` prints; 0 where it prints none."""
    printed = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    number = re.match(r"v(\d+)", printed.stdout)
    return int(number[1]) if number else 0


def venv_python() -> Path:
    return VENV / "bin" / "python"
