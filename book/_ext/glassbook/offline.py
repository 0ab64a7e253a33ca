"""Tells the service worker which files make up the book, so that it can be read offline."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path

from sphinx.application import Sphinx

TEMPLATE = Path("_static/glassloop/sw.js")
PLACEHOLDER = "self.__WB_MANIFEST"

# Fetched when Python is first run, not before: 13 MB that not every reader wants.
ON_DEMAND = ("_static/pyodide/", "_static/glassloop/glassloop.whl")
NOT_READ = ("_sources/", ".buildinfo", "objects.inv", str(TEMPLATE))


def write_service_worker(app: Sphinx, error: Exception | None) -> None:
    """Put the list of files into `sw.js` at the root of the site."""
    site = Path(app.outdir)
    if error is not None or app.builder.format != "html" or not (site / TEMPLATE).exists():
        return
    script = (site / TEMPLATE).read_text(encoding="utf-8")
    manifest = json.dumps(list(files_to_cache(site)))
    (site / "sw.js").write_text(script.replace(PLACEHOLDER, manifest), encoding="utf-8")


def files_to_cache(site: Path) -> Iterator[dict[str, str]]:
    """Each file of the book with a fingerprint of its content, in Workbox's terms."""
    for path in sorted(site.rglob("*")):
        name = path.relative_to(site).as_posix()
        if path.is_dir() or name == "sw.js" or name.endswith(".map"):
            continue
        if not name.startswith((*ON_DEMAND, *NOT_READ)):
            yield {"url": name, "revision": hashlib.sha256(path.read_bytes()).hexdigest()[:16]}


def setup(app: Sphinx) -> None:
    """Register what this module defines."""
    app.connect("build-finished", write_service_worker)
