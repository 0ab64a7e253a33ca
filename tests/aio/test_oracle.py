"""Random programs do on our asyncio what they do on the standard library's, cancelled or not.

`GLASSLOOP_EXAMPLES` says how many programs each test tries; the more, the longer.
"""

from __future__ import annotations

import ast
import asyncio
import contextlib
import gc
import re
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from random_programs import Statement, _Author, many_programs
from virtual_clock import LOOPS, Clock, StuckError

PRELUDE = """
class Trouble(Exception):
    pass

lock = asyncio.Lock()
semaphore = asyncio.BoundedSemaphore(2)
event = asyncio.Event()
condition = asyncio.Condition()
barrier = asyncio.Barrier(2)
queue = asyncio.Queue(2)
parcels = asyncio.PriorityQueue(1)
tasks = []

async def help():
    for n in range(4):
        await asyncio.sleep(1)
        event.set()
        queue.empty() or queue.get_nowait()
        queue.full() or queue.put_nowait(n)
        parcels.empty() or parcels.get_nowait()
        parcels.full() or parcels.put_nowait(n)
        condition.locked() and condition.notify_all()

async def begin():
    helper = asyncio.create_task(help())
    await main()
    print(await FINISH)
"""
# Since 3.12 `gather` is done at once when all of its children are, as ours is.
FINISH = (
    "asyncio.gather(*tasks, return_exceptions=True)"
    if sys.version_info >= (3, 12)
    else "asyncio.sleep(9)"
)


class Author(_Author):
    """Knows everything that a task can wait for."""

    may_start_eagerly = False  # its programs have another prelude

    def _asynchronous(self, deep: bool) -> Iterator[Statement]:
        yield from super()._asynchronous(deep)
        yield from (self.meet, self.pass_on, self.finish_the_queue, self.one_by_one, self.excuse)

    def wait_for(self) -> None:
        if sys.version_info >= (3, 12):  # where it became what ours is
            super().wait_for()
        else:
            self.give_way()

    def meet(self) -> None:
        ways = ["await barrier.wait()", "await barrier.reset()", "await barrier.abort()"]
        with self._guard("asyncio.BrokenBarrierError"):
            self.write(f"print({self._draw(st.sampled_from([ways[0], *ways]))})")

    def pass_on(self) -> None:
        ways = [f"await parcels.put({self._count()})", "print(await parcels.get())"]
        self.write(self._draw(st.sampled_from(ways)))

    def finish_the_queue(self) -> None:
        ways = ["await queue.join()", "queue.empty() or (queue.get_nowait(), queue.task_done())"]
        self.write(self._draw(st.sampled_from(ways)))

    def one_by_one(self) -> None:
        # They are tasks already, since asyncio's would start them in any order.
        both = [f"asyncio.ensure_future({self._awaitable()})" for _ in "ab"]
        some = f"[{', '.join(both)}]"
        with self._block(f"for one in asyncio.as_completed({some}, timeout={self._count()}):"):
            self.write("print(await one)")

    def group(self) -> None:
        # Of several tasks asyncio's group, which keeps them in a set, cancels any one first.
        with self._block("async with asyncio.TaskGroup() as group:"):
            self.write(f"group.create_task({self._awaitable()})")
            self._statements(2)

    def excuse(self) -> None:
        self.write("print(asyncio.current_task().cancelling())")
        if sys.version_info >= (3, 13):  # since when it takes a cancellation back, as ours does
            self.write("print(asyncio.current_task().uncancel())")

    @contextlib.contextmanager
    def _guard(self, errors: str = "Trouble") -> Iterator[None]:
        with self._block("try:"):
            yield
        with self._block(f"except {errors} as error:"):
            self.write("print(repr(error))")


@st.composite
def programs(draw: st.DrawFn) -> str:
    author = Author(draw)
    for kind in draw(st.lists(st.sampled_from(["coroutine", "async generator"]), max_size=4)):
        author.function(kind)
    author.function("coroutine")
    author.main()
    return PRELUDE.replace("FINISH", FINISH) + "\n".join(author.lines[:-1]) + "\n"


class Checkpoints(ast.NodeTransformer):
    """Has each `await`, `async with` and `async for` pass through `here(...)` first."""

    def visit_Await(self, node: ast.Await) -> ast.AST:
        self.generic_visit(node)
        node.value = self._checked(node.value)
        return node

    def visit_AsyncWith(self, node: ast.AsyncWith) -> ast.AST:
        self.generic_visit(node)
        for item in node.items:
            item.context_expr = self._checked(item.context_expr)
        return node

    def visit_AsyncFor(self, node: ast.AsyncFor) -> ast.AST:
        self.generic_visit(node)
        node.iter = self._checked(node.iter)
        return node

    def _checked(self, value: ast.expr) -> ast.expr:
        return ast.Call(ast.Name("here", ast.Load()), [value], [])


class Saboteur:
    """Counts the awaits of a program, and cancels the task that comes to one of them."""

    def __init__(self, library: Any, at: int, delay: float | None) -> None:
        self.library, self.at, self.delay = library, at, delay
        self.seen = 0

    def here(self, value: Any) -> Any:
        """`value`, after the task was cancelled: at once, or when it has waited for so long."""
        self.seen += 1
        if self.seen == self.at:
            task = self.library.current_task()
            if self.delay is None:
                task.cancel()
            else:
                self.library.get_running_loop().call_later(self.delay, task.cancel)
        return value


def perform(
    source: str, name: str, at: int = 0, delay: float | None = None
) -> tuple[list[Any], int]:
    """What a program does on one of the two, and how many awaits it came to."""
    library, make_loop = LOOPS[name]
    saboteur = Saboteur(library, at, delay)
    said: list[Any] = []
    reports: list[str] = []
    clock = Clock()

    def factory() -> Any:
        loop = make_loop(clock)
        loop.set_exception_handler(lambda _, about: reports.append(worded(about)))
        return loop

    def say(*words: Any) -> None:
        said.append((clock.now, *(plain(str(word)) for word in words)))

    names = {"asyncio": library, "print": say, "here": saboteur.here, "__name__": "program"}
    tree = ast.fix_missing_locations(Checkpoints().visit(ast.parse(source)))
    gc.disable()
    gc.freeze()  # so that collecting what the program leaves takes no time
    try:
        exec(compile(tree, "program", "exec"), names)
        # What the end of a runner cancels it cancels in any order: compared is what comes before.
        with contextlib.suppress(StuckError), library.Runner(loop_factory=factory) as runner:
            try:
                said.append(("returned", repr(runner.run(names["begin"]()))))
            except (Exception, asyncio.CancelledError) as error:
                said.append((clock.now, shape(error)))
            result = [*said, sorted(reports)], saboteur.seen
        names.clear()
        gc.collect()
    finally:
        gc.unfreeze()
        gc.enable()
    return result


def worded(about: dict[str, Any]) -> str:
    what = about["message"].partition("(")[0]  # arguments stand there in some versions only
    error = about.get("exception")
    if isinstance(error, asyncio.InvalidStateError):
        return f"{what}: {type(error)}"  # ours says more
    return f"{what}: {shape(error)}"


def shape(error: BaseException | None) -> Any:
    """An exception and those in it, without the callbacks that it may name."""
    if error is None:
        return None
    inside = [shape(each) for each in getattr(error, "exceptions", [])]
    return plain(repr(error)), inside


def plain(text: str) -> str:
    """Without what differs by design: the names of callbacks, and how a task is told that it waits
    for itself, of which the C task of Python 3.12 hears by another way when it is cancelled, too.
    """
    text = re.sub(r" cb=\[.*?\](?=>)", "", text)
    return re.sub(r"Task cannot await on itself[^\"]*", "await wasn't used with future", text)


# A program that is stuck for good leaves tasks behind, which die when their loop is closed.
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@many_programs
@given(programs(), st.integers(1, 40), st.sampled_from([None, 0.0, 0.5]))
def test_a_program_does_the_same_on_both_and_so_it_does_when_it_is_cancelled_at_any_await(
    source: str, at: int, delay: float | None
) -> None:
    expected, awaits = perform(source, "asyncio")
    assert perform(source, "aio") == (expected, awaits), source
    at %= awaits + 1
    cancelled = perform(source, "asyncio", at, delay)
    assert perform(source, "aio", at, delay) == cancelled, f"cancelled at {at} of:\n{source}"
