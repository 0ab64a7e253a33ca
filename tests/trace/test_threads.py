"""What is recorded where threads run beside the loop, and loops beside one another."""

import threading

from recorded import recorded, said

from glassloop.trace import Trace, record

HELPER = """
import asyncio

def grind(beans):
    return beans * 2

async def kitchen():
    return await asyncio.to_thread(grind, 2)

asyncio.run(kitchen())
"""

TWO_LOOPS = """
import asyncio, threading

async def serve(cups, wanted):
    await wanted.wait()
    return cups

def bar(is_open, loops):
    async def main():
        wanted, closing = asyncio.Event(), asyncio.Event()
        loops.extend([asyncio.get_running_loop(), wanted, closing])
        is_open.set()
        await closing.wait()
    asyncio.run(main())

async def kitchen():
    is_open, loops = threading.Event(), []
    thread = threading.Thread(target=bar, args=(is_open, loops), name="bar")
    thread.start()
    is_open.wait()
    loop, wanted, closing = loops
    order = asyncio.run_coroutine_threadsafe(serve(3, wanted), loop)
    answer = asyncio.wrap_future(order)
    loop.call_soon_threadsafe(wanted.set)
    await answer
    loop.call_soon_threadsafe(closing.set)
    thread.join()

asyncio.run(kitchen())
"""


def of(trace: Trace, who: str, *kinds: str) -> list[str]:
    """The sentences of what `who` has done."""
    return [e["say"] for e in trace.events if e["who"] == who and e["do"] in kinds]


def test_a_thread_is_seen_to_run_what_the_task_waits_for():
    trace = recorded(HELPER)
    assert said(trace, "thread") == ["Task `Task-1` starts thread `asyncio_0`."]
    assert of(trace, "thread asyncio_0", "call", "return") == [
        "Thread `asyncio_0` calls `grind` with `beans = 2`.",
        "`grind` returns `4`; its frame is gone.",
    ]
    assert said(trace, "wait") == [
        "Task `Task-1` suspends in `kitchen` at line 7: "
        "it waits for the call of `grind` in a thread."
    ]
    assert "The call of `grind` in a thread is done, with `4`." in said(trace, "object")


def test_a_loop_in_another_thread_has_turns_and_tasks_of_its_own():
    trace = recorded(TWO_LOOPS)
    made = {event["id"]: event for event in trace.events if event["do"] == "task"}
    by_bar = [event for event in made.values() if event["by"] == "thread bar"]
    assert len([event for event in by_bar if "what" not in event]) == 2
    turns = [event for event in trace.events if event["do"] == "turn"]
    assert {event.get("loop") for event in turns} == {None, "thread bar"}
    assert all((event["who"] == "loop") != ("loop" in event) for event in turns)
    assert len({event["n"] for event in turns}) == len(turns)
    for event in trace.events:
        if event["do"] == "step" and "what" not in made[event["id"]]:
            assert event["who"] == event["id"]


def test_what_a_thread_hands_over_goes_to_the_other_loop_s_queue():
    trace = recorded(TWO_LOOPS)
    assert (
        "A callback goes to the end of the ready queue of thread `bar`: "
        "a coroutine that a thread hands over."
    ) in said(trace, "queue")
    assert "Thread `bar` puts a callback into the loop's ready queue: the answer of a thread." in (
        said(trace, "queue")
    )


def test_loops_one_after_another_count_their_turns_on():
    trace = recorded(
        """
        import asyncio

        async def serve():
            await asyncio.sleep(0)

        asyncio.run(serve())
        total = 1
        asyncio.run(serve())
        """
    )
    turns = [event["n"] for event in trace.events if event["do"] == "turn"]
    assert turns == list(range(1, len(turns) + 1))
    between = next(event for event in trace.events if event.get("set", {}).get("total"))
    assert between["who"] == "main"


def test_a_thread_that_goes_on_behind_the_recording_is_heard_no_more():
    begun, over, done = threading.Event(), threading.Event(), threading.Event()

    def wait() -> None:
        begun.set()
        over.wait()
        done.set()

    with record(own=lambda code: code.co_filename == __file__) as trace:
        threading.Thread(target=wait, name="patient").start()
        begun.wait()
    heard = [event["say"] for event in trace.events]
    over.set()
    done.wait()
    assert "Thread `patient` calls `wait`; it also sees" in str(heard)
    assert [event["say"] for event in trace.events] == heard
