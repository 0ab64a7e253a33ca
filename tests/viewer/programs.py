"""Small programs, recorded: what the viewer's tests look at."""

import contextlib
import io
import linecache

from glassloop.trace import Trace, record
from glassloop.trace.recorder import Depth

COUNTDOWN = """\
def countdown(n):
    print("starting at", n)
    while n:
        yield n
        n -= 1
    print("lift-off")

launch = countdown(2)
print("next:", next(launch))
print("next:", next(launch))
print("next:", next(launch, "no more"))
"""

OVEN = """\
import asyncio

async def bake(name, oven, delay):
    async with oven:
        print(name, "has the oven")
        await asyncio.sleep(delay)
    return name.upper()

async def main():
    oven = asyncio.Lock()
    bread = asyncio.create_task(bake("bread", oven, 0.02), name="bread")
    cake = asyncio.create_task(bake("cake", oven, 0.01), name="cake")
    rolls = asyncio.create_task(bake("rolls", oven, 0.01), name="rolls")
    await bread
    rolls.cancel()
    await cake

asyncio.run(main())
"""


class _Printing(io.StringIO):
    def __init__(self, trace: Trace) -> None:
        super().__init__()
        self._trace = trace

    def write(self, text: str) -> int:
        self._trace.printed("out", text)
        return len(text)


def recorded(source: str, name: str, depth: Depth = "lines") -> Trace:
    """The trace of `source`, run on this machine's own clock."""
    filename = f"<cell {name}>"
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
    code = compile(source, filename, "exec")
    with (
        record(depth, own=lambda code: code.co_filename == filename, title=name) as trace,
        contextlib.redirect_stdout(_Printing(trace)),
    ):
        exec(code, {"__name__": "__main__"})
    return trace


def step_of(trace: Trace, do: str, nth: int = 1, **fields: object) -> int:
    """The step of the `nth` event of this kind with these fields; the first step is 1."""
    wanted = {"do": do, **fields}.items()
    for step, event in enumerate(trace.events, 1):
        if wanted <= {key: event.get(key) for key in (*fields, "do")}.items():
            nth -= 1
            if nth == 0:
                return step
    raise LookupError(f"the trace has too few events with {dict(wanted)}")
