"""A loop in no time

For tests it is a nuisance that a program with a timeout of an hour takes an hour. `QuickLoop` is a
`TimerLoop` with a clock of its own, which begins at 0. Where the loop would wait, it puts its clock
forward. But it waits as well.

Repair it: nobody should have to wait.
"""

import time

from glassloop.aio.timers import TimerLoop

form = "repair"

hints = [
    "`_wait(timeout)` is called when there is nothing to do for so many seconds.",
    "All that has to happen there is that the loop's clock shows a later time.",
]


class QuickLoop(TimerLoop):
    """A loop whose clock moves where it would wait."""

    def __init__(self):
        self.now = 0.0
        super().__init__(lambda: self.now)

    def _wait(self, timeout):
        self.now += timeout


class broken(TimerLoop):
    """A loop whose clock moves where it would wait."""

    def __init__(self):
        self.now = 0.0
        super().__init__(lambda: self.now)

    def _wait(self, timeout):
        super()._wait(timeout)
        self.now += timeout


def check(QuickLoop):
    loop, fired = QuickLoop(), []
    assert loop.time() == 0, f"Its clock should begin at 0, not at {loop.time()}."
    real = time.monotonic()
    for delay in (3600, 0.5):
        loop.call_later(delay, lambda: fired.append(loop.time()))
    loop.call_later(7200, loop.stop)
    loop.run_forever()
    loop.close()
    assert fired == [0.5, 3600], (
        f"Timers for 0.5 and 3600 s should fire when its clock shows these, not {fired}."
    )
    waited = time.monotonic() - real
    assert waited == 0, f"Nobody should have to wait, but {waited} s have passed outside."


class wrong_waits_half_as_long(TimerLoop):
    """Nobody should have to wait, but 3600.0 s have passed outside."""

    def __init__(self):
        self.now = 0.0
        super().__init__(lambda: self.now)

    def _wait(self, timeout):
        super()._wait(timeout / 2)
        self.now += timeout


class wrong_by_whole_seconds(TimerLoop):
    """Timers for 0.5 and 3600 s should fire when its clock shows these, not [1.0, 3600.0]."""

    def __init__(self):
        self.now = 0.0
        super().__init__(lambda: self.now)

    def _wait(self, timeout):
        self.now += 1 if timeout else 0
