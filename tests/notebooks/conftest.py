"""One notebook, run by a real kernel, for all tests: a kernel takes seconds to start."""

import asyncio
import base64
import gzip
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient
from notebooks.cells import CELLS

from glassloop.trace import Trace

WIDGET = "application/vnd.jupyter.widget-view+json"
STATES = "application/vnd.jupyter.widget-state+json"


@dataclass(frozen=True)
class Output:
    """What a cell has left below it, and the state of the widgets of its notebook."""

    outputs: list[Any]
    states: dict[str, Any]

    def kinds(self) -> list[str]:
        return [output.output_type for output in self.outputs]

    def text(self, kind: str) -> str:
        """The text of all outputs of this kind."""
        texts = [
            output.get("text") or "".join(output.get("traceback", ())) or output.data["text/plain"]
            for output in self.outputs
            if output.output_type == kind
        ]
        return "".join(texts)

    @property
    def shown(self) -> dict[str, Any]:
        """The forms of the trace that the cell shows."""
        found = [out for out in self.outputs if WIDGET in out.get("data", ())]
        return dict(found[-1].data)

    @property
    def state(self) -> dict[str, Any]:
        """What the page is told of the widget."""
        model = self.states[self.shown[WIDGET]["model_id"]]
        packed = {
            buffer["path"][0]: base64.b64decode(buffer["data"]) for buffer in model["buffers"]
        }
        return {**model["state"], **packed}

    @property
    def trace(self) -> Trace:
        """The trace in the widget."""
        return Trace.read(gzip.decompress(self.state["packed"]).decode().splitlines())

    def said(self, *kinds: str) -> list[str]:
        return [event["say"] for event in self.trace.events if not kinds or event["do"] in kinds]


@pytest.fixture(scope="session")
def notebook(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Output]:
    """The outputs of the cells, by their names."""
    with pytest.MonkeyPatch.context() as patch:
        for variable in ("IPYTHONDIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_CONFIG_DIR"):
            patch.setenv(variable, str(tmp_path_factory.mktemp(variable.lower())))
        # In a thread without a loop: in this one the browser's may be running.
        with ThreadPoolExecutor(1) as thread:
            return thread.submit(run, CELLS).result()


def run(cells: dict[str, str]) -> dict[str, Output]:
    sources = [nbformat.v4.new_code_cell(source) for source in cells.values()]
    notebook = nbformat.v4.new_notebook(cells=sources)
    client = NotebookClient(notebook, timeout=60, kernel_name="python3", allow_errors=True)
    # Its `execute` would leave a loop behind that nobody closes.
    asyncio.run(client.async_execute())
    states = notebook.metadata.widgets[STATES]["state"]
    return {
        name: Output(cell.outputs, states) for name, cell in zip(cells, notebook.cells, strict=True)
    }
