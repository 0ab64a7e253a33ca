"""A waiter for coroutines

Write `serve(coroutine, card)`, which runs a coroutine to its end without any loop. The coroutine
yields wishes, by `await pause(wish)` as in this chapter. For each wish it is sent what stands
beside it on the card, a dictionary. `serve` returns what the coroutine returns.
"""

import types

hints = [
    "The first `send` is `send(None)`: there is no wish to be answered yet.",
    "`StopIteration` says that the coroutine has returned; its `value` is the result.",
]


def serve(coroutine, card):
    """Answer each wish of a coroutine from the card; return its result."""
    answer = None
    while True:
        try:
            wish = coroutine.send(answer)
        except StopIteration as stop:
            return stop.value
        answer = card[wish]


def check(serve):
    heard = []

    @types.coroutine
    def pause(wish):
        answer = yield wish
        heard.append(answer)
        return answer

    async def guest(*wishes):
        return [await pause(wish) for wish in wishes]

    card = {"a drink": "tea", "a dish": "soup"}
    for wishes, wanted in (
        (["a drink", "a dish"], ["tea", "soup"]),
        (["a dish"], ["soup"]),
        ([], []),
    ):
        heard.clear()
        coroutine = guest(*wishes)
        found = serve(coroutine, card)
        coroutine.close()
        assert heard == wanted, f"The guest wished {wishes} and got {heard}, not {wanted}."
        assert found == wanted, f"The guest returned {wanted}, but `serve` returned {found!r}."


def wrong_one_wish(coroutine, card):
    """The guest wished ['a drink', 'a dish'] and got ['tea'], not ['tea', 'soup']."""
    wish = coroutine.send(None)
    try:
        coroutine.send(card[wish])
    except StopIteration as stop:
        return stop.value


def wrong_with_for(coroutine, card):
    """TypeError: 'coroutine' object is not iterable"""
    for wish in coroutine:
        coroutine.send(card[wish])


def wrong_the_wish_is_sent_back(coroutine, card):
    """The guest wished ['a drink', 'a dish'] and got ['a drink', 'a dish'], not ['tea', 'soup']."""
    wish = None
    while True:
        try:
            wish = coroutine.send(wish)
        except StopIteration as stop:
            return stop.value


def wrong_no_result(coroutine, card):
    """The guest returned ['tea', 'soup'], but `serve` returned None."""
    answer = None
    try:
        while True:
            answer = card[coroutine.send(answer)]
    except StopIteration:
        pass
