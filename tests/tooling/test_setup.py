"""What `make` says and does on its way: an old Python, missing programs, failing and idle steps."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import machine
import progress
import pytest
import setup
import steps

ROOT = Path(__file__).resolve().parents[2]
TOO_OLD = ("3.10", "3.9", "3.8", "3.7", "3.6")
VERBS = (
    "help",
    "read",
    "chat",
    "test",
    "check",
    "observer",
    "conformance",
    "conformance-peers",
    "outputs",
    "bench",
    "clean",
)


def old_python() -> str | None:
    """A Python older than 3.11 on this machine, or None."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv")) / "versions"
    folders = [f"{pyenv}/{folder.name}/bin" for folder in pyenv.glob("3.*")]
    path = os.pathsep.join([*folders, "/usr/bin", "/usr/local/bin"])
    return next(
        (found for old in TOO_OLD if (found := shutil.which(f"python{old}", path=path))), None
    )


def test_a_python_that_is_too_old_hears_what_to_do() -> None:
    assert setup.complaint((3, 9, 18), "/usr/bin/python3", "read") == (
        "Glassloop needs Python 3.11 or newer; python3 is 3.9.18. "
        "Install a newer one, or name one: make read PYTHON=python3.12"
    )


@pytest.mark.parametrize("version", [(3, 11, 0), (3, 14, 2), (4, 0, 0)])
def test_a_python_that_will_do_hears_nothing(version: tuple[int, ...]) -> None:
    assert setup.complaint(version, "/usr/bin/python3", "read") is None


def test_an_old_python_can_read_the_script_that_turns_it_away() -> None:
    python = old_python()
    if python is None:
        pytest.skip("this machine has no Python older than 3.11")
    tried = subprocess.run(
        [python, ROOT / "tools" / "setup.py", "test"], capture_output=True, text=True, check=False
    )
    assert tried.returncode == 1
    assert tried.stderr.startswith("Glassloop needs Python 3.11 or newer; python3.")
    assert tried.stderr.endswith("make test PYTHON=python3.12\n")


def run_make(*words: str) -> subprocess.CompletedProcess[str]:
    """Runs make as from a terminal, also where a make is running these tests."""
    outside = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    return subprocess.run(
        ["make", *words], cwd=ROOT, env=outside, capture_output=True, text=True, check=False
    )


def test_a_python_that_is_not_there_is_named() -> None:
    tried = run_make("read", "PYTHON=python3.99")
    assert tried.returncode == 2
    assert tried.stderr.startswith("There is no python3.99 here. Install Python 3.11 or newer")


def test_make_help_lists_every_verb() -> None:
    lines = run_make("help").stdout.splitlines()
    assert [line.split()[1] for line in lines] == list(VERBS)


def test_an_unknown_verb_is_refused() -> None:
    with pytest.raises(SystemExit, match="There is no verb 'dance' here; `make help` lists them"):
        steps.prepare("dance")


@pytest.fixture
def bare_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A machine where nothing is installed or can be; gives the one folder of its programs."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.delenv("GLASSLOOP_CHROMIUM", raising=False)
    monkeypatch.setattr(machine, "CHROMIUM_ON_A_MAC", str(tmp_path / "Google Chrome"))
    monkeypatch.setattr(machine, "PATH", str(tmp_path))
    monkeypatch.setattr(machine, "may_install", lambda: False)
    return tmp_path


def program(folder: Path, name: str, prints: str = "") -> Path:
    path = folder / name
    path.write_text(f"#!/bin/sh\necho '{prints}'\n")
    path.chmod(0o755)
    return path


def test_a_missing_chromium_is_asked_for(bare_machine: Path) -> None:
    with pytest.raises(SystemExit) as ended:
        machine.supply(machine.lacks_chromium())
    assert ended.value.code == (
        "This machine lacks:\n"
        "  Chromium or Chrome, in which the pages are tested; one that stands elsewhere "
        "can be named: make test GLASSLOOP_CHROMIUM=/path/to/chromium\n"
        "On Debian the command is: sudo apt-get install chromium fonts-dejavu-core"
    )


def test_chromium_is_found_by_any_of_its_names(bare_machine: Path) -> None:
    chrome = program(bare_machine, "google-chrome")
    assert machine.find_chromium() == str(chrome)
    assert machine.lacks_chromium() is None


def test_a_chromium_that_was_named_goes_first(
    bare_machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(bare_machine, "chromium")
    named = program(bare_machine, "my-chromium")
    monkeypatch.setenv("GLASSLOOP_CHROMIUM", str(named))
    assert machine.find_chromium() == str(named)


def test_a_chromium_that_was_named_and_is_not_there_is_not_replaced(
    bare_machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program(bare_machine, "chromium")
    monkeypatch.setenv("GLASSLOOP_CHROMIUM", "/nowhere/chromium")
    with pytest.raises(SystemExit, match="names /nowhere/chromium, and there is no such program"):
        machine.lacks_chromium()


def test_a_python_without_ensurepip_hears_which_package_has_it(
    bare_machine: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(machine.importlib.util, "find_spec", lambda name: None)
    package = f"python3.{sys.version_info.minor}-venv"
    with pytest.raises(SystemExit, match=f"sudo apt-get install {package}$"):
        machine.supply(machine.lacks_ensurepip())


def test_all_that_is_missing_is_told_at_once(bare_machine: Path) -> None:
    lacks = machine.Missing("a spoon", ("spoon",)), None, machine.Missing("a fork", ("fork",))
    with pytest.raises(SystemExit, match=r"a spoon\n  a fork\n.* apt-get install spoon fork$"):
        machine.supply(*lacks)


@pytest.mark.parametrize(
    ("prints", "will_do"), [("v20.0.0", True), ("v24.1.0", True), ("v18.20.4", False), ("", False)]
)
def test_a_node_must_be_20_or_newer(bare_machine: Path, prints: str, will_do: bool) -> None:
    program(bare_machine, "npm")
    node = program(bare_machine, "node", prints)
    assert machine.find_node() == (str(node) if will_do else None)


def test_a_node_without_its_npm_does_not_count(bare_machine: Path) -> None:
    program(bare_machine, "node", "v22.0.0")
    assert machine.find_node() is None


@pytest.fixture
def folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An empty repository."""
    monkeypatch.setattr(progress, "ROOT", tmp_path)
    monkeypatch.setattr(progress, "LOGS", tmp_path / "logs")
    return tmp_path


def test_a_step_is_one_line_and_its_noise_is_in_a_log(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with progress.step("Counting", "count") as run:
        run(sys.executable, "-c", "print('one two three')")
    assert capsys.readouterr().out == "Counting … 0 s\n"
    assert (folder / "logs" / "count.log").read_text().endswith("\none two three\n")


def test_a_failed_step_shows_the_end_of_its_log_and_ends_the_work(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def count() -> None:
        with progress.step("Counting", "count") as run:
            run(sys.executable, "-c", "print(*range(100), sep='\\n'); raise SystemExit(3)")
            run(sys.executable, "-c", "print('never reached')")

    with pytest.raises(SystemExit, match=r"All that it printed is in logs/count\.log"):
        count()
    shown = capsys.readouterr().out.splitlines()
    assert shown[0] == "Counting … failed"
    assert [line.strip() for line in shown[2:]] == [str(number) for number in range(75, 100)]


def test_a_fingerprint_changes_with_names_and_contents_and_not_with_what_tools_leave(
    folder: Path,
) -> None:
    source = folder / "web"
    for name in ("a.ts", "node_modules/b.js", "__pycache__/c.pyc"):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text("1")
    first = progress.digest(source)
    (source / "node_modules" / "b.js").write_text("2")
    (source / "__pycache__" / "c.pyc").write_text("2")
    assert progress.digest(source) == first
    (source / "a.ts").write_text("2")
    second = progress.digest(source)
    (source / "a.ts").rename(source / "b.ts")
    assert len({first, second, progress.digest(source)}) == 3


def test_a_stamp_vouches_for_what_it_was_written_for(folder: Path) -> None:
    stamp = progress.Stamp(folder / "stamps" / "book")
    assert not stamp.vouches_for("first")
    stamp.write("first")
    assert stamp.vouches_for("first")
    assert not stamp.vouches_for("second")
    stamp.forget()
    assert not stamp.vouches_for("first")


def test_all_pages_are_written_anew_for_new_tools_and_new_chapters_and_not_for_new_words(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "BUILD", folder / "build")
    monkeypatch.setattr(steps, "BOOK", folder / "book")
    monkeypatch.setattr(steps, "REQUIREMENTS", folder / "requirements")
    (folder / "book" / "_ext").mkdir(parents=True)
    chapter, extension = folder / "book" / "time.md", folder / "book" / "_ext" / "cells.py"
    chapter.write_text("first words")
    extension.write_text("first")
    rests_on = [steps.what_all_pages_rest_on()]
    chapter.write_text("other words")
    rests_on.append(steps.what_all_pages_rest_on())
    extension.write_text("second")
    rests_on.append(steps.what_all_pages_rest_on())
    chapter.rename(folder / "book" / "clocks.md")
    rests_on.append(steps.what_all_pages_rest_on())
    assert [each == rests_on[0] for each in rests_on] == [True, True, False, False]
    assert len(set(rests_on)) == 3
