"""Every program of these tests prints the same in the browser's Python, run once under Node."""

import importlib
import json
import os
import subprocess
from pathlib import Path

import pytest
from lab.programs import PROGRAMS
from machine import PATH, find_node

HERE = Path(__file__).parent
ROOT = HERE.parents[1]

for path in sorted(HERE.glob("test_*.py")):
    if path != Path(__file__):
        importlib.import_module(f"lab.{path.stem}")

NAMES = [name for name, program in PROGRAMS.items() if program.in_a_browser]


@pytest.fixture(scope="module")
def printed_in_a_browser() -> dict[str, str]:
    """What each program prints, by its name."""
    node = find_node()
    if node is None or not (ROOT / "web" / "node_modules" / "pyodide").is_dir():
        pytest.skip("there is no Node, or no Pyodide in web/node_modules: `make test` brings both")
    chapters = [
        [
            {"name": name, "source": source, "simulate": True}
            for name, source in (
                *((str(number), source) for number, source in enumerate(PROGRAMS[program].before)),
                ("x", PROGRAMS[program].source),
            )
        ]
        for program in NAMES
    ]
    done = subprocess.run(
        [node, str(ROOT / "web" / "tools" / "run-cells.mjs")],
        input=json.dumps({"source": str(ROOT / "src"), "chapters": chapters}),
        capture_output=True,
        text=True,
        check=False,
        env=os.environ | {"PATH": PATH},
    )
    assert done.returncode == 0, done.stderr[-2000:]
    outcomes = json.loads(done.stdout)
    return {name: cells[-1]["text"] for name, cells in zip(NAMES, outcomes, strict=True)}


@pytest.mark.parametrize("name", NAMES)
def test_a_program_prints_the_same_in_a_browser(
    name: str, printed_in_a_browser: dict[str, str]
) -> None:
    program = PROGRAMS[name]
    expected = program.printed() if program.expected is None else program.expected
    assert printed_in_a_browser[name] == expected
