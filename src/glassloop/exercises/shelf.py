"""Where the files of the exercises are: in a checkout, or packed with the installed package."""

from __future__ import annotations

from pathlib import Path

from glassloop.exercises.exercise import Exercise, load

PLACES = (Path(__file__).parent / "book", Path(__file__).parents[3] / "exercises")


def files(places: tuple[Path, ...] = PLACES) -> dict[str, Path]:
    """The file of each exercise by its name, in the order of the chapters."""
    folder = next((place for place in places if place.is_dir()), None)
    return {path.stem: path for path in sorted(folder.glob("*/*.py"))} if folder else {}


def find(name: str) -> Exercise:
    """The exercise of this name. Raises `KeyError` where there is none."""
    return load(files()[name].read_text(encoding="utf-8"), name)


def chapter_of(path: Path) -> int:
    """The number of the chapter that the exercise in this file belongs to."""
    return int(path.parent.name)
