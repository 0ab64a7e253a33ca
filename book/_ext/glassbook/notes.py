"""The three kinds of note: `{misconception}`, `{since}` and `{lie}`."""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective


class Note(SphinxDirective):
    """A titled box; each kind says how its title is made."""

    has_content = True
    kind: str

    def run(self) -> list[nodes.Node]:
        title, messages = self.parse_inline(self.title())
        node = nodes.admonition(classes=[self.kind])
        node += nodes.title("", "", *title)
        node += self.parse_content_to_nodes()
        return [node, *messages]

    def title(self) -> str:
        raise NotImplementedError


class Misconception(Note):
    """A false belief, as people say it; the text and the cell beside it say what is true."""

    kind = "misconception"
    required_arguments = 1
    final_argument_whitespace = True

    def title(self) -> str:
        return f"“{self.arguments[0]}”"


class Since(Note):
    """What came with a version of Python."""

    kind = "since"
    required_arguments = 1

    def title(self) -> str:
        return f"Since Python {self.arguments[0]}"


class Lie(Note):
    """What the model of this chapter leaves out, and where the book puts it right."""

    kind = "lie"

    def title(self) -> str:
        return "What this picture leaves out"


def setup(app: Sphinx) -> None:
    """Register what this module defines."""
    for directive in (Misconception, Since, Lie):
        app.add_directive(directive.kind, directive)
