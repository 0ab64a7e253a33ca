"""`glassloop exercise` as a reader uses it: list, begin, check, hint, solution, step."""

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from glassloop import cli, workbench
from glassloop.exercises import Verdict, shelf

ROOT = Path(__file__).parents[2]
NAME = "twice-over-once"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COLUMNS", "100")
    return tmp_path / "mine"


def exercise(folder: Path, *words: str) -> int:
    return cli.main(["exercise", "--folder", str(folder), *words])


def solve(folder: Path, name: str = NAME) -> None:
    file = folder / f"{name}.py"
    file.write_text(shelf.find(name).solution)


def progress(folder: Path) -> dict[str, dict[str, int]]:
    return json.loads((folder / "progress.json").read_text())


def test_the_list_shows_each_chapter_and_what_is_solved(folder, capsys):
    exercise(folder, NAME, "--once")
    solve(folder)
    exercise(folder, NAME, "--once")
    capsys.readouterr()
    assert exercise(folder) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "Chapter 2: 1 of 4 solved" in lines
    assert "Chapter 4: 0 of 5 solved" in lines
    (line,) = [line for line in lines if NAME in line]
    assert line == f"  ✓ {NAME:<28} A share that comes out as nothing (repair a program)"


def test_an_exercise_begins_with_a_file_that_fails_with_help(folder, capsys):
    assert exercise(folder, NAME, "--once") == 1
    file = folder / f"{NAME}.py"
    out = capsys.readouterr().out
    assert out.startswith(f"Written: {file}\n\n✗ For a `map` object with the values 1, 1 and 2")
    assert f"({file.name}, line 10)" in out
    assert file.read_text().splitlines()[9] == "def shares(weights):"


def test_what_is_solved_says_so_and_names_the_next(folder, capsys):
    exercise(folder, NAME, "--once")
    solve(folder)
    assert exercise(folder, NAME, "--once") == 0
    out = capsys.readouterr().out
    assert "✓ Solved.\n" in out
    assert out.endswith("Next: glassloop exercise who-is-asked-when\n")
    assert progress(folder) == {NAME: {"solved": True, "attempts": 1, "hints": 0}}


def test_an_attempt_is_never_written_over(folder):
    exercise(folder, NAME, "--once")
    file = folder / f"{NAME}.py"
    file.write_text("mine")
    exercise(folder, NAME, "--once")
    assert file.read_text() == "mine"


def test_hints_come_one_more_each_time(folder, capsys):
    hints = shelf.find(NAME).hints
    for count in (1, 2, 2):
        exercise(folder, NAME, "--hint")
        out = capsys.readouterr().out
        assert [hint[:20] in out for hint in hints] == [True, count == 2]
    assert out.endswith("That was the last hint.\n")
    assert progress(folder)[NAME]["hints"] == 2


def test_the_solution_comes_after_an_attempt_alone(folder, capsys):
    exercise(folder, NAME, "--once")
    assert exercise(folder, NAME, "--solution") == 1
    assert "after an attempt" in capsys.readouterr().err
    (folder / f"{NAME}.py").write_text("def shares(weights): return []\n")
    exercise(folder, NAME, "--once")
    capsys.readouterr()
    assert exercise(folder, NAME, "--solution") == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split(" | ") == ["Your attempt                  ", "A solution"]
    assert lines[2].startswith("def shares(weights): return [] | def shares(weights):")


def test_two_texts_too_wide_for_the_terminal_stand_under_each_other():
    shown = list(workbench.beside("Yours", "a" * 30, "Ours", "b" * 30, width=60))
    assert shown == ["Yours", "-----", "a" * 30, "", "Ours", "----", "b" * 30]


def test_a_step_writes_a_page_and_opens_it(folder, monkeypatch, capsys):
    opened = []
    monkeypatch.setattr(cli, "open_page", opened.append)
    exercise(folder, NAME, "--once")
    assert exercise(folder, NAME, "--step") == 0
    target = folder / f"{NAME}.trace.html"
    assert opened == [target]
    assert "<code>shares</code> is called" in target.read_text()


def test_an_order_is_not_given_away(folder, capsys):
    name = "who-works-when"
    assert exercise(folder, name, "--once") == 1
    assert "  | " not in capsys.readouterr().out
    file = folder / f"{name}.txt"
    head = [line for line in file.read_text().splitlines() if line.startswith("#")]
    file.write_text("\n".join([*head, "", *shelf.find(name).truth, ""]))
    assert exercise(folder, name, "--once") == 0
    assert "  | alarm at 23" in capsys.readouterr().out


def test_cards_are_lines_to_be_put_in_order(folder):
    exercise(folder, "batches", "--once")
    file = folder / "batches.py"
    lines = [line for line in file.read_text().splitlines() if line and not line.startswith("#")]
    assert lines == shelf.find("batches").cards
    solve(folder, "batches")
    assert exercise(folder, "batches", "--once") == 0


def test_a_name_that_is_not_there_is_told_with_one_that_is(folder, capsys):
    assert exercise(folder, "peekabel") == 1
    assert capsys.readouterr().err == ("There is no exercise peekabel. Did you mean peekable?\n")


def test_it_is_checked_after_every_save_until_it_is_solved(folder, capsys):
    bench = workbench.Bench(shelf.find(NAME), folder)
    bench.lay_out()

    def saves():
        yield set()
        bench.file.write_text("def shares(weights): return 1\n")
        yield {"saved"}
        yield set()
        solve(folder)
        yield set()
        raise AssertionError("it went on after it was solved")

    assert workbench.check_on(saves(), bench, is_new=True) == 0
    out = capsys.readouterr().out
    assert out.index("should be [0.25, 0.25, 0.5], but is 1") < out.index("✓ Solved.")
    assert progress(folder)[NAME]["attempts"] == 2


def test_a_real_save_is_noticed(folder):
    command = [sys.executable, "-u", "-m", "glassloop.cli", "exercise", "--folder", folder, NAME]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as running:
        for line in running.stdout:
            if line.startswith("It is checked on every save."):
                solve(folder)
            if line.startswith("✓"):
                break
        assert running.wait(timeout=20) == 0


def test_without_the_watching_library_it_is_checked_once(folder, monkeypatch, capsys):
    monkeypatch.setitem(sys.modules, "watchfiles", None)
    assert exercise(folder, NAME) == 1
    shown = capsys.readouterr()
    assert "✗ For a `map` object" in shown.out
    assert "pip install 'glassloop[exercise]'" in shown.err


def test_output_and_line_are_told_with_the_message():
    verdict = Verdict("error", "NameError: no\nIt happened there", 3, "one\ntwo\n")
    assert list(workbench.in_words(verdict, Path("lift.py"))) == [
        "  | one",
        "  | two",
        "✗ NameError: no (lift.py, line 3)",
        "  It happened there",
    ]


@pytest.mark.parametrize("for_pages", [False, True])
def test_a_wheel_brings_the_exercises_but_for_the_pages(tmp_path, monkeypatch, for_pages):
    if for_pages:
        monkeypatch.setenv("GLASSLOOP_FOR_PAGES", "1")
    build = [sys.executable, "-m", "hatchling", "build", "--target", "wheel"]
    subprocess.run([*build, "--directory", tmp_path], cwd=ROOT, check=True, capture_output=True)
    (wheel,) = tmp_path.glob("*.whl")
    start = "glassloop/exercises/book/"
    packed = [name for name in zipfile.ZipFile(wheel).namelist() if name.startswith(start)]
    there = [f"{start}{path.parent.name}/{path.name}" for path in shelf.files().values()]
    assert sorted(packed) == ([] if for_pages else sorted(there))
