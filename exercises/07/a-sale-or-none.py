"""All of it, or nothing

A sale changes a register in several steps. If one of them fails, the register has to be as it was.
Write `transaction(register)` for `with transaction(register):`. It hands the register to the block;
after an exception it puts back what was in it, and lets the exception go on.
"""

from contextlib import contextmanager

hints = [
    "`before = dict(register)` is a copy from before the block.",
    "The exception of the block is raised at the `yield`. `except BaseException:` and then `raise` "
    "does something on the way and lets it go on.",
    "The register is the caller's object: change it with `clear` and `update`; a new dictionary "
    "would be yours alone.",
]


@contextmanager
def transaction(register):
    """Undo the changes of a block that fails."""
    before = dict(register)
    try:
        yield register
    except BaseException:
        register.clear()
        register.update(before)
        raise


def check(transaction):
    register = {"coins": 5}
    context = transaction(register)
    assert hasattr(context, "__enter__"), (
        f"`transaction(register)` should be fit for `with`, but is {context!r}. Is it decorated?"
    )
    assert getattr(context, "gen", True) is not None, (
        "`transaction` has no `yield` yet, at which the block could run."
    )
    with context as given:
        assert given is register, f"The block should be given the register, but gets {given!r}."
        register["coins"] = 8
    assert register == {"coins": 8}, f"A sale that went well should be kept, but left {register}."
    for error in KeyError("no such dish"), KeyboardInterrupt():
        caught = None
        try:
            with transaction(register):
                register["notes"] = 1
                del register["coins"]
                raise error
        except BaseException as found:
            caught = found
        assert caught is error, f"The block raised {error!r}; out of `with` came {caught!r}."
        assert register == {"coins": 8}, (
            f"After {error!r} the register should be {{'coins': 8}} again, but is {register}."
        )


def wrong_not_decorated(register):
    """`transaction(register)` should be fit for `with`, but is <generator object transaction at
    0x…>. Is it decorated?"""
    before = dict(register)
    try:
        yield register
    except BaseException:
        register.clear()
        register.update(before)
        raise


@contextmanager
def wrong_always_undone(register):
    """A sale that went well should be kept, but left {'coins': 5}."""
    before = dict(register)
    try:
        yield register
    finally:
        register.clear()
        register.update(before)


@contextmanager
def wrong_swallowed(register):
    """The block raised KeyError('no such dish'); out of `with` came None."""
    before = dict(register)
    try:
        yield register
    except BaseException:
        register.clear()
        register.update(before)


@contextmanager
def wrong_new_dictionary(register):
    """After KeyError('no such dish') the register should be {'coins': 8} again, but is
    {'notes': 1}."""
    before = dict(register)
    try:
        yield register
    except BaseException:
        register = before
        raise


@contextmanager
def wrong_some_exceptions(register):
    """After KeyboardInterrupt() the register should be {'coins': 8} again, but is {'notes': 1}."""
    before = dict(register)
    try:
        yield register
    except Exception:
        register.clear()
        register.update(before)
        raise
