"""An exercise: what a reader is given, what is asked, and attempts that are known to be wrong."""

from __future__ import annotations

import random
import re
from dataclasses import dataclass
from functools import cached_property

from glassloop.exercises.files import SETTINGS, ExerciseError, Source, names_in
from glassloop.exercises.orders import lines_of
from glassloop.exercises.starters import starter_of

__all__ = ["Attempt", "Exercise", "ExerciseError", "load"]

# What is asked, by form.
FORMS = {
    "write": "write a program",
    "repair": "repair a program",
    "parsons": "put the lines in order",
    "order": "predict the order",
}

PROGRAM = "program"  # the function of the file whose printed lines are to be put in order


@dataclass(frozen=True)
class Attempt:
    """An attempt that is known to be wrong, and the message that it must earn."""

    name: str
    text: str
    message: str


@dataclass(frozen=True)
class Exercise:
    """One exercise; its texts are made of the file when they are asked for."""

    name: str
    source: Source

    @property
    def title(self) -> str:
        return self.source.title

    @property
    def task(self) -> str:
        """What is to be done, in Markdown."""
        return self.source.task

    @cached_property
    def form(self) -> str:
        """One of `FORMS`."""
        return str(self.source.setting("form"))

    @property
    def hints(self) -> list[str]:
        """One idea each, in Markdown."""
        return list(self.source.setting("hints"))

    @property
    def forbidden(self) -> dict[str, str]:
        """What the attempt must not use, each with what is said of it."""
        return dict(self.source.setting("forbidden"))

    @cached_property
    def names(self) -> list[str]:
        """What an attempt must define: the parameters of `check`."""
        return [] if self.form == "order" else self.source.parameters("check")

    @cached_property
    def starter(self) -> str:
        """What the reader begins with; the program whose order is asked for; no line for cards."""
        if self.form == "order":
            return self._program(PROGRAM)
        if self.form == "parsons":
            return ""
        parts = {name: self._given(name) for name in self.names}
        return self._assembled(parts)

    @cached_property
    def solution(self) -> str:
        """An attempt that passes."""
        if self.form == "order":
            return "\n".join(self.truth)
        if self.form == "parsons":
            return "\n".join(self._solution_lines)
        return self._assembled({name: self.source.source_of(name) for name in self.names})

    @cached_property
    def truth(self) -> list[str]:
        """The lines that the program prints, for exercises that ask for their order."""
        return lines_of(self._program(PROGRAM))

    @cached_property
    def cards(self) -> list[str]:
        """What is to be put in order, shuffled the same way every time, without indentation."""
        if self.form == "order":
            return _shuffled(self.truth, self.name)
        if self.form == "parsons":
            lines = [line.strip() for line in self._solution_lines]
            return _shuffled([*lines, *self.source.setting("distractors")], self.name)
        return []

    @cached_property
    def attempts(self) -> list[Attempt]:
        """The attempts that are known to be wrong."""
        return [self._attempt(name) for name in self.source.named("wrong_")]

    @cached_property
    def prelude(self) -> str:
        """The lines that stand above the reader's cards and are not shown: imports."""
        if self.form != "parsons":
            return ""
        return self.source.imports_for("\n".join(self._solution_lines))

    @property
    def _solution_lines(self) -> list[str]:
        text = "\n".join(self.source.without_docstring(name) for name in self.names)
        return [line for line in text.splitlines() if line.strip()]

    def _given(self, name: str) -> str:
        """What stands in the starter for one name."""
        prepared = "broken" if self.form == "repair" else "starter"
        candidates = [f"{prepared}_{name}"] + ([prepared] if name == self.names[0] else [])
        for candidate in candidates:
            if candidate in self.source.definitions:
                return _renamed(self.source.source_of(candidate), candidate, name)
        if self.form == "repair":
            return self.source.source_of(name)
        return starter_of(self.source.source_of(name))

    def _assembled(self, parts: dict[str, str]) -> str:
        """A whole text of imports, what is given, the parts, and what these call besides."""
        given = [self.source.source_of(name) for name in self.source.setting("given")]
        text = "\n\n\n".join([*given, *parts.values()])
        text += "".join(f"\n\n\n{self.source.source_of(name)}" for name in self._helpers(text))
        solutions = "\n".join(map(self.source.source_of, self.names))
        imports = self.source.imports_for(f"{text}\n{solutions}")
        return (f"{imports}\n\n\n" if imports else "") + text + "\n"

    def _helpers(self, text: str) -> list[str]:
        """The file's own functions and classes that `text` uses, and those that these use."""
        own = {"check", *self.names, *self.source.setting("given")}
        found: list[str] = []
        for name in self.source.definitions:
            if name in own or name.startswith(("wrong_", "broken", "starter")):
                continue
            if name in names_in("\n".join([text, *map(self.source.source_of, found)])):
                found.append(name)
        return found

    def _attempt(self, wrong: str) -> Attempt:
        message = self.source.docstring(wrong)
        if self.form == "order":
            return Attempt(wrong, "\n".join(lines_of(self._program(wrong))), message)
        about = next((name for name in self.names if wrong.startswith(f"wrong_{name}_")), None)
        about = about or self.names[0]
        text = _renamed(self.source.without_docstring(wrong), wrong, about)
        if self.form == "parsons":
            return Attempt(wrong, text, message)
        parts = {name: self.source.source_of(name) for name in self.names} | {about: text}
        return Attempt(wrong, self._assembled(parts), message)

    def _program(self, function: str) -> str:
        if function not in self.source.definitions:
            raise self.source.error(f"has no function `{function}`")
        body = self.source.body_of(function)
        imports = self.source.imports_for(body)
        return (f"{imports}\n\n" if imports else "") + body + "\n"


def load(text: str, name: str) -> Exercise:
    """The exercise that a file's text is. Raises `ExerciseError` where it is none."""
    try:
        exercise = Exercise(name, Source(text, name))
    except SyntaxError as error:
        raise ExerciseError(f"exercise {name} is no Python: {error}") from error
    for setting in SETTINGS:
        exercise.source.setting(setting)
    if exercise.form not in FORMS:
        raise exercise.source.error(f"has the form {exercise.form!r}; there are {', '.join(FORMS)}")
    for needed in [PROGRAM] if exercise.form == "order" else exercise.names:
        exercise.source.source_of(needed)
    return exercise


def _renamed(text: str, before: str, after: str) -> str:
    """A definition under another name."""
    return re.sub(rf"\b(def|class) {before}\b", rf"\1 {after}", text, count=1)


def _shuffled(lines: list[str], seed: str) -> list[str]:
    """The lines in another order, the same on every machine."""
    chance, cards = random.Random(seed), list(lines)
    while cards == lines and len(set(lines)) > 1:
        chance.shuffle(cards)
    return cards
