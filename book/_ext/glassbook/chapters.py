"""A chapter as data: its cells, their options, and the outputs recorded under them.

One parser serves all who read a chapter: the page, `make outputs`, the tests, the notebook.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

from markdown_it import MarkdownIt
from markdown_it.token import Token

BOOK = Path(__file__).parents[2]

OPTIONS = {
    "name": "what the cell is called in links and tracebacks",
    "trace": "show the cell's run as a figure to be stepped; a value is its caption",
    "needs": "`os`: the cell needs the real operating system and runs where the book is made",
    "python": "the least version of Python that can run the cell, as in 3.12",
    "raises": "the exception that the cell is meant to end with",
}


class ChapterError(Exception):
    """Something in a chapter's source that has to be put right, and where."""

    def __init__(self, path: Path, line: int, problem: str) -> None:
        super().__init__(f"{path}:{line}: {problem}")


@dataclass(frozen=True)
class Output:
    """What stands under a cell; `first` and `last` are its lines in the file, counted from 0."""

    text: str
    first: int
    last: int


@dataclass(frozen=True)
class Cell:
    """A `{code-cell}`. Lines are counted from 0; `last` is the one behind its closing fence."""

    name: str
    source: str
    first: int
    last: int
    options: dict[str, str] = field(default_factory=dict)
    output: Output | None = None

    @property
    def simulated(self) -> bool:
        """Whether the lab's kernel is under the cell, so that a browser can run it."""
        return self.options.get("needs") != "os"

    @property
    def traced(self) -> bool:
        """Whether a trace of its run is shown in the page."""
        return "trace" in self.options

    @property
    def python(self) -> tuple[int, ...]:
        """The least version that can run the cell."""
        return tuple(int(part) for part in self.options.get("python", "3.11").split("."))


@dataclass(frozen=True)
class Chapter:
    """A Markdown file of the book and its cells in order."""

    path: Path
    text: str
    cells: list[Cell]


def load(path: Path) -> Chapter:
    """Read the chapter in `path`. Raises `ChapterError` where its cells are not right."""
    return parse(path.read_text(encoding="utf-8"), path)


def all_chapters(book: Path = BOOK) -> list[Path]:
    """The files of the book, in reading order."""
    return [book / "index.md", *sorted(book.glob("[0-9]*/*.md")), book / "playground.md"]


def parse(text: str, path: Path) -> Chapter:
    """The chapter that `text` is; `path` is named in errors."""
    cells: list[Cell] = []
    for token in directives(text):
        if token.info.strip() == "{output}":
            _attach_output(cells, token, path)
        elif token.info.strip() == "{code-cell}":
            cell = _cell(token, len(cells) + 1, path)
            if any(cell.name == other.name for other in cells):
                raise ChapterError(path, cell.first + 1, f"a second cell is named `{cell.name}`")
            cells.append(cell)
    return Chapter(path, text, cells)


def directives(text: str) -> Iterator[Token]:
    """The directives of a chapter, in order: `info` is the line that opens one."""
    for token in MarkdownIt("commonmark").parse(text):
        if token.type == "fence" and token.info.startswith("{"):
            yield token


def _lines(token: Token) -> tuple[int, int]:
    assert token.map is not None  # a fence always knows where it stands
    return token.map[0], token.map[1]


def _attach_output(cells: list[Cell], token: Token, path: Path) -> None:
    first, last = _lines(token)
    if not cells or cells[-1].output is not None:
        raise ChapterError(path, first + 1, "{output} without a {code-cell} before it")
    cells[-1] = replace(cells[-1], output=Output(token.content, first, last))


def _cell(token: Token, number: int, path: Path) -> Cell:
    first, last = _lines(token)
    lines = token.content.splitlines(keepends=True)
    options: dict[str, str] = {}
    while lines and lines[0].startswith(":"):
        name, _, value = lines.pop(0)[1:].partition(":")
        options[name] = value.strip()
        _check_option(name, options[name], path, first + len(options))
    source = "".join(lines).lstrip("\n")
    return Cell(options.get("name", str(number)), source, first, last, options)


def _check_option(name: str, value: str, path: Path, line: int) -> None:
    if name not in OPTIONS:
        near = difflib.get_close_matches(name, OPTIONS, 1)
        hint = f"did you mean `:{near[0]}:`?" if near else f"it has {_listed(OPTIONS)}"
        raise ChapterError(path, line + 1, f"{{code-cell}} has no option `:{name}:`; {hint}")
    if name == "needs" and value != "os":
        raise ChapterError(path, line + 1, f"`:needs:` takes `os`, not {value!r}")
    if name == "python" and not all(part.isdigit() for part in value.split(".")):
        raise ChapterError(
            path, line + 1, f"`:python:` takes a version such as 3.12, not {value!r}"
        )
    if name in ("name", "raises") and not value:
        raise ChapterError(path, line + 1, f"`:{name}:` needs a value: {OPTIONS[name]}")


def _listed(names: dict[str, str]) -> str:
    return ", ".join(f"`:{name}:`" for name in names)


def with_outputs(chapter: Chapter, outputs: dict[str, str]) -> str:
    """The chapter's text with `outputs` (by name of cell) under the cells; "" takes one away."""
    lines = chapter.text.splitlines(keepends=True)
    for cell in reversed(chapter.cells):
        block = _output_block(outputs[cell.name])
        if cell.output is not None:
            lines[cell.output.first : cell.output.last] = block
        else:
            lines[cell.last : cell.last] = block
    return "".join(lines)


def _output_block(text: str) -> list[str]:
    if not text:
        return []
    fence = "```"
    while fence in text:
        fence += "`"
    ending = "" if text.endswith("\n") else "\n"
    return [f"{fence}{{output}}\n", text + ending, f"{fence}\n"]
