"""One turn at a time

Write `make_turns(loop, number)`: it lets a loop that is not running make exactly so many turns, and
no more.
"""

import asyncio

hints = [
    "When is the mark that `loop.stop()` sets looked at?",
    "`loop.stop()` and then `loop.run_forever()` is one turn. How often is that needed?",
]


def make_turns(loop, number):
    """Let a loop make so many turns."""
    for _ in range(number):
        loop.stop()
        loop.run_forever()


def check(make_turns):
    class CountingLoop(asyncio.SelectorEventLoop):
        turn = 0

        def _run_once(self):
            self.turn += 1
            super()._run_once()

    loop, log = CountingLoop(), []

    def spin():
        log.append(loop.turn)
        if loop.turn < 50:
            loop.call_soon(spin)

    loop.call_soon(spin)
    try:
        for number, wanted in ((1, 1), (3, 4), (0, 4), (2, 6)):
            make_turns(loop, number)
            assert loop.turn == wanted, (
                f"After `make_turns(loop, {number})` the loop should have made {wanted} in all, "
                f"but has made {loop.turn}."
            )
            assert log[-1] == wanted, f"The callback should have run in turn {wanted}."
            assert not loop.is_closed(), "The loop should not be closed."
    finally:
        if not loop.is_closed():
            loop.close()


def wrong_one_is_enough(loop, number):
    """After `make_turns(loop, 3)` the loop should have made 4 in all, but has made 2."""
    loop.stop()
    loop.run_forever()


def wrong_stop_comes_a_turn_later(loop, number):
    """After `make_turns(loop, 0)` the loop should have made 4 in all, but has made 5."""
    left = number

    def count():
        nonlocal left
        left -= 1
        if left > 0:
            loop.call_soon(count)
        else:
            loop.stop()

    loop.call_soon(count)
    loop.run_forever()


def wrong_sleeps_of_nothing(loop, number):
    """After `make_turns(loop, 1)` the loop should have made 1 in all, but has made 3."""
    for _ in range(number):
        loop.run_until_complete(asyncio.sleep(0))
