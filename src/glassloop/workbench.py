"""Exercises in a terminal: a file in the reader's folder, checked on every save.

The folder holds the reader's attempts, one file each, and progress.json, which says in plain words
what was tried and solved. A file that is there is never written over.
"""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import textwrap
from collections.abc import Callable, Collection, Iterable, Iterator
from itertools import groupby, zip_longest
from pathlib import Path

from glassloop.exercises import Exercise, Verdict, shelf
from glassloop.exercises.apart import judge_apart, record_apart
from glassloop.exercises.exercise import FORMS
from glassloop.trace import page

PROGRESS = "progress.json"
MARKS = {"solved": "✓", "tried": "…", "new": " "}

HOW = {
    "write": "Write it in this file.",
    "repair": "Repair it in this file.",
    "parsons": "Bring these lines in order and indent them. Leave out those that belong nowhere.",
    "order": "Bring the lines at the end of this file in the order in which they are printed.",
}


class Progress:
    """What the reader has tried and solved, by the names of exercises."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / PROGRESS
        text = self._path.read_text(encoding="utf-8") if self._path.exists() else "{}"
        self._entries: dict[str, dict[str, int | bool]] = json.loads(text)

    def number(self, name: str, what: str) -> int:
        """How many "attempts" or "hints" there were."""
        return int(self._entries.get(name, {}).get(what, 0))

    def state(self, name: str) -> str:
        """One of `MARKS`."""
        entry = self._entries.get(name, {})
        return "solved" if entry.get("solved") else "tried" if entry.get("attempts") else "new"

    def note(self, name: str, **changes: int | bool) -> None:
        """Change what is known of an exercise, and write it down."""
        self._entries[name] = {"solved": False, "attempts": 0, "hints": 0} | (
            self._entries.get(name, {}) | changes
        )
        self._path.parent.mkdir(parents=True, exist_ok=True)
        self._path.write_text(json.dumps(self._entries, indent=2) + "\n", encoding="utf-8")


class Bench:
    """One exercise on the reader's desk."""

    def __init__(self, exercise: Exercise, folder: Path) -> None:
        self.exercise = exercise
        self.progress = Progress(folder)
        ending = "txt" if exercise.form == "order" else "py"
        self.file = folder / f"{exercise.name}.{ending}"

    def lay_out(self) -> bool:
        """Write the file to begin with; False where there is one, which is left as it is."""
        if self.file.exists():
            return False
        self.file.parent.mkdir(parents=True, exist_ok=True)
        self.file.write_text(self._sheet(), encoding="utf-8")
        return True

    @property
    def attempt(self) -> str:
        """What the reader has made of it. The lines of the file are those of the attempt."""
        text = self.file.read_text(encoding="utf-8")
        if self.exercise.form != "order":
            return text
        return "\n".join(line for line in text.splitlines() if line and not line.startswith("#"))

    @property
    def is_untouched(self) -> bool:
        """Whether the file is what was laid out."""
        return self.file.read_text(encoding="utf-8") == self._sheet()

    def check(self) -> Verdict:
        """Judge the attempt, and note how that ended."""
        verdict = judge_apart(self.exercise, self.attempt)
        name, attempts = self.exercise.name, self.progress.number(self.exercise.name, "attempts")
        if verdict.kind == "passed":
            self.progress.note(name, attempts=attempts + 1, solved=True)
        elif not self.is_untouched:
            self.progress.note(name, attempts=attempts + 1)
        return verdict

    def _sheet(self) -> str:
        exercise = self.exercise
        task = f"{exercise.title}\n\n{exercise.task}\n{HOW[exercise.form]}"
        head = textwrap.indent(task, "# ", lambda line: True).replace("# \n", "#\n")
        if exercise.form == "order":
            program = textwrap.indent(exercise.starter, "#     ", lambda line: True)
            head += "\n#\n" + program.replace("#     \n", "#\n").rstrip()
        return f"{head}\n\n" + (
            "\n".join(exercise.cards) + "\n" if exercise.cards else exercise.starter
        )


def run(options: argparse.Namespace, show: Callable[[Path], object]) -> int:
    """Do what the options of `glassloop exercise` say; `show` opens a page."""
    known = shelf.files()
    if not known:
        return _complain("There are no exercises here: this installation has been packed without.")
    if options.name is None:
        print("\n".join(listing(known, Progress(options.folder))))
        return 0
    if options.name not in known:
        return _complain(f"There is no exercise {options.name}.{_near(options.name, known)}")
    bench = Bench(shelf.find(options.name), options.folder)
    if options.hint:
        return _hint(bench)
    if options.solution:
        return _solution(bench)
    is_new = bench.lay_out()
    print(f"{'Written' if is_new else 'Here is your attempt'}: {bench.file}")
    if options.step:
        return _step(bench, show)
    if options.once:
        return int(not _report(bench))
    return _keep_checking(bench, is_new)


def listing(known: dict[str, Path], progress: Progress) -> Iterator[str]:
    """All exercises by chapter, with what was solved."""
    for chapter, group in groupby(known.values(), shelf.chapter_of):
        names = [path.stem for path in group]
        solved = sum(progress.state(name) == "solved" for name in names)
        yield f"Chapter {chapter}: {solved} of {len(names)} solved"
        for name in names:
            exercise = shelf.find(name)
            mark = MARKS[progress.state(name)]
            yield f"  {mark} {name:<28} {exercise.title.replace('`', '')} ({FORMS[exercise.form]})"
        yield ""
    yield "Begin with one: glassloop exercise NAME"


def _hint(bench: Bench) -> int:
    """Print one hint more than the last time, with those before."""
    name, hints = bench.exercise.name, bench.exercise.hints
    count = min(bench.progress.number(name, "hints") + 1, len(hints))
    bench.progress.note(name, hints=count)
    for number, hint in enumerate(hints[:count], 1):
        print(textwrap.fill(f"{number}. {hint}", _width(), subsequent_indent="   "))
    if count == len(hints):
        print("That was the last hint.")
    return 0


def _solution(bench: Bench) -> int:
    """Print the reader's attempt and the solution, beside each other where there is room."""
    name = bench.exercise.name
    if bench.progress.state(name) == "new":
        return _complain("The solution is shown after an attempt. A hint: --hint")
    solution = bench.exercise.solution
    print("\n".join(beside("Your attempt", bench.attempt, "A solution", solution, _width())))
    return 0


def beside(title: str, text: str, other_title: str, other: str, width: int) -> Iterator[str]:
    """Two texts in columns, or one under the other where a line would be wider than `width`."""
    left = [title, "-" * len(title), *text.splitlines()]
    right = [other_title, "-" * len(other_title), *other.splitlines()]
    column = max(map(len, left))
    if column + 3 + max(map(len, right)) > width:
        yield from [*left, "", *right]
        return
    for one, two in zip_longest(left, right, fillvalue=""):
        yield f"{one:<{column}} | {two}".rstrip()


def _step(bench: Bench, show: Callable[[Path], object]) -> int:
    """Record the attempt while it is checked, and open the viewer."""
    trace = record_apart(bench.exercise, bench.attempt)
    if trace is None or not trace.events:
        _report(bench)
        return _complain("There is nothing to step through: see above.")
    target = bench.file.with_suffix(".trace.html")
    try:
        pieces = page.pieces(trace)
    except page.NoViewer as error:
        return _complain(str(error))
    with target.open("w", encoding="utf-8") as opened:
        opened.writelines(pieces)
    print(f"The trace of your attempt is in {target}.")
    show(target)
    return 0


def _keep_checking(bench: Bench, is_new: bool) -> int:
    """Check now, unless the file is new, and on every save until it is solved."""
    try:
        from watchfiles import watch
    except ModuleNotFoundError:
        _report(bench)
        return _complain(
            "To check on every save, Glassloop needs watchfiles. "
            "Install it with: pip install 'glassloop[exercise]'"
        )
    folder, name = bench.file.parent, bench.file.name
    # It also comes back without changes: what was saved before it began to watch is seen then.
    saves = watch(
        folder,
        watch_filter=lambda change, path: Path(path).name == name,
        yield_on_timeout=True,
        rust_timeout=500,
    )
    return check_on(saves, bench, is_new)


def check_on(saves: Iterable[Collection[object]], bench: Bench, is_new: bool) -> int:
    """Check after each of `saves`, until the exercise is solved; an empty one may be none."""
    if not is_new and _report(bench):
        return 0
    checked = bench.attempt
    print("It is checked on every save. Ctrl+C ends it. Other words: --hint, --step", flush=True)
    for changes in saves:
        if bench.file.exists() and (changes or bench.attempt != checked):
            checked = bench.attempt
            if _report(bench):
                break
    return 0


def _report(bench: Bench) -> bool:
    """Check and print the verdict; returns whether the exercise is solved."""
    verdict = bench.check()
    print("\n".join(["", *in_words(verdict, bench.file)]), flush=True)
    if verdict.kind == "passed":
        print(_after(bench.exercise.name))
    return verdict.kind == "passed"


def in_words(verdict: Verdict, file: Path) -> Iterator[str]:
    """The verdict as lines for a terminal; an order that is to be predicted is not given away."""
    spoils = verdict.kind != "passed" and file.suffix == ".txt"
    if verdict.output and not spoils:
        yield from textwrap.indent(verdict.output.rstrip("\n"), "  | ").splitlines()
    place = f" ({file.name}, line {verdict.line})" if verdict.line else ""
    if verdict.kind == "passed":
        yield "✓ Solved." + (f" {verdict.message}" if verdict.message else "")
        return
    first, *rest = verdict.message.splitlines()
    yield from textwrap.wrap(f"✗ {first}{place}", _width(), subsequent_indent="  ")
    yield from (f"  {line}" for line in rest)


def _after(name: str) -> str:
    names = list(shelf.files())
    following = names[names.index(name) + 1 : names.index(name) + 2]
    more = "Another way to write it: --solution. "
    return more + (
        f"Next: glassloop exercise {following[0]}" if following else "That was the last."
    )


def _near(name: str, known: Iterable[str]) -> str:
    from difflib import get_close_matches

    near = get_close_matches(name, list(known), 1)
    return f" Did you mean {near[0]}?" if near else " All of them: glassloop exercise"


def _width() -> int:
    return shutil.get_terminal_size().columns


def _complain(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1
