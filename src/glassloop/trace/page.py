"""One self-contained HTML file with a trace and the viewer that steps it."""

from __future__ import annotations

import base64
import gzip
import html
from pathlib import Path

from glassloop.trace.events import Trace

# Beside the package where it is installed, or in the build of a checkout.
PLACES = (
    Path(__file__).parent / "viewer.js",
    Path(__file__).parents[3] / "build" / "static" / "glassloop" / "viewer.js",
)

PAGE = """<!doctype html>
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
<noscript><ol>{sentences}</ol></noscript>
</main>
<script type="application/octet-stream" id="data">{data}</script>
<script type="module" id="viewer" src="data:text/javascript;base64,{viewer}"></script>
<script type="module">
  const {{ mount }} = await import(document.getElementById("viewer").src);
  const text = atob(document.getElementById("data").textContent);
  const packed = Uint8Array.from(text, (character) => character.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"));
  mount(document.getElementById("trace"), await new Response(stream).text(), {{}});
</script>
</html>
"""


class NoViewer(FileNotFoundError):
    """The viewer has not been built."""


def to_html(trace: Trace) -> str:
    """The page. Raises `NoViewer` where the viewer's script is missing."""
    packed = gzip.compress(trace.text().encode(), mtime=0)
    sentences = "\n".join(f"<li>{html.escape(event['say'])}" for event in trace.events)
    return PAGE.format(
        title=html.escape(trace.title or "trace"),
        data=base64.b64encode(packed).decode(),
        viewer=base64.b64encode(_viewer()).decode(),
        sentences=sentences,
    )


def _viewer() -> bytes:
    for place in PLACES:
        if place.exists():
            return place.read_bytes()
    raise NoViewer(
        "The viewer is not built. Run `make read` once, or take the trace with --text or --json."
    )
