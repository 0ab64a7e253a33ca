"""Which turn?

A callback adds another one and stops the loop. Put the lines in the order in which the program
prints them.
"""

from glassloop.aio.turns import ReadyLoop

form = "order"

hints = [
    "`stop` lets the turn come to its end.",
    "What a callback adds during a turn is run in the next one, when the loop runs again.",
]


def program():
    def last_orders(loop):
        loop.call_soon(print, "one more soup")
        loop.stop()
        print("last orders")

    loop = ReadyLoop()
    loop.call_soon(last_orders, loop)
    loop.call_soon(print, "the salad")
    loop.run_forever()
    print("the loop has stopped")
    loop.call_soon(loop.stop)
    loop.run_forever()
    loop.close()


def wrong_called_at_once():
    """`call_soon` calls nothing. The soup is put behind the salad, into the next turn."""
    print("one more soup")
    print("last orders")
    print("the salad")
    print("the loop has stopped")


def wrong_stops_in_the_turn():
    """`stop` does not break off the turn. The salad stood in the queue when it began."""
    print("last orders")
    print("the loop has stopped")
    print("the salad")
    print("one more soup")
