"""Packs with the package what is not in src/: the viewer, built from web/, and the exercises."""

import os
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

VIEWER = Path("build", "static", "glassloop", "viewer.js")
PLACE = Path("glassloop", "trace", "viewer.js")
EXERCISES = Path("glassloop", "exercises", "book")

# Set where the wheel is for the book's pages, which have their exercises already.
FOR_PAGES = "GLASSLOOP_FOR_PAGES"


class PackExtras(BuildHookInterface):  # type: ignore[type-arg]  # for wheels and source archives
    """Adds them to a wheel, and to a source archive so that a wheel made of it has them too."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called before each build; an editable install finds them where they are."""
        if version == "editable":
            return
        root, extras = Path(self.root), {VIEWER: PLACE}
        if FOR_PAGES not in os.environ:
            files = sorted(root.glob("exercises/*/*.py"))
            extras |= {file: EXERCISES / file.relative_to(root / "exercises") for file in files}
        for source, place in extras.items():
            if (root / source).is_file():
                target = "src" / place if self.target_name == "sdist" else place
                build_data["force_include"][str(root / source)] = str(target)
