"""Record the traces that the book shows: one file for each cell with `:trace:`, in build/traces.

Cells run where a reader's would, in Pyodide under Node; those that need the real operating system
run in this Python. A chapter whose cells are as they were is not recorded again.
"""

from __future__ import annotations

import hashlib
import shutil
import sys
from pathlib import Path

BOOK = Path(__file__).parent
sys.path[:0] = [str(BOOK / "_ext"), str(BOOK.parent / "tools")]

from glassbook import chapters, running, traces  # noqa: E402 - the path above is what finds them
from machine import find_node  # noqa: E402

STAMP = ".cells"
# What a trace depends on besides the chapter's cells.
RECORDER = (running.ROOT / "src" / "glassloop", running.RUN_CELLS)


def main() -> int:
    """Record what has changed; returns the exit status."""
    traces.RECORDED.mkdir(parents=True, exist_ok=True)
    recorder = _fingerprint(RECORDER)
    loaded = [chapters.load(path) for path in chapters.all_chapters()]
    wanted = [chapter for chapter in loaded if any(cell.traced for cell in chapter.cells)]
    due = [chapter for chapter in wanted if not _is_recorded(chapter, recorder)]
    _forget_all_but(wanted)
    if not due:
        return 0
    node = find_node()
    if node is None:
        sys.exit("There is no Node 20 or newer here. `make read` once sets up what this needs.")
    outcomes = running.in_pyodide(node, due, traces=True)
    return max(
        _write(chapter, found, recorder) for chapter, found in zip(due, outcomes, strict=True)
    )


def _write(chapter: chapters.Chapter, outcomes: list[running.Outcome], recorder: str) -> int:
    if any(cell.traced and not cell.simulated for cell in chapter.cells):
        here = running.in_python(sys.executable, chapter, sys.version_info[:2], traces=True)
        simulated = {outcome["name"] for outcome in outcomes}
        outcomes = outcomes + [outcome for outcome in here if outcome["name"] not in simulated]
    if problems := running.problems(chapter, outcomes, "the browser's Python"):
        print("\n".join(problems), "Run `make outputs`.", sep="\n")
        return 1
    folder = _folder(chapter)
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for outcome in outcomes:
        if "trace" in outcome:
            path = folder / f"{outcome['name']}.jsonl"
            path.write_text(outcome["trace"], encoding="utf-8")
    (folder / STAMP).write_text(_cells_of(chapter, recorder))
    return 0


def _is_recorded(chapter: chapters.Chapter, recorder: str) -> bool:
    stamp = _folder(chapter) / STAMP
    return stamp.is_file() and stamp.read_text() == _cells_of(chapter, recorder)


def _cells_of(chapter: chapters.Chapter, recorder: str) -> str:
    cells = [(cell.name, cell.source, sorted(cell.options.items())) for cell in chapter.cells]
    return hashlib.sha256(f"{recorder} {cells}".encode()).hexdigest()


def _fingerprint(places: tuple[Path, ...]) -> str:
    total = hashlib.sha256()
    for place in places:
        for path in sorted(place.rglob("*.py")) if place.is_dir() else [place]:
            total.update(path.read_bytes())
    return total.hexdigest()


def _forget_all_but(wanted: list[chapters.Chapter]) -> None:
    kept = {_folder(chapter) for chapter in wanted}
    for stamp in list(traces.RECORDED.rglob(STAMP)):
        if stamp.parent not in kept:
            shutil.rmtree(stamp.parent)


def _folder(chapter: chapters.Chapter) -> Path:
    return traces.RECORDED / _name(chapter)


def _name(chapter: chapters.Chapter) -> str:
    return chapter.path.relative_to(BOOK).with_suffix("").as_posix()


if __name__ == "__main__":
    sys.exit(main())
