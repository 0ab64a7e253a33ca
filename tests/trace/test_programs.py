"""Whole programs as people write them, with libraries: their traces are true and say why."""

from recorded import recorded, said

from glassloop.trace import Trace

GROUP = """
import asyncio

async def bake(what, delay):
    try:
        await asyncio.sleep(delay)
        raise ValueError("burnt")
    finally:
        await asyncio.sleep(0)

async def kitchen():
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(bake("bread", 3600), name="bread")
            group.create_task(bake("cake", 0.001), name="cake")
    except* ValueError:
        pass

asyncio.run(kitchen())
"""

STREAM = """
import asyncio

async def countdown(n):
    try:
        while n:
            yield n
            n -= 1
            await asyncio.sleep(0)
    finally:
        await asyncio.sleep(0)

async def launch():
    numbers = countdown(3)
    async for n in numbers:
        if n == 2:
            break
    await numbers.aclose()

asyncio.run(launch())
"""

PROCESS = """
import asyncio, sys

async def main():
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", "print(input()[::-1], flush=True); input('more')",
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE)
    process.stdin.write(b"stressed\\n")
    line = await process.stdout.readline()
    ending = asyncio.create_task(process.wait())
    await asyncio.sleep(0)
    process.stdin.write(b"no\\n")
    await ending
    process.stdin.close()

asyncio.run(main())
"""

SERVER = """
import asyncio
import aiohttp
from aiohttp import web

async def hello(request):
    await asyncio.sleep(0.001)
    return web.Response(text="hello " + request.match_info["name"])

async def ask(session, port, name):
    async with session.get(f"http://127.0.0.1:{port}/{name}") as response:
        return await response.text()

async def main():
    app = web.Application()
    app.router.add_get("/{name}", hello)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    async with aiohttp.ClientSession() as session:
        answers = await asyncio.gather(*(ask(session, port, name) for name in ("ann", "bob")))
    await runner.cleanup()
    assert answers == ["hello ann", "hello bob"]

asyncio.run(main())
"""


INTRODUCING = ("made", "call", "task", "object", "queue", "timer")


def proven(source: str) -> Trace:
    """The trace of a program, once nothing in it contradicts itself.

    All that is spoken of was introduced, clock and turns never go back, and no task does anything
    that is not running. A task that starts eagerly runs inside a step of another one.
    """
    trace = recorded(source)
    assert trace.cut is None
    known: set[str] = set()
    tidying: set[str] = set()
    running: list[str] = []
    now = (0.0, 0)
    for event in trace.events:
        do, who = event["do"], event["who"]
        named = {event[key] for key in ("f", "id", "o", "h", "to") if event.get(key)}
        if do in INTRODUCING:
            known |= named
        assert known >= named, event
        assert event["t"] >= now[0], event
        assert event["turn"] >= now[1], event
        now = event["t"], event["turn"]
        if "what" in event and do == "task":
            tidying.add(event["id"])
        elif do == "step":
            running.append(event["id"])
        elif do in ("wait", "done") and event["id"] not in tidying:
            assert running.pop() == event["id"], event
        elif who.startswith("T") and do != "drop" and who not in tidying:
            assert who == running[-1], event
    return trace


def test_a_group_that_fails_asks_its_other_task_to_cancel_and_says_so():
    trace = proven(GROUP)
    assert said(trace, "cancel") == [
        "The task group asks task `bread` to cancel.",
        "The task group asks task `Task-1` to cancel.",
    ]
    assert said(trace, "wait")[0] == (
        "Task `Task-1` suspends in `kitchen` at line 12: "
        "it waits for the group of `bread` and `cake`."
    )
    assert "Task `bread` is done: it was cancelled." in said(trace, "done")


def test_the_chain_leads_through_an_asynchronous_generator():
    trace = proven(STREAM)
    assert said(trace, "yield")[:2] == [
        "`countdown` at line 6 hands out `3` and pauses there.",
        "`countdown` at line 6 hands out `2` and pauses there.",
    ]
    assert said(trace, "wait")[:2] == [
        "Task `Task-1` gives way in `countdown` at line 8; it goes to the end of the ready queue.",
        "Task `Task-1` gives way in `countdown` at line 10; it goes to the end of the ready queue.",
    ]
    chains = [event["chain"] for event in trace.events if event["do"] == "wait"]
    assert all(len(chain) == 4 for chain in chains)  # launch, countdown, sleep and its yield


def test_a_program_that_starts_another_waits_for_its_pipe_and_its_end():
    waits = " ".join(said(proven(PROCESS), "wait"))
    assert "it waits for the start of a process." in waits
    assert "it waits for data on pipe " in waits
    assert "it waits for the end of process " in waits


def test_a_client_and_a_server_of_aiohttp_are_told_by_sockets_and_tasks():
    trace = proven(SERVER)
    told = " ".join(said(trace, "wait", "queue", "timer"))
    assert "`ask('ann')` at line 10: it waits for the connection of socket " in told
    assert "connections to accept at socket " in told
    assert "data to read on socket " in told
    assert "it waits for something unnamed" not in told
    hello = [event for event in trace.events if event["do"] == "call" and event["name"] == "hello"]
    assert len({event["who"] for event in hello}) == 2  # each request is a task of its own
