"""One self-contained HTML file with a trace and the viewer that steps it."""

from __future__ import annotations

import base64
import html
import re
import zlib
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from glassloop.trace.events import Trace

# Beside this file where the package is installed, or in the build of a checkout.
PLACES = (
    Path(__file__).parent / "viewer.js",
    Path(__file__).parents[3] / "build" / "static" / "glassloop" / "viewer.js",
)

# Sentences that a browser without JavaScript shows: a million of them would be no page.
SENTENCES = 1_000

# Names that the program gave stand between backticks.
NAME, CODE = re.compile("`([^`]+)`"), r"<code>\1</code>"

BEGINNING = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
  :root {{ color-scheme: light dark; }}
  body {{ margin: 0; padding: 1rem; font-family: system-ui, sans-serif; }}
  h1 {{ font-size: 1.1rem; margin: 0 0 1rem; }}
</style>
<main>
<h1>{title}</h1>
<div id="trace"></div>
<noscript><ol>
"""

# The browser decodes a data address piece by piece, and so never holds the text twice.
SCRIPT = """</ol></noscript>
</main>
<script type="module" id="viewer" src="data:text/javascript;base64,{viewer}"></script>
<script type="module">
  const {{ mount }} = await import(document.getElementById("viewer").src);
  const data = document.getElementById("data").textContent;
  const packed = await fetch("data:application/gzip;base64," + data);
  const text = new Response(packed.body.pipeThrough(new DecompressionStream("gzip")));
  mount(document.getElementById("trace"), await text.text(), {{}});
</script>
<script type="application/octet-stream" id="data">"""

END = """</script>
</html>
"""


class NoViewer(FileNotFoundError):
    """The viewer has not been built."""


def pieces(trace: Trace) -> Iterator[str]:
    """The page, piece by piece. Raises `NoViewer` at once where the viewer's script is missing."""
    script = SCRIPT.format(viewer=base64.b64encode(viewer()).decode())
    return _pieces(trace, script)


def _pieces(trace: Trace, script: str) -> Iterator[str]:
    yield BEGINNING.format(title=html.escape(trace.title or "trace"))
    yield from items(trace, SENTENCES)
    yield script
    yield from _in_base64(packed(trace.lines()))
    yield END


def items(trace: Trace, limit: int) -> Iterator[str]:
    """The sentences of the first `limit` events as items of an HTML list, and how many follow."""
    for event in islice(trace.events, limit):
        sentence = html.escape(event["say"], quote=False)
        yield f"<li>{NAME.sub(CODE, sentence)}\n"
    more = len(trace.events) - limit
    if more > 0:
        yield f"<li>{more:,} more events follow. The viewer shows them, and so does --text.\n"
    if trace.cut:
        yield f"<li>{html.escape(trace.cut, quote=False)}\n"


def packed(lines: Iterable[str]) -> Iterator[bytes]:
    """The lines, packed by gzip, chunk by chunk."""
    gzip = zlib.compressobj(wbits=31)
    for line in lines:
        if chunk := gzip.compress(f"{line}\n".encode()):
            yield chunk
    yield gzip.flush()


def _in_base64(chunks: Iterable[bytes]) -> Iterator[str]:
    rest = b""
    for chunk in chunks:
        rest += chunk
        whole = len(rest) // 3 * 3  # base64 writes three bytes at a time
        yield base64.b64encode(rest[:whole]).decode()
        rest = rest[whole:]
    yield base64.b64encode(rest).decode()


def viewer() -> bytes:
    """The viewer's script, one ES module. Raises `NoViewer` where it is missing."""
    for place in PLACES:
        if place.exists():
            return place.read_bytes()
    raise NoViewer(
        "The viewer is not built. Run `make read` once, or take the trace with --text or --json."
    )
