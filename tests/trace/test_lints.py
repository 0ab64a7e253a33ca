"""The lints: each rule names the right line and task, and is silent about near misses."""

import gc
import itertools
import textwrap
import time
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from mistakes import MISTAKES, NEAR_MISSES
from recorded import in_the_lab, recorded, reread

from glassloop.cli import text_of
from glassloop.trace import Trace
from glassloop.trace.events import Depth
from glassloop.trace.lints import RULES, find
from glassloop.trace.pauses import Pauses, _Usage

BOOK = Path(__file__).parents[2] / "book"
PROGRAMS = {**MISTAKES, **NEAR_MISSES}


def found(trace: Trace) -> list[str]:
    """Rule, line and task of each lint, in the order of the lines."""
    names = {event["id"]: event["name"] for event in trace.events if event["do"] == "task"}
    names["T1"] = "T1"
    lints = sorted(trace.lints, key=lambda lint: lint.line or 0)
    return [f"{lint.rule} {lint.line} {names.get(lint.task or '', '-')}" for lint in lints]


def marked(source: str) -> list[str]:
    """The same of the marks in a program."""
    lines = enumerate(textwrap.dedent(source).lstrip().splitlines(), 1)
    marks = [(line, text.partition("# ! ")[2].split()) for line, text in lines if "# ! " in text]
    return [f"{rule} {line} {task}" for line, (rule, task) in marks]


@pytest.fixture(autouse=True, scope="module")
def _a_small_heap() -> Iterator[None]:
    """Each recording collects garbage, and need not look at all that the other tests have made."""
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_lint_stands_where_the_program_is_marked_and_nowhere_else(name: str):
    assert found(in_the_lab(PROGRAMS[name])) == marked(PROGRAMS[name])


# At depth "switches" nothing is heard of locks, of callbacks, nor of who cancels through the loop.
UNHEARD = {
    "a callback that sleeps on the loop",
    "a timeout that is swallowed",
    "a lock held across a long wait",
    "two locks in two orders, and a main that ends",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_at_depth_switches_the_same_rules_speak_but_where_nothing_is_heard(name: str):
    rules = [lint.split()[0] for lint in found(in_the_lab(PROGRAMS[name], "switches"))]
    wanted = [lint.split()[0] for lint in marked(PROGRAMS[name])]
    assert rules == wanted or (name in UNHEARD and rules == [])


SENTENCES = {
    "a coroutine thrown away": (
        "`brew()` at line 7 was never awaited, so nothing of it ran; write `await brew()`."
    ),
    "a coroutine thrown away by a function": (
        "`brew()` at line 5 was never awaited, so nothing of it ran; "
        "write `asyncio.run(brew())`, or `await` it in an `async` function."
    ),
    "a coroutine lost in a list": (
        "`brew()` at line 5 was never awaited, so nothing of it ran; write `asyncio.run(brew())`, "
        "or `await` it in an `async` function."
    ),
    "a task thrown away": (
        "Nobody keeps task `tea`, made at line 7, and the loop does not either: it can vanish "
        "before it is done; write `task = asyncio.create_task(…)` and await it, or make it in a "
        "`TaskGroup`."
    ),
    "a task that vanishes": (
        "Task `tea`, made at line 7, was destroyed before it was done, since nobody kept it; "
        "write `task = asyncio.create_task(…)` and await it, or make it in a `TaskGroup`."
    ),
    "an exception nobody looked at": (
        "Task `bread` failed at line 4 with `ValueError('smoke')`, and nobody has looked; "
        "await the task, or make it in a `TaskGroup`."
    ),
    "a task that sleeps on the loop": (
        "Task `cat` held up the loop for 0.13 s at line 6, and no other task could run; "
        "write `await asyncio.sleep(…)` for a wait and `await asyncio.to_thread(…)` for work."
    ),
    "a worker that ends when it is cancelled": (
        "Task `ann` was asked to cancel, caught the `CancelledError` at line 6 and ended with a "
        "result; clean up in `finally`, or end the `except` block with `raise`."
    ),
    "a worker that goes on": (
        "Task `ann` was asked to cancel, caught the `CancelledError` at line 7 and went on; "
        "clean up in `finally`, or end the `except` block with `raise`."
    ),
    "a lock held across a long wait": (
        "Task `bread` held the lock `oven` while it waited for 1.0 s at line 5, and task `cake` "
        "waited for the lock; wait before the `async with` block or behind it."
    ),
    "two locks in two orders": (
        "Task `bob` waits at line 6 for the lock `pan`, which task `ann` holds; task `ann` waits "
        "at line 6 for the lock `stove`, which task `bob` holds: none of them can ever go on; "
        "take the locks in the same order everywhere."
    ),
    "a queue that nobody fills": (
        "Task `ann` waits at line 5 for an item of the queue `queue`, and nobody is left to put "
        "one into it; `async with asyncio.timeout(…)` sets a limit to a wait."
    ),
}


@pytest.mark.parametrize("name", SENTENCES)
def test_a_lint_says_what_happened_and_what_to_write_instead(name: str):
    assert in_the_lab(PROGRAMS[name]).lints[0].say == SENTENCES[name]


def test_each_rule_has_a_program_and_two_near_misses():
    rules = {rule.name for rule in RULES}
    assert {mark.split()[0] for source in MISTAKES.values() for mark in marked(source)} == rules
    for rule in rules:
        near = [name for name in NEAR_MISSES if name.startswith(f"{rule}: ")]
        assert len(near) >= 2, rule


def test_each_chapter_is_one_of_the_book():
    contents = tomllib.loads((BOOK / "contents.toml").read_text("utf-8"))
    chapters = {
        (chapter["number"], f"{part['folder']}/{chapter['number']:02}-{chapter['file']}", title)
        for part in contents["part"]
        for chapter in part["chapter"]
        for title in [chapter["title"]]
    }
    for rule in RULES:
        assert (rule.chapter.number, rule.chapter.page, rule.chapter.title) in chapters


def test_the_step_of_a_lint_is_the_event_that_shows_it():
    trace = in_the_lab(PROGRAMS["an exception nobody looked at"])
    (lint,) = trace.lints
    assert trace.events[lint.step - 1]["do"] == "done"
    assert trace.events[lint.step - 1]["id"] == lint.task


def test_what_happens_again_at_a_line_is_counted():
    trace = in_the_lab("async def brew(): ...\nfor _ in range(3):\n    brew()\n")
    assert [lint.say.endswith("This happened 3 times.") for lint in trace.lints] == [True]


def test_lints_stand_in_the_file_and_at_the_end_of_the_text():
    trace = in_the_lab("async def brew(): ...\nbrew()\nNone\n")
    assert reread(trace).lints == trace.lints != []
    assert list(text_of(trace))[-2:] == ["One remark:\n", f"  {trace.lints[0]}\n"]
    assert str(trace.lints[0]).startswith("<cell test>:2: `brew()` at line 2 was never awaited")
    assert str(trace.lints[0]).endswith(" (chapter 17, async def and await)")
    assert "remark" not in "".join(text_of(in_the_lab("None\n")))


def step(*gaps: float) -> list[dict[str, Any]]:
    """The events of one step of a task, in which this much time passes before each line."""
    carried = {"turn": 1, "who": "T1"}
    frame = {"name": "main", "file": "main.py", "of": "coroutine"}
    events: list[dict[str, Any]] = [
        {"do": "task", "id": "T1", "name": "main"},
        {"do": "run", "h": "H1"},
        {"do": "step", "id": "T1"},
        {"do": "call", "f": "F1", "line": 1, "by": None, **frame},
    ]
    events += [{"do": "line", "f": "F1", "line": line} for line in range(2, len(gaps) + 2)]
    events.append({"do": "done", "id": "T1", "how": "result", "value": "None"})
    before, now = len(events) - len(gaps), 0.0
    for index, event in enumerate(events):
        now += gaps[index - before] if index >= before else 0.0
        event.update(carried, t=now)
    return events


def test_what_the_recorder_itself_takes_blocks_no_loop():
    assert find(step(*[0.009] * 500)) == []


def test_what_takes_long_between_two_events_does():
    (lint,) = find(step(0.001, 0.04, 0.02, 0.05))
    assert (lint.line, lint.step) == (5, 8)
    assert "for 0.11 s at line 5" in lint.say


def test_time_that_was_lost_to_others_blocks_no_loop():
    events = step(0.2, 0.2)
    for event in events[-3:]:
        event["lost"] = 0.195
    assert find(events) == []
    del events[-1]["lost"]
    assert [lint.line for lint in find(events)] == [3]


def test_the_time_of_the_garbage_collector_is_lost(monkeypatch: pytest.MonkeyPatch):
    clock = itertools.count(0, 3)
    monkeypatch.setattr(time, "monotonic", clock.__next__)
    pauses = Pauses()
    pauses.start()
    gc.collect()
    pauses.stop()
    gc.collect()
    assert [pauses.lost(5.0), pauses.lost(10.0), pauses.lost(10.001)] == [3.0, 0.0, 0.0]


def test_what_a_machine_takes_away_is_lost_and_what_a_program_waits_for_is_not(
    monkeypatch: pytest.MonkeyPatch,
):
    usages = iter([_Usage(1.0, 0.5, 7), _Usage(2.0, 0.6, 7), _Usage(3.0, 0.6, 8)])
    monkeypatch.setattr("glassloop.trace.pauses._usage", lambda clock: next(usages))
    pauses = Pauses()
    pauses.mark()
    assert [pauses.lost(1.0), pauses.lost(2.0)] == [0.9, 0.0]


def test_the_end_of_a_recording_that_was_cut_is_no_deadlock():
    trace = in_the_lab(PROGRAMS["two locks in two orders, and a main that ends"])
    stuck = next(i for i, event in enumerate(trace.events) if event["do"] == "cancel")
    assert find(trace.events[:stuck], whole=False) == []
    assert [lint.rule for lint in find(trace.events[:stuck])] == ["deadlock"]


def test_who_still_goes_on_when_the_recording_ends_has_swallowed_its_cancellation():
    events = in_the_lab(PROGRAMS["a worker that goes on"]).events
    done = next(i for i, event in enumerate(events) if event["do"] == "done")
    assert [lint.rule for lint in find(events[:done])] == ["swallowed-cancellation"]
    assert find(events[:done], whole=False) == []


REAL = {
    "queues, groups, timeouts, threads, streams, a subprocess": """
        import asyncio

        async def worker(queue, baked):
            while True:
                item = await queue.get()
                await asyncio.sleep(0.001)
                baked.append(item)
                queue.task_done()

        async def job(semaphore):
            async with semaphore:
                await asyncio.sleep(0.001)

        async def fail():
            await asyncio.sleep(0.001)
            raise ValueError("smoke")

        async def echo(reader, writer):
            writer.write(await reader.readline())
            await writer.drain()
            writer.close()

        async def count():
            try:
                for n in range(5):
                    await asyncio.sleep(0)
                    yield n
            finally:
                await asyncio.sleep(0)

        async def main():
            queue, baked = asyncio.Queue(3), []
            workers = [asyncio.create_task(worker(queue, baked)) for _ in range(3)]
            for item in range(9):
                await queue.put(item)
            await queue.join()
            for task in workers:
                task.cancel()
            await asyncio.gather(*workers, return_exceptions=True)
            semaphore = asyncio.Semaphore(2)
            await asyncio.gather(*(job(semaphore) for _ in range(5)))
            for first in asyncio.as_completed([job(semaphore), job(semaphore)]):
                await first
            try:
                async with asyncio.TaskGroup() as group:
                    group.create_task(asyncio.sleep(5))
                    group.create_task(fail())
            except* ValueError:
                pass
            for limited in asyncio.wait_for(asyncio.sleep(5), 0.001), in_time():
                try:
                    await limited
                except TimeoutError:
                    pass
            async for n in count():
                if n == 2:
                    break
            await asyncio.to_thread(sum, range(10))
            server = await asyncio.start_server(echo, "127.0.0.1", 0)
            async with server:
                port = server.sockets[0].getsockname()[1]
                reader, writer = await asyncio.open_connection("127.0.0.1", port)
                writer.write(b"hello\\n")
                assert await reader.readline() == b"hello\\n"
                writer.close()
                await writer.wait_closed()
            process = await asyncio.create_subprocess_exec("true")
            await process.wait()

        async def in_time():
            async with asyncio.timeout(0.001):
                await asyncio.sleep(5)

        asyncio.run(main())
        """,
    "aiohttp against aiohttp": """
        import asyncio
        import aiohttp
        from aiohttp import web

        async def handle(request):
            await asyncio.sleep(0.001)
            return web.json_response(int(request.query["n"]))

        async def fetch(session, url, n):
            async with session.get(url, params={"n": n}) as response:
                return await response.json()

        async def main():
            application = web.Application()
            application.router.add_get("/", handle)
            runner = web.AppRunner(application)
            await runner.setup()
            site = web.TCPSite(runner, "127.0.0.1", 0)
            await site.start()
            url = f"http://127.0.0.1:{site._server.sockets[0].getsockname()[1]}/"
            async with aiohttp.ClientSession() as session:
                async with asyncio.TaskGroup() as group:
                    tasks = [group.create_task(fetch(session, url, n)) for n in range(5)]
                assert sum(task.result() for task in tasks) == 10
                try:
                    async with asyncio.timeout(0.0005):
                        await fetch(session, url, 1)
                except TimeoutError:
                    pass
                try:
                    limit = aiohttp.ClientTimeout(total=0.0005)
                    await session.get(url, params={"n": 1}, timeout=limit)
                except TimeoutError:
                    pass
            await runner.cleanup()

        asyncio.run(main())
        """,
}


@pytest.mark.parametrize("depth", ["lines", "switches"])
@pytest.mark.parametrize("name", REAL)
def test_a_program_that_is_right_has_no_lint(name: str, depth: Depth):
    trace = recorded(REAL[name], depth=depth)
    assert trace.cut is None
    # How long a step took on this machine's clock is not the program's doing.
    assert [lint for lint in trace.lints if lint.rule != "blocked-loop"] == []
