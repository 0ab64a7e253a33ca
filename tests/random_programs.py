"""Random programs of generators and of asyncio, as source text. Each of them ends.

They end since nothing in them repeats for ever: loops are counted, and a function calls only those
that stand above it. One that waits for what never comes ends on the lab's clock, as a deadlock.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Iterator

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

PRELUDE = """\
import asyncio

class Trouble(Exception):
    pass

lock = asyncio.Lock()
semaphore = asyncio.Semaphore(2)
event = asyncio.Event()
condition = asyncio.Condition()
queue = asyncio.Queue(2)
tasks = []

def start_eagerly():
    if eager := getattr(asyncio, "eager_task_factory", None):  # from Python 3.12
        asyncio.get_running_loop().set_task_factory(eager)
"""

DEEPEST = 3  # blocks in one another
LONGEST = 4  # statements of a block
CALLS = 3  # calls of other functions that one function may make, so that programs stay small
ERRORS = "(Trouble, RuntimeError, StopIteration, StopAsyncIteration)"

Statement = Callable[[], None]

# The same programs in each run, and as many new ones as GLASSLOOP_EXAMPLES asks for.
many_programs = settings(
    max_examples=int(os.environ.get("GLASSLOOP_EXAMPLES", "60")),
    derandomize="GLASSLOOP_EXAMPLES" not in os.environ,
    database=None,
    deadline=None,
    suppress_health_check=[
        HealthCheck.too_slow,
        HealthCheck.data_too_large,
        HealthCheck.function_scoped_fixture,  # that of conftest.py does no harm to be used again
    ],
)


@st.composite
def async_programs(draw: st.DrawFn) -> str:
    """A program that gives its `main()` to `asyncio.run`."""
    author = _Author(draw)
    for _ in range(draw(st.integers(0, 2))):
        author.function("generator")
    for kind in draw(st.lists(st.sampled_from(["coroutine", "async generator"]), max_size=4)):
        author.function(kind)
    author.main()
    return PRELUDE + "\n".join(author.lines) + "\n"


@st.composite
def generator_programs(draw: st.DrawFn) -> str:
    """A program of generators alone, without a loop."""
    author = _Author(draw)
    for _ in range(draw(st.integers(1, 3))):
        author.function("generator")
    author.begin("function")
    for _ in range(draw(st.integers(1, LONGEST))):
        author.use_a_generator()
    trouble = "class Trouble(Exception):\n    pass\n"
    return trouble + "\n".join(author.lines) + "\n"


def programs() -> st.SearchStrategy[str]:
    """A program of either kind."""
    return st.one_of(async_programs(), generator_programs())


class _Author:
    """Writes one program: what it may write next depends on the function that it is in."""

    may_start_eagerly = True

    def __init__(self, draw: st.DrawFn) -> None:
        self._draw = draw
        self.lines: list[str] = []
        self._functions: dict[str, list[str]] = {
            "coroutine": [],
            "async generator": [],
            "generator": [],
        }
        self._kind = "function"
        self._depth = 0
        self._calls = 0
        self._number = 0

    # What a program is made of.

    def function(self, kind: str) -> None:
        """A function of this kind; those written later may call it."""
        known = self._functions[kind]
        words = {"coroutine": "work", "async generator": "feed", "generator": "count"}
        name = f"{words[kind]}_{len(known)}"
        self.begin(kind)
        prefix = "def" if kind == "generator" else "async def"
        with self._block(f"\n{prefix} {name}(n):"):
            if "generator" in kind:
                self.hand_out()
            self._statements()
        known.append(name)

    def main(self) -> None:
        """The coroutine that all begins with: it lets others run first of all."""
        self.begin("coroutine")
        with self._block("\nasync def main(n=1):"):
            if self.may_start_eagerly and self._draw(st.booleans()):
                self.write("start_eagerly()")
            for _ in range(self._draw(st.integers(0, 3))):
                self._draw(st.sampled_from([self.start, self.gather, self.group]))()
            self._statements()
        self.write("\nasyncio.run(main())")

    def begin(self, kind: str) -> None:
        """What follows belongs to a function of this kind."""
        self._kind, self._depth, self._calls = kind, 0, CALLS

    def write(self, line: str) -> None:
        """One line, as far to the right as the block that it is in."""
        self.lines.append("    " * self._depth + line)

    @contextlib.contextmanager
    def _block(self, head: str) -> Iterator[None]:
        self.write(head)
        self._depth += 1
        yield
        self._depth -= 1

    def _statements(self, longest: int = LONGEST) -> None:
        for _ in range(self._draw(st.integers(1, longest))):
            self._draw(st.sampled_from(list(self._possible())))()

    def _possible(self) -> Iterator[Statement]:
        """Statements that can stand here, the plainest first: examples shrink towards it."""
        deep = self._depth > DEEPEST
        yield self.say
        yield self.trouble
        yield self.end
        if "generator" in self._kind:
            yield self.hand_out
            yield self.hand_out
        if self._kind == "generator":
            yield self.delegate
        if not deep:
            yield from (self.use_a_generator, self.repeat, self.clean_up, self.catch)
        if self._kind != "generator":
            yield from self._asynchronous(deep)

    def _asynchronous(self, deep: bool) -> Iterator[Statement]:
        yield from (self.sleep, self.give_way, self.wait, self.start, self.start, self.cancel)
        yield from (self.wait_for_a_task, self.poke, self.call_later, self.wait_for_a_future)
        yield from (self.gather, self.wait_for, self.shield, self.some)
        if not deep:
            yield from (self.hold, self.wait_for_a_condition, self.timeout, self.group)
            yield from (self.iterate, self.ask_by_hand)

    # Statements of every function.

    def say(self) -> None:
        self._number += 1
        self.write(f"print({self._number}, n)" if self._kind != "function" else "print('here')")

    def trouble(self) -> None:
        self._perhaps(f"raise Trouble({self._count()})")

    def end(self) -> None:
        self._perhaps("return" if self._kind == "async generator" else f"return {self._count()}")

    def _perhaps(self, statement: str) -> None:
        """A statement that ends the block, and so comes at its turn only."""
        with self._block("if n == 1:"):
            self.write(statement)

    def repeat(self) -> None:
        with self._block(f"for n in range({self._draw(st.integers(1, 3))}):"):
            self._statements(2)

    def clean_up(self) -> None:
        with self._block("try:"):
            self._statements(2)
        with self._block("finally:"):
            self._statements(2)

    def catch(self) -> None:
        errors = ["Trouble", "BaseException", ERRORS]
        if self._kind != "generator":
            errors += ["asyncio.CancelledError", "TimeoutError"]
        with self._block("try:"):
            self._statements(2)
        with self._block(f"except {self._draw(st.sampled_from(errors))} as error:"):
            self.write("print(repr(error))")
            if self._draw(st.booleans()):
                self.write("raise")

    # Generators, and those that use them.

    def hand_out(self) -> None:
        answer = "" if self._kind == "async generator" and self._draw(st.booleans()) else "got = "
        self.write(f"{answer}yield {self._count()}")

    def delegate(self) -> None:
        inner = self._call("generator")
        self.write(f"got = yield from {inner or '[1, 2]'}")

    def use_a_generator(self) -> None:
        ride = self._call("generator")
        if ride is None:
            self.say()
            return
        uses = [self._exhaust, self._walk, self._steer]
        self._draw(st.sampled_from(uses))(ride)

    def _exhaust(self, ride: str) -> None:
        self._guarded(f"print(list({ride}))")

    def _walk(self, ride: str) -> None:
        with self._guard(), self._block(f"for value in {ride}:"):
            self.write("print(value)")
            if self._draw(st.booleans()):
                self.write("break")

    def _steer(self, ride: str) -> None:
        self.write(f"ride = {ride}")
        moves = ["next(ride, None)", "ride.send(None)", "ride.throw(Trouble(7))", "ride.close()"]
        for move in self._draw(st.lists(st.sampled_from([*moves, "ride.send(5)"]), max_size=4)):
            self._guarded("print(ride.send(5))" if "5" in move else f"print({move})")
        if self._draw(st.booleans()):
            self.write("del ride")

    # Statements of coroutines.

    def sleep(self) -> None:
        self.write(f"await asyncio.sleep({self._count()})")

    def give_way(self) -> None:
        self.write("await asyncio.sleep(0)")

    def wait(self) -> None:
        self.write(f"got = await {self._awaitable()}")

    def start(self) -> None:
        self.write(f"tasks.append(asyncio.create_task({self._awaitable()}))")

    def cancel(self) -> None:
        self._with_a_task("tasks[{}].cancel()")

    def wait_for_a_task(self) -> None:
        self._with_a_task("got = await tasks[{}]")

    def _with_a_task(self, statement: str) -> None:
        with self._block("if tasks:"):
            self.write(statement.format(self._draw(st.sampled_from([-1, 0]))))

    def poke(self) -> None:
        pokes = [
            "event.set()",
            "event.clear()",
            "queue.empty() or print(queue.get_nowait())",
            "queue.full() or queue.put_nowait(n)",
            "semaphore.release()",
            "condition.locked() and condition.notify_all()",
        ]
        self.write(self._draw(st.sampled_from(pokes)))

    def call_later(self) -> None:
        calls = [
            "call_soon(event.set)",
            f"call_later({self._count()}, event.set)",
            "call_soon(print, 'called')",
            f"call_later({self._count()}, print, 'called').cancel()",
            "call_soon(print, 'never').cancel()",
        ]
        self.write(f"asyncio.get_running_loop().{self._draw(st.sampled_from(calls))}")

    def wait_for_a_future(self) -> None:
        self.write("future = asyncio.get_running_loop().create_future()")
        ends = [
            "asyncio.get_running_loop().call_soon(future.set_result, 3)",
            f"asyncio.get_running_loop().call_later({self._count()}, future.set_result, 3)",
            "future.set_exception(Trouble(8))",
            "future.cancel()",
        ]
        self.write(self._draw(st.sampled_from(ends)))
        self.write("got = await future")

    def gather(self) -> None:
        errors = self._draw(st.booleans())
        both = f"{self._awaitable()}, {self._awaitable()}"
        self.write(f"print(await asyncio.gather({both}, return_exceptions={errors}))")

    def wait_for(self) -> None:
        self.write(f"got = await asyncio.wait_for({self._awaitable()}, {self._count()})")

    def shield(self) -> None:
        self.write(f"got = await asyncio.shield({self._awaitable()})")

    def some(self) -> None:
        when = self._draw(st.sampled_from(["FIRST_COMPLETED", "ALL_COMPLETED", "FIRST_EXCEPTION"]))
        with self._block("if tasks:"):
            options = f"timeout={self._count()}, return_when=asyncio.{when}"
            self.write(f"print(len((await asyncio.wait(tasks[-3:], {options}))[0]))")

    def hold(self) -> None:
        what = self._draw(st.sampled_from(["lock", "semaphore", "condition"]))
        with self._block(f"async with {what}:"):
            self._statements(2)

    def wait_for_a_condition(self) -> None:
        with self._block("async with condition:"):
            self.write("await condition.wait()")
            self.say()

    def timeout(self) -> None:
        with self._block(f"async with asyncio.timeout({self._count()}):"):
            self._statements(2)

    def group(self) -> None:
        with self._block("async with asyncio.TaskGroup() as group:"):
            for _ in range(self._draw(st.integers(1, 3))):
                self.write(f"group.create_task({self._awaitable()})")
            self._statements(2)

    def iterate(self) -> None:
        feed = self._call("async generator")
        if feed is None:
            self.say()
            return
        with self._block(f"async for value in {feed}:"):
            self.write("print(value)")
            if self._draw(st.booleans()):
                self._statements(1)
            if self._draw(st.booleans()):
                self.write("break")

    def ask_by_hand(self) -> None:
        feed = self._call("async generator")
        if feed is None:
            self.say()
            return
        self.write(f"feed = {feed}")
        moves = ["anext(feed, None)", "feed.asend(None)", "feed.athrow(Trouble(9))"]
        for move in self._draw(st.lists(st.sampled_from([*moves, "feed.aclose()"]), max_size=3)):
            self._guarded(f"print(await {move})")

    # Parts of statements.

    def _count(self) -> int:
        return self._draw(st.integers(1, 3))

    def _awaitable(self) -> str:
        """A coroutine that was made here and will be awaited or made a task."""
        others = [
            f"asyncio.sleep({self._count()}, 4)",
            "event.wait()",
            "queue.get()",
            "queue.put(n)",
        ]
        called = self._call("coroutine")
        return self._draw(st.sampled_from([*[called] * 4, *others] if called else others))

    def _call(self, kind: str) -> str | None:
        """A call of a function that stands above, as long as this one may make any."""
        known = self._functions[kind]
        if not known or not self._calls:
            return None
        self._calls -= 1
        return f"{self._draw(st.sampled_from(known))}({self._count()})"

    @contextlib.contextmanager
    def _guard(self) -> Iterator[None]:
        with self._block("try:"):
            yield
        with self._block(f"except {ERRORS} as error:"):
            self.write("print(repr(error))")

    def _guarded(self, statement: str) -> None:
        with self._guard():
            self.write(statement)


def some(strategy: st.SearchStrategy[str], count: int) -> list[str]:
    """So many programs, the same ones every time."""
    written: list[str] = []

    @settings(max_examples=count, derandomize=True, database=None, phases=[Phase.generate])
    @given(strategy)
    def write(program: str) -> None:
        written.append(program)

    write()
    return written
