"""The viewer as a widget of a notebook: in Jupyter, in VS Code, wherever anywidget runs."""

from __future__ import annotations

from typing import Any

import anywidget
import traitlets

from glassloop.trace import Trace
from glassloop.trace.page import packed, viewer


class TraceWidget(anywidget.AnyWidget):  # type: ignore[misc,unused-ignore]  # traitlets says Any
    """Shows one trace. Raises `NoViewer` where the viewer's script is missing."""

    _esm = traitlets.Unicode().tag(sync=True)
    # The text of the trace, packed by gzip: on its way to the page it is copied several times.
    packed = traitlets.Bytes().tag(sync=True)

    def __init__(self, trace: Trace) -> None:
        super().__init__(_esm=viewer().decode(), packed=b"".join(packed(trace.lines())))

    def media(self) -> dict[str, Any]:
        """What a notebook keeps of this widget, by media type."""
        found = self._repr_mimebundle_()
        return dict(found[0]) if found else {}
