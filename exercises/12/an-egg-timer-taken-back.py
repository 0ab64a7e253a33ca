"""An egg timer, taken back

Three timers, and the first of them takes the second one back. Put the lines in the order in which
they are printed.
"""

form = "order"

hints = [
    "A timer that is cancelled stays in the heap, and does nothing when its time comes.",
    "`call_soon` puts its callback at the end of the ready queue, where no timer stands yet.",
]


def program():
    from glassloop.aio.timers import TimerLoop

    loop = TimerLoop()

    def no_egg():
        print("no egg today")
        egg.cancel()
        print("cancelled:", egg.cancelled())

    loop.call_later(3, print, "the tea is ready")
    egg = loop.call_later(2, print, "the egg is ready")
    loop.call_later(1, no_egg)
    loop.call_soon(print, "the stove is on")
    loop.call_later(4, loop.stop)
    loop.run_forever()
    print("at t =", round(loop.time() - egg.when() + 2))


def wrong_the_queue_waits_for_the_timers():
    """What stands in the ready queue is run in this turn; the first timer is due a second
    later."""
    print("no egg today")
    print("cancelled: True")
    print("the stove is on")
    print("the tea is ready")
    print("at t = 4")


def wrong_in_the_order_of_asking():
    """Timers fire in the order of their times, and not in that in which they were set; the stove
    stands in the ready queue before any of them is due."""
    print("the tea is ready")
    print("no egg today")
    print("cancelled: True")
    print("the stove is on")
    print("at t = 4")
