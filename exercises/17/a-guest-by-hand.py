"""A guest by hand

A guest is driven by hand, with `send`. Put the lines in the order in which the program prints them.
"""

import types

form = "order"

hints = [
    "A call of an `async def` function makes a coroutine and runs nothing.",
    "`send` returns when the innermost frame yields. Does `breathe` yield?",
]


def program():
    @types.coroutine
    def pause(wish):
        answer = yield wish
        return answer

    async def breathe():
        print("ann takes a breath")

    async def guest():
        print("ann sits down")
        await breathe()
        drink = await pause("a menu")
        print("ann drinks", drink)
        return "a tip"

    ann = guest()
    print("the door opens")
    print("ann wants", ann.send(None))
    try:
        ann.send("tea")
    except StopIteration as stop:
        print("ann leaves", stop.value)


def wrong_runs_at_the_call():
    """`guest()` makes a coroutine and runs nothing. Ann sits down with the first `send`."""
    print("ann sits down")
    print("ann takes a breath")
    print("the door opens")
    print("ann wants a menu")
    print("ann drinks tea")
    print("ann leaves a tip")


def wrong_each_await_pauses():
    """`await breathe()` is a call that runs to its end: nothing in it yields. Ann comes as far as
    her wish with the first `send`."""
    print("the door opens")
    print("ann sits down")
    print("ann wants a menu")
    print("ann takes a breath")
    print("ann drinks tea")
    print("ann leaves a tip")
