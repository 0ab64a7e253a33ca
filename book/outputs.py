"""`make outputs`: run every cell and write what it prints under it.

Cells run in Pyodide under Node, which is what a reader's browser has; those that need the real
operating system run in this Python. With `--check` nothing is written, and differences are an
error. Chapters can be named; without names all are run.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

BOOK = Path(__file__).parent
sys.path[:0] = [str(BOOK / "_ext"), str(BOOK.parent / "tools")]

from glassbook import chapters, running  # noqa: E402 - the path above is what finds them
from machine import find_node  # noqa: E402


def main() -> int:
    """Run the command; returns its exit status."""
    arguments = _parser().parse_args()
    paths = arguments.chapters or chapters.all_chapters()
    try:
        loaded = [chapters.load(path) for path in paths]
    except chapters.ChapterError as error:
        sys.exit(str(error))
    outcomes = _run(loaded)
    act = _check if arguments.check else _write
    return max([act(chapter, found) for chapter, found in zip(loaded, outcomes, strict=True)])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Run the book's cells and record what they print.")
    parser.add_argument("chapters", nargs="*", type=Path, help="files of chapters (default: all)")
    parser.add_argument("--check", action="store_true", help="compare only, and write nothing")
    return parser


def _run(loaded: list[chapters.Chapter]) -> list[list[running.Outcome]]:
    """The outcomes of all cells, in the order of the chapters and of their cells."""
    node = find_node()
    if node is None:
        sys.exit("There is no Node 20 or newer here. `make read` once sets up what this needs.")
    everything = []
    for chapter, outcomes in zip(loaded, running.in_pyodide(node, loaded), strict=True):
        found = {outcome["name"]: outcome for outcome in outcomes}
        if any(not cell.simulated for cell in chapter.cells):
            here = running.in_python(sys.executable, chapter, sys.version_info[:2])
            found = {outcome["name"]: outcome for outcome in here} | found
        everything.append([found[cell.name] for cell in chapter.cells])
    return everything


def _check(chapter: chapters.Chapter, outcomes: list[running.Outcome]) -> int:
    found = running.problems(chapter, outcomes, "the browser's Python")
    print("\n".join(found) or f"{_name(chapter)}: {len(outcomes)} cells print what they should")
    return int(bool(found))


def _write(chapter: chapters.Chapter, outcomes: list[running.Outcome]) -> int:
    status = 0
    for cell, outcome in zip(chapter.cells, outcomes, strict=True):
        if ending := running.wrong_ending(cell, outcome):
            print(f"{chapter.path}:{cell.first + 1}: cell `{cell.name}` {ending}")
            status = 1
    text = chapters.with_outputs(chapter, {out["name"]: out["text"] for out in outcomes})
    changed = text != chapter.text
    if changed:
        chapter.path.write_text(text, encoding="utf-8")
    print(f"{_name(chapter)}: {len(outcomes)} cells, {'written' if changed else 'unchanged'}")
    return status


def _name(chapter: chapters.Chapter) -> str:
    return chapter.path.resolve().relative_to(BOOK).as_posix()


if __name__ == "__main__":
    sys.exit(main())
