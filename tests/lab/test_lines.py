"""Warnings and entries of a log name the reader's lines, as a plain Python would.

The programs are strings, so that their lines stay where they are when this file is formatted.
"""

from lab.programs import prints


@prints(
    """
    <cell x>:7: RuntimeWarning: coroutine 'brew' was never awaited
      brew()  # and no await
    RuntimeWarning: Enable tracemalloc to get the object allocation traceback
    no tea
    """,
    source="""
    import asyncio

    async def brew():
        return "tea"

    async def main():
        brew()  # and no await
        print("no tea")

    asyncio.run(main())
    """,
)
def test_a_coroutine_that_nobody_awaits_is_warned_of_where_it_is_dropped() -> None: ...


@prints(
    """
    <cell x>:5: UserWarning: no bread
      warnings.warn("no bread")
    <cell x>:10: UserWarning: bake() needs bread
      bake(
    <cell x>:13: DeprecationWarning: the oven is old
      warnings.warn("the oven is old", DeprecationWarning)
    """,
    source="""
    import warnings

    def bake(bread):
        if bread is None:
            warnings.warn("no bread")
            warnings.warn(
                "bake() needs bread", stacklevel=2
            )

    bake(
        None
    )
    warnings.warn("the oven is old", DeprecationWarning)
    """,
)
def test_a_warning_names_its_own_line_or_its_callers() -> None: ...


@prints(
    """
    <cell x>:2: SyntaxWarning: assertion is always true, perhaps remove parentheses?
      assert (
    runs all the same
    """,
    source="""
    def check(loaves):
        assert (
            loaves > 0,
            "no bread",
        )

    check(0)
    print("runs all the same")
    """,
)
def test_the_compiler_warns_of_a_line_of_the_cell() -> None: ...


@prints(
    """
    <cell x>:11 bake: smoke
    Traceback (most recent call last):
      File "<cell x>", line 9, in bake
        burn("toast")
      File "<cell x>", line 5, in burn
        raise ValueError(what)
    ValueError: toast
    <cell x>:14 <module>: who called?
    Stack (most recent call last):
      File "<cell x>", line 14, in <module>
        logging.error("who called?", stack_info=True)
    """,
    source="""
    import logging
    logging.basicConfig(format="%(filename)s:%(lineno)d %(funcName)s: %(message)s")

    def burn(what):
        raise ValueError(what)

    def bake():
        try:
            burn("toast")
        except ValueError:
            logging.exception("smoke")

    bake()
    logging.error("who called?", stack_info=True)
    """,
)
def test_an_entry_of_a_log_has_its_line_and_the_frames_of_its_error() -> None: ...


@prints(
    """
    Exception in callback ring() at <cell x>:3
    handle: <Handle ring() at <cell x>:3 created at <cell x>:7>
    source_traceback: Object created at (most recent call last):
      File "<cell x>", line 11, in <module>
        ask()
      File "<cell x>", line 7, in ask
        loop.call_soon(ring)
    Traceback (most recent call last):
      File "<cell x>", line 4, in ring
        raise KeyError("bell")
    KeyError: 'bell'
    the loop goes on
    """,
    source="""
    import asyncio

    def ring():
        raise KeyError("bell")

    def ask():
        loop.call_soon(ring)

    loop = asyncio.new_event_loop()
    loop.set_debug(True)
    ask()
    loop.run_until_complete(asyncio.sleep(0))
    print("the loop goes on")
    loop.close()
    """,
)
def test_in_debug_mode_a_log_also_says_where_a_callback_was_asked_for() -> None: ...
