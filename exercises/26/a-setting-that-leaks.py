"""A setting that leaks

`at_table(number)` is for `with at_table(7):`. In the block the context variable `table` is 7. But
after an inner block the outer one has lost its number, and after an exception the number stays.

Repair it: at the end of the block, however it ends, the variable is what it was before.
"""

from contextlib import contextmanager
from contextvars import ContextVar

form = "repair"

hints = [
    "`set` returns a token, and the token knows the value from before.",
    "What has to be done at the end of every block belongs into a `finally`.",
]

given = ["table"]

table = ContextVar("table", default="none")


@contextmanager
def at_table(number):
    """Set the number of the table for as long as the block lasts."""
    token = table.set(number)
    try:
        yield
    finally:
        table.reset(token)


@contextmanager
def broken(number):
    """Set the number of the table for as long as the block lasts."""
    table.set(number)
    yield
    table.set("none")


def check(at_table, table):
    before = table.get()
    with at_table(7):
        assert table.get() == 7, f"In `with at_table(7):` the table is {table.get()}."
        with at_table(8):
            assert table.get() == 8, f"In the inner block, of table 8, it is {table.get()}."
        assert table.get() == 7, f"After the inner block the table should be 7, not {table.get()}."
    assert table.get() == before, f"After the block it should be {before!r}, not {table.get()}."
    try:
        with at_table(9):
            raise ValueError("no soup")
    except ValueError:
        pass
    else:
        raise AssertionError("An exception of the block should go on.")
    assert table.get() == before, (
        f"After a block that fails it should be {before!r}, not {table.get()}."
    )


@contextmanager
def wrong_at_table_without_finally(number):
    """After a block that fails it should be 'none', not 9."""
    token = table.set(number)
    yield
    table.reset(token)


@contextmanager
def wrong_at_table_default(number):
    """After the inner block the table should be 7, not none."""
    table.set(number)
    try:
        yield
    finally:
        table.set("none")


@contextmanager
def wrong_at_table_swallows(number):
    """An exception of the block should go on."""
    token = table.set(number)
    try:
        yield
    except Exception:
        pass
    table.reset(token)
