"""Proves every exercise in the browser's Python: see `glassloop.exercises.proof`."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tools")]

from machine import find_node  # noqa: E402 - the path above is what finds it

PROVE = ROOT / "web" / "tools" / "prove-exercises.mjs"


def main() -> int:
    """Run the command; returns its exit status."""
    node = find_node()
    if node is None:
        sys.exit("There is no Node 20 or newer here. `make read` once sets up what this needs.")
    files = sorted((ROOT / "exercises").glob("*/*.py"))
    texts = {path.stem: path.read_text(encoding="utf-8") for path in files}
    question = json.dumps({"source": str(ROOT / "src"), "exercises": texts})
    done = subprocess.run([node, PROVE], input=question, stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit("Node could not prove the exercises.")
    problems = json.loads(done.stdout)
    print("\n".join(problems) or f"{len(texts)} exercises are right in the browser's Python")
    return int(bool(problems))


if __name__ == "__main__":
    sys.exit(main())
