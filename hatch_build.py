"""Packs the viewer with the package: it is built from web/, and no part of src/."""

from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

VIEWER = Path("build", "static", "glassloop", "viewer.js")
PLACE = Path("glassloop", "trace", "viewer.js")


class PackViewer(BuildHookInterface):  # type: ignore[type-arg]  # for wheels and source archives
    """Adds the viewer to a wheel, and to a source archive so that a wheel made of it has it too."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Called before each build; an editable install finds the viewer where it is built."""
        viewer = Path(self.root) / VIEWER
        if version == "editable" or not viewer.is_file():
            return
        place = "src" / PLACE if self.target_name == "sdist" else PLACE
        build_data["force_include"][str(viewer)] = str(place)
