"""The figures of `:trace:` cells: where their traces are kept, and the HTML that they become.

`book/traces.py` records them before the book is built. A page names a figure's file, which the
viewer fetches when the reader comes near; where no JavaScript runs, the sentences of the trace
stand in its place.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ExtensionError
from sphinx.writers.html5 import HTML5Translator

RECORDED = Path(__file__).parents[3] / "build" / "traces"
PUBLISHED = "_traces"

# In a sentence, the program's own names and values stand between backticks.
CODE = re.compile("`([^`]*)`")

MISSING = "there is no trace at {path}. `make read` records it, and so does book/traces.py."


class trace_figure(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes so
    """A recorded run; the words of its caption are its children."""


def path_of(config: Config, chapter: str, cell: str) -> Path:
    """The file of a cell's trace; `chapter` is its path in the book without the ending."""
    return Path(config.glassbook_traces) / chapter / f"{cell}.jsonl"


def visit_trace_figure(self: HTML5Translator, node: trace_figure) -> None:
    """Open a figure. Raises `ExtensionError` where its trace has not been recorded."""
    path, chapter = Path(node["path"]), node["chapter"]
    if not path.is_file():
        raise ExtensionError(f"{chapter}: {MISSING.format(path=path)}")
    up = "../" * chapter.count("/")
    address = f"{up}{PUBLISHED}/{chapter}/{path.name}"
    self.body.append(self.starttag(node, "figure", CLASS="cell-figure", **{"data-trace": address}))
    said = [CODE.sub(r"<code>\1</code>", self.encode(say)) for say in sentences(path)]
    items = "".join(f"<li>{sentence}</li>\n" for sentence in said)
    self.body.append(f'<noscript><ol class="trace-sentences">\n{items}</ol></noscript>\n')
    self.body.append("<figcaption>")


def depart_trace_figure(self: HTML5Translator, node: trace_figure) -> None:
    self.body.append("</figcaption></figure>\n")


def sentences(path: Path) -> Iterator[str]:
    """What the trace in this file says, step by step."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            event = json.loads(line)
            if "say" in event:
                yield event["say"]


def publish(app: Sphinx, error: Exception | None) -> None:
    """Copy the traces into the site, where the pages fetch them."""
    recorded, target = Path(app.config.glassbook_traces), Path(app.outdir) / PUBLISHED
    if error is None and app.builder.format == "html":
        shutil.rmtree(target, ignore_errors=True)
        if recorded.is_dir():
            shutil.copytree(recorded, target, ignore=shutil.ignore_patterns(".*"))


def setup(app: Sphinx) -> None:
    """Register what this module defines. The service worker's list of files comes after it."""
    app.add_node(trace_figure, html=(visit_trace_figure, depart_trace_figure))
    app.add_config_value("glassbook_traces", str(RECORDED), "html", [str])
    app.connect("build-finished", publish, priority=400)
