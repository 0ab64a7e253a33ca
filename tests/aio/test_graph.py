"""Call graphs: who awaits whom, read from what futures know."""

import io
import re

import pytest

from glassloop import aio
from glassloop.aio.graph import FutureCallGraph


def run(main: object) -> object:
    """Run a coroutine on our loop."""
    with aio.Runner(loop_factory=aio.EventLoop) as runner:
        return runner.run(main)  # type: ignore[arg-type]


def names(graph: FutureCallGraph | None) -> list[str]:
    """The functions of the graph's own call stack, the innermost first."""
    assert graph is not None
    return [entry.frame.f_code.co_name for entry in graph.call_stack]


def awaiters(graph: FutureCallGraph | None) -> set[str]:
    """The names of the tasks that await it."""
    assert graph is not None
    return {awaiter.future.get_name() for awaiter in graph.awaited_by}  # type: ignore[attr-defined]


async def oven(done: aio.Event) -> None:
    await done.wait()


async def baker(done: aio.Event) -> None:
    await oven(done)


@pytest.mark.parametrize("way", ["await", "gather", "group", "wait", "shield", "wait_for"])
def test_a_paused_task_tells_its_calls_and_who_awaits_it(way: str) -> None:
    async def customer(done: aio.Event) -> FutureCallGraph | None:
        started: list[aio.Task[None]] = []
        waiter = aio.create_task(waits_for(way, started, done), name="bob")
        while not started or not started[0].get_coro().cr_await:
            await aio.sleep(0)
        graph = aio.capture_call_graph(started[0])
        done.set()
        await waiter
        return graph

    graph = run(customer(aio.Event()))
    assert isinstance(graph, FutureCallGraph)
    assert names(graph) == ["wait", "oven", "baker"]
    assert awaiters(graph) == {"bob"}
    assert names(graph.awaited_by[0])[-1] == "waits_for"


async def eats(bread: aio.Task[None]) -> None:
    await bread


async def waits_for(way: str, started: list[aio.Task[None]], done: aio.Event) -> None:
    if way == "group":
        async with aio.TaskGroup() as group:
            started.append(group.create_task(baker(done)))
        return
    started.append(task := aio.create_task(baker(done)))
    if way == "await":
        await task
    elif way == "gather":
        await aio.gather(task)
    elif way == "wait":
        await aio.wait([task])
    elif way == "shield":
        await aio.shield(task)
    elif way == "wait_for":
        await aio.wait_for(task, 10)


def test_the_current_task_tells_its_calls_outwards() -> None:
    async def inner() -> FutureCallGraph | None:
        def helper() -> FutureCallGraph | None:
            return aio.capture_call_graph()

        return helper()

    async def outer() -> FutureCallGraph | None:
        return await inner()

    graph = run(outer())
    assert isinstance(graph, FutureCallGraph)
    assert names(graph) == ["helper", "inner", "outer"]


@pytest.mark.parametrize(
    ("limit", "left"),
    [(None, ["wait", "oven", "baker"]), (1, ["baker"]), (-1, ["wait"]), (0, [])],
)
def test_a_limit_keeps_the_outermost_calls_or_the_innermost(
    limit: int | None, left: list[str]
) -> None:
    async def main() -> list[str]:
        task = aio.create_task(baker(done := aio.Event()))
        await aio.sleep(0)
        graph = aio.capture_call_graph(task, limit=limit)
        done.set()
        await task
        return names(graph)

    assert run(main()) == left


def test_it_is_printed_as_a_tree() -> None:
    async def main() -> str:
        done = aio.Event()
        task = aio.create_task(baker(done), name="baker")
        waiting = aio.create_task(eats(task), name="bob")
        await aio.sleep(0)
        await aio.sleep(0)
        aio.print_call_graph(task, file=(out := io.StringIO()))
        done.set()
        await waiting
        return out.getvalue()

    text = re.sub(r"id=0x\w+", "id=…", str(run(main())))
    text = re.sub(r"File '\S+', line \d+", "File …", text)
    assert text == (
        "* Task(name='baker', id=…)\n"
        "  + Call stack:\n"
        "  |   File …, in async Event.wait()\n"
        "  |   File …, in async oven()\n"
        "  |   File …, in async baker()\n"
        "  + Awaited by:\n"
        "    * Task(name='bob', id=…)\n"
        "      + Call stack:\n"
        "      |   File …, in async eats()\n"
    )


def test_the_current_tasks_tree_begins_where_it_was_asked_for() -> None:
    async def main() -> list[str]:
        aio.print_call_graph(file=(out := io.StringIO()))
        return [aio.format_call_graph(), out.getvalue()]

    for text in run(main()):  # type: ignore[attr-defined]
        assert re.findall(r"in (.*)", text) == [f"async {CURRENT}.<locals>.main()"]


CURRENT = test_the_current_tasks_tree_begins_where_it_was_asked_for.__name__


def test_without_a_running_loop_a_future_has_to_be_named() -> None:
    with pytest.raises(RuntimeError, match="outside of a running event loop"):
        aio.capture_call_graph()
    with pytest.raises(TypeError, match="does not appear to be compatible"):
        aio.capture_call_graph("bread")  # type: ignore[arg-type]


def test_a_callback_of_the_loop_has_no_graph() -> None:
    async def main() -> object:
        answers: list[object] = []
        aio.get_running_loop().call_soon(lambda: answers.append(aio.capture_call_graph()))
        await aio.sleep(0)
        return answers

    assert run(main()) == [None]


def test_who_waits_in_a_way_of_its_own_can_say_so() -> None:
    async def main() -> list[set[str]]:
        bread, bob = aio.Future[None](), aio.create_task(aio.sleep(0), name="bob")
        aio.future_add_to_awaited_by(bread, bob)
        waiting = awaiters(aio.capture_call_graph(bread))
        aio.future_discard_from_awaited_by(bread, bob)
        return [waiting, awaiters(aio.capture_call_graph(bread))]

    assert run(main()) == [{"bob"}, set()]
