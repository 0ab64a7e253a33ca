"""What is recorded of an event loop: tasks, timers, turns, locks."""

from recorded import kinds, recorded, said

KITCHEN = """
import asyncio

async def bake(lock, what):
    async with lock:
        await asyncio.sleep(0.01)
    return what

async def kitchen():
    oven = asyncio.Lock()
    bread = asyncio.create_task(bake(oven, "bread"), name="bread")
    cake = asyncio.create_task(bake(oven, "cake"), name="cake")
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    cake.cancel()
    await bread
    try:
        await cake
    except asyncio.CancelledError:
        pass

asyncio.run(kitchen())
"""


def test_tasks_are_made_started_suspended_woken_and_done():
    sentences = said(recorded(KITCHEN), "task", "step", "wait", "done")
    assert "Task `Task-1` makes task `bread` for `bake('bread')`. It has not run yet." in sentences
    assert "The loop starts task `bread`." in sentences
    assert (
        "Task `cake` suspends in `bake('cake')` at line 4: it waits for the lock `oven`, "
        "which task `bread` holds."
    ) in sentences
    assert "Task `bread` is done; its result is `'bread'`." in sentences
    assert "Task `cake` is done: it was cancelled." in sentences


def test_a_cancellation_names_who_asked_and_whom():
    assert said(recorded(KITCHEN), "cancel") == ["Task `Task-1` asks task `cake` to cancel."]


def test_a_lock_tells_its_holder_and_who_waits():
    facts = said(recorded(KITCHEN), "object")
    assert "The lock `oven` is held by task `bread`." in facts
    assert "The lock `oven` is held by task `bread` and is waited for by task `cake`." in facts


def test_a_bare_yield_to_the_loop_waits_for_nothing():
    trace = recorded(KITCHEN)
    waits = [event["on"] for event in trace.events if event["do"] == "wait" and event["id"] == "T1"]
    assert waits[:2] == [None, None]


def test_each_turn_looks_at_the_sockets_once_and_runs_what_was_ready():
    trace = recorded(KITCHEN)
    assert kinds(trace, "turn", "select", "awake")[:6] == ["turn", "select", "awake"] * 2


def test_nobody_runs_who_was_not_resumed():
    running = None
    events = recorded(KITCHEN).events
    # Of the tasks by which `asyncio.run` tidies up only the beginning and the end are told.
    tidying = {event["id"] for event in events if event["do"] == "task" and "what" in event}
    for event in events:
        if event.get("id") in tidying:
            continue
        if event["do"] == "step":
            assert running is None
            running = event["id"]
        elif event["do"] in ("wait", "done"):
            assert event["id"] == running
            running = None
        elif event["who"].startswith("T"):
            assert event["who"] == running


def test_an_exception_of_a_task_is_told_and_still_counts_as_never_retrieved(caplog):
    trace = recorded(
        """
        import asyncio, gc

        async def burn():
            raise ValueError("smoke")

        async def kitchen():
            asyncio.create_task(burn())
            await asyncio.sleep(0.01)
            gc.collect()

        asyncio.run(kitchen())
        """
    )
    assert "Task `Task-2` is done: it failed with `ValueError('smoke')`." in said(trace, "done")
    assert "Task exception was never retrieved" in caplog.text
