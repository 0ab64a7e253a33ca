"""The directives `{code-cell}` and `{output}`, and the HTML that they become."""

from __future__ import annotations

from typing import Any, ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

from glassbook import chapters, traces

NEEDS_OS = (
    "This cell needs the real operating system (threads, processes or sockets). "
    "What it printed was recorded when the book was made."
)


class cell(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes so
    """A cell and, once the transform has run, its output."""


class cell_output(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes so
    """What a cell printed."""


class CodeCell(SphinxDirective):
    """A cell of Python that the reader can run."""

    has_content = True
    option_spec: ClassVar[dict[str, Any]] = dict.fromkeys(chapters.OPTIONS, directives.unchanged)

    def run(self) -> list[nodes.Node]:
        number = self.env.temp_data["cells"] = self.env.temp_data.get("cells", 0) + 1
        name = self.options.get("name", str(number))
        source = "\n".join(self.content) + "\n"
        node = cell(name=name, source=source, options=dict(self.options))
        self.set_source_info(node)
        if "trace" in self.options:
            path = traces.path_of(self.config, self.env.docname, name)
            self.env.note_dependency(str(path))
            words, messages = self.parse_inline(self.options["trace"])
            node += [traces.trace_figure("", *words, path=str(path), chapter=self.env.docname)]
            node += messages
        return [node]


class Output(SphinxDirective):
    """What the cell above printed. `make outputs` writes it."""

    has_content = True

    def run(self) -> list[nodes.Node]:
        return [cell_output(text="\n".join(self.content) + "\n")]


class JoinOutputs(SphinxTransform):
    """Puts each output into the cell above it."""

    default_priority = 400

    def apply(self, **kwargs: Any) -> None:
        for output in list(self.document.findall(cell_output)):
            position = output.parent.index(output)
            owner = output.parent[position - 1] if position else None
            if isinstance(owner, cell):
                output.parent.remove(output)
                owner.insert(0, output)


def visit_cell(self: HTML5Translator, node: cell) -> None:
    """Open a cell: what page.js needs to run it stands in its data attributes."""
    name, options = node["name"], node["options"]
    data = {"data-cell": name}
    data |= {f"data-{key}": options[key] for key in ("needs", "python", "raises") if key in options}
    self.body.append(self.starttag(node, "div", CLASS="cell", IDS=[f"cell-{name}"], **data))
    source = self.highlighter.highlight_block(
        node["source"], "python", location=node, linespans=f"line-{name}"
    )
    self.body.append(f'<div class="cell-source">{source}</div>\n')
    if options.get("needs") == "os":
        self.body.append(f'<p class="cell-note">{NEEDS_OS}</p>\n')
    if not any(isinstance(child, cell_output) for child in node):
        self.body.append('<div class="cell-output" hidden><pre></pre></div>\n')


def depart_cell(self: HTML5Translator, node: cell) -> None:
    self.body.append("</div>\n")


def visit_output(self: HTML5Translator, node: cell_output) -> None:
    text = self.encode(node["text"])
    # The newline behind <pre> is HTML's own and not part of the text.
    self.body.append(f'<div class="cell-output"><pre>\n{text}</pre>')


def depart_output(self: HTML5Translator, node: cell_output) -> None:
    self.body.append("</div>\n")


def setup(app: Sphinx) -> None:
    """Register what this module defines."""
    app.add_node(cell, html=(visit_cell, depart_cell))
    app.add_node(cell_output, html=(visit_output, depart_output))
    app.add_directive("code-cell", CodeCell)
    app.add_directive("output", Output)
    app.add_transform(JoinOutputs)
