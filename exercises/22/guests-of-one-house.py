"""Guests of one house

Write `run_all(coroutines)`: it runs several coroutines, one after the other, on *one* loop, and
returns the list of their results. What one has set in a context variable, the next one sees. At the
end the loop is closed, also if one of them fails.
"""

import asyncio
import contextvars

hints = [
    "`asyncio.run` makes a loop and a context for each call. What does a `Runner` do?",
    "`with asyncio.Runner() as runner:` closes everything at the end of the block.",
]


def run_all(coroutines):
    """Run coroutines one after the other on one loop."""
    with asyncio.Runner() as runner:
        return [runner.run(coroutine) for coroutine in coroutines]


def check(run_all):
    guest = contextvars.ContextVar("guest", default="nobody")
    loops, log = [], []

    async def enter(name):
        loops.append(asyncio.get_running_loop())
        log.append(f"{name} comes in after {guest.get()}")
        guest.set(name)
        await asyncio.sleep(1)
        log.append(f"{name} has sat down")
        return name.upper()

    async def fails():
        loops.append(asyncio.get_running_loop())
        raise ValueError("the house is full")

    found = run_all([enter("ann"), enter("bob")])
    assert len(loops) == 2, f"Two coroutines should be run; {len(loops)} began."
    assert loops[0] is loops[1], "Each of them had a loop of its own. They should share one."
    wanted = ["ann comes in after nobody", "ann has sat down", "bob comes in after ann"]
    assert log[:3] == wanted, f"It should begin with {wanted}, but was {log}."
    assert found == ["ANN", "BOB"], f"The results are ['ANN', 'BOB'], not {found}."
    closed = _closed_after(run_all, fails, loops)
    assert closed, "At the end the loop should be closed, also if a coroutine fails."


def _closed_after(run_all, fails, loops):
    try:
        run_all([fails()])
    except ValueError:
        return all(loop.is_closed() for loop in loops)
    finally:
        for loop in loops:
            loop.close()
    raise AssertionError("An exception of a coroutine should go on.")


def wrong_a_loop_for_each(coroutines):
    """Each of them had a loop of its own. They should share one."""
    return [asyncio.run(coroutine) for coroutine in coroutines]


def wrong_all_at_once(coroutines):
    """It should begin with ['ann comes in after nobody', 'ann has sat down', 'bob comes in after
    ann'], but was ['ann comes in after nobody', 'bob comes in after nobody', 'ann has sat down',
    'bob has sat down']."""

    async def main():
        return await asyncio.gather(*coroutines)

    return asyncio.run(main())


def wrong_never_closed(coroutines):
    """At the end the loop should be closed, also if a coroutine fails."""
    runner = asyncio.Runner()
    results = [runner.run(coroutine) for coroutine in coroutines]
    runner.close()
    return results


def wrong_a_task_for_each(coroutines):
    """It should begin with ['ann comes in after nobody', 'ann has sat down', 'bob comes in after
    ann'], but was ['ann comes in after nobody', 'ann has sat down', 'bob comes in after nobody',
    'bob has sat down']."""

    async def main():
        return [await asyncio.create_task(coroutine) for coroutine in coroutines]

    return asyncio.run(main())
