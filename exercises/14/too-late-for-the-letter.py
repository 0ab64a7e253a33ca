"""Too early and too late

One callback is left with the box before the letter comes, another one after it. Put the lines in
the order in which the program prints them.
"""

from glassloop.aio.futures import Future
from glassloop.aio.readiness import SelectorLoop

form = "order"

hints = [
    "`set_result` puts the callbacks into the ready queue. Who runs on in the meantime?",
    "For a callback that comes too late nothing is different: it is called through the queue.",
]


def program():
    loop = SelectorLoop()
    box = Future(loop=loop)
    box.add_done_callback(lambda box: print("ann reads", box.result()))
    loop.call_soon(print, "the postman goes")
    box.set_result("all is well")
    print("the letter is in the box")
    box.add_done_callback(lambda box: print("bob reads", box.result()))
    print("bob has left his name")
    loop.call_soon(loop.stop)
    loop.run_forever()
    loop.close()


def wrong_told_at_once():
    """`set_result` calls nobody. It puts Ann into the ready queue, and the lines below it run
    first."""
    print("ann reads all is well")
    print("the letter is in the box")
    print("bob has left his name")
    print("the postman goes")
    print("bob reads all is well")


def wrong_late_one_at_once():
    """The letter is there when Bob leaves his name, and all the same he is called through the
    queue: the line after `add_done_callback` runs first."""
    print("the letter is in the box")
    print("bob reads all is well")
    print("bob has left his name")
    print("the postman goes")
    print("ann reads all is well")
