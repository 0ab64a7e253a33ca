"""A stove that stays on

`with stove(log):` turns a stove on for a block and off behind it. When the dish burns, that is,
when the block raises, it stays on. Repair it. The exception is none of the stove's business: it
goes on.
"""

from contextlib import contextmanager

form = "repair"

hints = [
    "Where in `stove` is the exception raised that left the block?",
    "What has to happen on every way out stands in `finally`.",
]


@contextmanager
def stove(log):
    """Turn a stove on for a block."""
    log.append("on")
    try:
        yield
    finally:
        log.append("off")


@contextmanager
def broken(log):
    """Turn a stove on for a block."""
    log.append("on")
    yield
    log.append("off")


def check(stove):
    log = []
    with stove(log):
        assert log == ["on"], f"In the block the stove should be on; its log says {log}."
    assert log == ["on", "off"], f"After the block the stove should be off; its log says {log}."
    log, caught = [], None
    try:
        with stove(log):
            raise ValueError("burnt")
    except Exception as error:
        caught = error
    assert log == ["on", "off"], f"After a burnt dish its log says {log}: it should be off."
    assert repr(caught) == "ValueError('burnt')", (
        f"The block raised ValueError('burnt'), but out of `with` came {caught!r}."
    )


@contextmanager
def wrong_returns_in_finally(log):
    """The block raised ValueError('burnt'), but out of `with` came None."""
    log.append("on")
    try:
        yield
    except ValueError:
        pass
    log.append("off")


@contextmanager
def wrong_off_at_once(log):
    """In the block the stove should be on; its log says ['on', 'off']."""
    log.append("on")
    log.append("off")
    yield


@contextmanager
def wrong_yields_again(log):
    """After a burnt dish its log says ['on']: it should be off."""
    log.append("on")
    try:
        yield
    except ValueError:
        yield
    log.append("off")
