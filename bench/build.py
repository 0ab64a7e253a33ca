"""How long Sphinx takes to build the book: from nothing, and after a change to one chapter."""

import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]


def main() -> None:
    """Print both times in seconds."""
    with tempfile.TemporaryDirectory() as folder:
        # A copy, so that the chapter can be changed. It finds assets and traces where they are.
        copy = Path(folder) / "book"
        shutil.copytree(ROOT / "book", copy)
        for name in ("build", "exercises", "src"):
            (Path(folder) / name).symlink_to(ROOT / name)
        print(f"from nothing:                  {build(copy):.1f} s")
        chapter = max(copy.glob("[0-9]*/*.md"))
        chapter.write_text(chapter.read_text(encoding="utf-8") + "\nOne more sentence.\n", "utf-8")
        print(f"after a change to one chapter: {build(copy):.1f} s")


def build(book: Path) -> float:
    """Build `book` and return the seconds it took."""
    out = book.parent / "site"
    started = time.perf_counter()
    command = [sys.executable, "-m", "sphinx", "-q", "-W", str(book), str(out)]
    subprocess.run(command, check=True)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
