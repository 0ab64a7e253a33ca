"""Timers, and somebody who chops

Some timers, and one callback that keeps the thread for five seconds. Put the lines in the order in
which they are printed.
"""

form = "order"

hints = [
    "What is ready when the turn begins is run before any timer that is due.",
    "A timer that was due while somebody kept the thread fires late, but in the order of times.",
]


def program():
    import time

    from glassloop.aio.timers import TimerLoop

    loop = TimerLoop()
    loop.call_later(2, print, "after two seconds")
    loop.call_later(1, print, "after one second")
    loop.call_later(0, print, "after no time")
    loop.call_soon(print, "soon")
    loop.call_soon(time.sleep, 5)
    loop.call_later(3, loop.stop)
    loop.run_forever()
    print("the loop has ended")


def wrong_timers_first():
    """A timer that is due goes to the end of the ready queue, behind what is there already."""
    print("after no time")
    print("soon")
    print("after one second")
    print("after two seconds")
    print("the loop has ended")


def wrong_in_the_order_of_asking():
    """Timers fire in the order of their times, and not in the order in which they were set."""
    print("soon")
    print("after no time")
    print("after two seconds")
    print("after one second")
    print("the loop has ended")
