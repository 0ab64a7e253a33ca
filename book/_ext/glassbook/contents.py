"""The table of contents: `contents.toml` says what the book has and will have.

`{contents}` shows all parts and chapters, and marks those that are still to come; `{lane}`
shows one of the shorter ways through them. What the reader has done is marked by the page's
script, in places that are made here.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinx.util.docutils import SphinxDirective

from glassbook import chapters, exercises

FILE = "contents.toml"

# What the reader has done in all chapters.
PANEL = '<div class="progress-panel" data-progress-panel hidden></div>'


@dataclass(frozen=True)
class Entry:
    """A chapter in the contents; `document` is its place in the book, whether written or not."""

    number: int
    title: str
    promise: str
    document: str

    def written(self, book: Path) -> bool:
        """Whether the chapter is there yet."""
        return (book / f"{self.document}.md").exists()


@dataclass(frozen=True)
class Part:
    """A part of the book and its chapters."""

    number: int
    title: str
    promise: str
    chapters: list[Entry]


def read(book: Path) -> tuple[list[Part], dict[str, list[int]]]:
    """The parts of the book, and the lanes as lists of chapter numbers."""
    data = tomllib.loads((book / FILE).read_text(encoding="utf-8"))
    parts = []
    for number, part in enumerate(data["part"]):
        entries = [
            Entry(chapter["number"], chapter["title"], chapter["promise"], _document(part, chapter))
            for chapter in part["chapter"]
        ]
        parts.append(Part(number, part["title"], part["promise"], entries))
    return parts, data["lanes"]


def _document(part: dict[str, Any], chapter: dict[str, Any]) -> str:
    return f"{part['folder']}/{chapter['number']:02}-{chapter['file']}"


class FromContents(SphinxDirective):
    """What the two directives share: the file, and links into it."""

    def book(self) -> Path:
        self.env.note_dependency(FILE)
        return Path(self.env.srcdir)

    def link(self, entry: Entry) -> nodes.Node:
        """A link to a chapter, or its bare title while there is none."""
        title = nodes.inline("", entry.title)
        if not entry.written(self.book()):
            return title
        return addnodes.pending_xref(
            "",
            title,
            refdomain="std",
            reftype="doc",
            reftarget=f"/{entry.document}",
            refexplicit=True,
            refwarn=True,
            refdoc=self.env.docname,
        )


class Contents(FromContents):
    """All parts and chapters."""

    def run(self) -> list[nodes.Node]:
        parts, _ = read(self.book())
        panel = nodes.raw("", PANEL, format="html")
        return [panel] + [
            node for part in parts for node in (self._part(part), *self._sidebar(part))
        ]

    def _sidebar(self, part: Part) -> list[nodes.Node]:
        """The entries of the part's written chapters in the navigation beside each page."""
        written = [entry.document for entry in part.chapters if entry.written(self.book())]
        if not written:
            return []
        lines = ["```{toctree}", ":hidden:", f":caption: {part.title}", "", *written, "```"]
        return self.parse_text_to_nodes("\n".join(lines))

    def _part(self, part: Part) -> nodes.Node:
        title = f"Part {part.number} — {part.title}"
        section = nodes.container(classes=["contents-part"])
        section += nodes.rubric("", title, **{"heading-level": 3})
        section += nodes.paragraph("", "", *self.parse_inline(part.promise)[0])
        items = nodes.bullet_list(classes=["contents-chapters"])
        for entry in part.chapters:
            items += self._chapter(entry)
        section += items
        return section

    def _chapter(self, entry: Entry) -> nodes.Node:
        written = entry.written(self.book())
        first = nodes.paragraph(classes=["contents-title"])
        first += nodes.inline("", f"{entry.number} ", classes=["contents-number"])
        first += self.link(entry)
        if not written:
            first += nodes.inline("", " coming", classes=["contents-coming"])
        item = nodes.list_item(classes=["contents-chapter", "written" if written else "coming"])
        promise, _ = self.parse_inline(entry.promise)
        item += [first, nodes.paragraph("", "", *promise, classes=["contents-promise"])]
        if written:
            item += self._progress(entry)
        return item

    def _progress(self, entry: Entry) -> nodes.raw:
        """The place for what the reader has done, and how much there is to be done."""
        self.env.note_dependency(f"{entry.document}.md")
        text = (self.book() / f"{entry.document}.md").read_text(encoding="utf-8")
        asked = [token.info.strip() for token in chapters.directives(text)]
        html = (
            f'<p class="progress-marks" data-progress="{entry.document}.html" '
            f'data-predictions="{asked.count("{predict}")}" '
            f'data-exercises="{" ".join(exercises.named_in(text))}" hidden></p>'
        )
        return nodes.raw("", html, format="html")


class Lane(FromContents):
    """One way through the book: `{lane} mechanism`."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        parts, lanes = read(self.book())
        if self.arguments[0] not in lanes:
            known = ", ".join(lanes)
            raise ExtensionError(
                f"{self.get_location()}: no lane {self.arguments[0]!r} in {FILE}: it has {known}"
            )
        entries = {entry.number: entry for part in parts for entry in part.chapters}
        items = nodes.bullet_list(classes=["lane"])
        for number in lanes[self.arguments[0]]:
            text = nodes.paragraph()
            text += nodes.inline("", f"{number} ", classes=["contents-number"])
            text += self.link(entries[number])
            items += nodes.list_item("", text)
        return [items]


def setup(app: Sphinx) -> None:
    """Register what this module defines."""
    app.add_directive("contents", Contents)
    app.add_directive("lane", Lane)
