"""What goes wrong in a cell is shown as the reader's own frames, the same on every Python."""

import pytest
from lab.cells import Cells, printed
from lab.programs import prints

from glassloop.lab import Result


def test_an_exception_ends_the_cell_and_is_shown(cells: Cells) -> None:
    result = cells.run("print('before')\ndef divide(n):\n    return 1 / n\n\ndivide(0)\n3", "x")
    assert result == Result("raised", "ZeroDivisionError")
    assert cells.pieces == [
        ("out", "before\n"),
        (
            "error",
            "Traceback (most recent call last):\n"
            '  File "<cell x>", line 5, in <module>\n'
            "    divide(0)\n"
            '  File "<cell x>", line 3, in divide\n'
            "    return 1 / n\n"
            "ZeroDivisionError: division by zero\n",
        ),
    ]
    assert cells.run("'the next cell'") == Result("ok")


@prints("""
    Traceback (most recent call last):
      File "<cell x>", line 6, in main
        await asyncio.sleep(5)
    asyncio.exceptions.CancelledError

    The above exception was the direct cause of the following exception:

    Traceback (most recent call last):
      File "<cell x>", line 8, in <module>
        asyncio.run(main())
      File "<cell x>", line 5, in main
        async with asyncio.timeout(1):
    TimeoutError
""")
def test_frames_of_the_library_are_left_out() -> None:
    import asyncio

    # The two frames of asyncio between these are not the reader's.
    async def main() -> None:
        async with asyncio.timeout(1):
            await asyncio.sleep(5)

    asyncio.run(main())


@prints("""
    Traceback (most recent call last):
      File "<cell x>", line 6, in <module>
        burn()
      File "<cell x>", line 2, in burn
        raise KeyError("toast")
    KeyError: 'toast'
    It was dark.

    The above exception was the direct cause of the following exception:

    Traceback (most recent call last):
      File "<cell x>", line 9, in <module>
        raise ValueError("no breakfast") from error
    ValueError: no breakfast

    During handling of the above exception, another exception occurred:

    Traceback (most recent call last):
      File "<cell x>", line 11, in <module>
        raise OSError("go out")  # noqa: B904 - the context is what is shown
    OSError: go out
""")
def test_an_exception_may_have_a_cause_a_context_and_notes() -> None:
    def burn() -> None:
        raise KeyError("toast")

    try:
        try:
            burn()
        except KeyError as error:
            error.add_note("It was dark.")
            raise ValueError("no breakfast") from error
    except ValueError:
        raise OSError("go out")  # noqa: B904 - the context is what is shown


@prints("""
      + Exception Group Traceback (most recent call last):
      |   File "<cell x>", line 12, in <module>
      |     asyncio.run(main())
      |   File "<cell x>", line 8, in main
      |     async with asyncio.TaskGroup() as group:
      | ExceptionGroup: unhandled errors in a TaskGroup (2 sub-exceptions)
      +-+---------------- 1 ----------------
        | Traceback (most recent call last):
        |   File "<cell x>", line 5, in fail
        |     raise ValueError(after)
        | ValueError: 1
        +---------------- 2 ----------------
        | Traceback (most recent call last):
        |   File "<cell x>", line 5, in fail
        |     raise ValueError(after)
        | ValueError: 1
        +------------------------------------
""")
def test_a_group_shows_each_of_its_exceptions() -> None:
    import asyncio

    async def fail(after: int) -> None:
        await asyncio.sleep(after)
        raise ValueError(after)

    async def main() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(fail(1))
            group.create_task(fail(1))

    asyncio.run(main())


@prints("""
    Traceback (most recent call last):
      File "<cell x>", line 10, in <module>
        asyncio.run(main())
      File "<cell x>", line 8, in main
        await task
      File "<cell x>", line 3, in never_begun
        async def never_begun() -> None: ...
    asyncio.exceptions.CancelledError
""")
def test_a_task_that_never_began_is_shown_where_it_would_have() -> None:
    import asyncio

    async def never_begun() -> None: ...

    async def main() -> None:
        task = asyncio.create_task(never_begun())
        task.cancel()
        await task

    asyncio.run(main())


def test_frames_of_several_cells_are_told_apart(cells: Cells) -> None:
    cells.run("def fail():\n    raise ValueError('here')", "one")
    cells.run("fail()", "two")
    assert cells.text == (
        "Traceback (most recent call last):\n"
        '  File "<cell two>", line 1, in <module>\n'
        "    fail()\n"
        '  File "<cell one>", line 2, in fail\n'
        "    raise ValueError('here')\n"
        "ValueError: here\n"
    )


def test_a_cell_that_is_no_python_is_shown_where_it_fails(cells: Cells) -> None:
    assert cells.run("x = 1\ny = (2", "x") == Result("raised", "SyntaxError")
    assert cells.text == (
        "  File \"<cell x>\", line 2\n    y = (2\n        ^\nSyntaxError: '(' was never closed\n"
    )
    assert cells.run("await x").error == "SyntaxError"
    assert cells.run("return 1").error == "SyntaxError"
    assert cells.run("if x:\npass").error == "IndentationError"
    assert cells.run("x = 1\n\0").error in ("SyntaxError", "ValueError")  # 3.11.4 changed it
    cells.run("'x' in globals()")
    assert cells.text == "False\n"


@pytest.mark.parametrize("name", ["SystemExit", "KeyboardInterrupt", "GeneratorExit"])
def test_every_exception_stays_in_its_cell(cells: Cells, name: str) -> None:
    assert cells.run(f"raise {name}(3)", "x") == Result("raised", name)
    assert cells.text == (
        "Traceback (most recent call last):\n"
        '  File "<cell x>", line 1, in <module>\n'
        f"    raise {name}(3)\n"
        f"{name}: 3\n"
    )
    program = f"""
        import asyncio
        async def main():
            raise {name}
        asyncio.run(main())
        """
    assert cells.run(program).error == name
    cells.run("asyncio.run(asyncio.sleep(0, 'the loop runs again'))")
    assert cells.text == "'the loop runs again'\n"


def test_exit_ends_the_cell_only(cells: Cells) -> None:
    assert cells.run("import sys\nsys.exit('enough')").error == "SystemExit"
    assert cells.run("1") == Result("ok")


def test_a_log_that_one_cell_sets_up_serves_the_next(cells: Cells) -> None:
    cells.run("import logging\nlogging.basicConfig(format='%(message)s', level='INFO')")
    cells.run("logging.info('still here')")
    assert cells.pieces == [("err", "still here\n")]
    assert printed("import logging\nlogging.info('nobody hears')\nlogging.warning('loud')") == (
        "WARNING:root:loud\n"
    )


@prints("""
    Exception ignored in: <function Bowl.__del__ at 0x…>
    Traceback (most recent call last):
      File "<cell x>", line 3, in __del__
        raise ValueError("broken")
    ValueError: broken
    next
    Exception ignored in: <function Bowl.__del__ at 0x…>
    Traceback (most recent call last):
      File "<cell x>", line 3, in __del__
        raise ValueError("broken")
    ValueError: broken
""")
def test_an_error_that_nobody_can_catch_is_shown() -> None:
    class Bowl:
        def __del__(self) -> None:
            raise ValueError("broken")

    Bowl()
    print("next")
    bowl = Bowl()
    bowl.itself = bowl
    del bowl


@prints("""
    Exception ignored in: <generator object stubborn at 0x…>
    Traceback (most recent call last):
      File "<cell x>", line 9, in <module>
        del guest
    RuntimeError: generator ignored GeneratorExit
    Exception ignored in: <generator object broken at 0x…>
    Traceback (most recent call last):
      File "<cell x>", line 13, in broken
        yield 1
    GeneratorExit

    During handling of the above exception, another exception occurred:

    Traceback (most recent call last):
      File "<cell x>", line 15, in broken
        1 / 0
    ZeroDivisionError: division by zero
    next
""")
def test_a_generator_that_will_not_close_is_shown() -> None:
    def stubborn() -> object:
        try:
            yield 1
        finally:
            yield 2

    guest = stubborn()
    next(guest)
    del guest

    def broken() -> object:
        try:
            yield 1
        finally:
            1 / 0

    guest = broken()
    next(guest)
    del guest
    print("next")


@prints("""
    main ends
    Task exception was never retrieved
    future: <Task finished name='Task-2' coro=<fail() done, defined at <cell x>:3> exception=ValueError('unheard')>
    Traceback (most recent call last):
      File "<cell x>", line 4, in fail
        raise ValueError("unheard")
    ValueError: unheard
""")
def test_a_task_whose_error_nobody_takes_is_reported_when_it_goes() -> None:
    import asyncio

    async def fail() -> None:
        raise ValueError("unheard")

    async def main() -> None:
        task = asyncio.create_task(fail())
        await asyncio.sleep(1)
        print("main ends", end=f"{'' if task.done() else '?'}\n")

    asyncio.run(main())


@prints("""
    Task was destroyed but it is pending!
    task: <Task pending name='Task-1' coro=<wait() done, defined at <cell x>:3> wait_for=<Future pending cb=[Task.task_wakeup()]>>
    Task was destroyed but it is pending!
    task: <Task pending name='Task-3' coro=<wait() running at <cell x>:3>>
    …/asyncio/base_events.py:…: RuntimeWarning: coroutine 'wait' was never awaited
      self._ready.clear()
    RuntimeWarning: Enable tracemalloc to get the object allocation traceback
""")
def test_a_pending_task_that_is_dropped_is_reported() -> None:
    import asyncio

    async def wait() -> None:
        await asyncio.Event().wait()

    loop = asyncio.new_event_loop()
    task = loop.create_task(wait())
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()
    del task, loop
    # This loop is not even closed.
    loop = asyncio.new_event_loop()
    loop.create_task(wait())
    del loop


@prints("""
    Exception in callback fail() at <cell x>:3
    handle: <Handle fail() at <cell x>:3>
    Traceback (most recent call last):
      File "<cell x>", line 4, in fail
        raise ValueError("here")
    ValueError: here
    the loop goes on
""")
def test_an_error_in_a_callback_is_reported_and_the_loop_goes_on() -> None:
    import asyncio

    def fail() -> None:
        raise ValueError("here")

    async def main() -> None:
        asyncio.get_running_loop().call_soon(fail)
        await asyncio.sleep(0)
        print("the loop goes on")

    asyncio.run(main())
