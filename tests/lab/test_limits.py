"""Every cell ends: at a number of steps or of characters, with a message, and the next one works."""

import asyncio
import gc
import sys
import threading

import pytest
from lab.cells import Cells
from lab.programs import prints

from glassloop.lab import Result, Session

STEPS = 2_000
STOPPED = (
    "Stopped after 2,000 steps: the cell does not seem to end. "
    "Look for a loop whose condition never becomes false.\n"
)
NEVER_ENDING = {
    "a loop on one line": "while True: pass",
    "a loop": "n = 0\nwhile n >= 0:\n    n += 1",
    "a loop over an iterator without end": "for n in iter(int, 1):\n    n",
    "a comprehension": "[n for n in iter(int, 1)]",
    "a loop that catches everything": """
        while True:
            try:
                while True: pass
            except:
                pass
        """,
    "a loop that goes on whatever happens": """
        while True:
            try:
                while True:
                    pass
            finally:
                continue
        """,
    "a loop in a block that suppresses everything": """
        import contextlib

        while True:
            with contextlib.suppress(BaseException):
                while True:
                    pass
        """,
    "a loop that catches everything, in a string": """
        exec("while True:\\n try:\\n  while True: pass\\n except: pass")
        """,
    "a loop that catches all that a call raises": """
        def spin():
            while True:
                pass

        while True:
            try:
                spin()
            except:
                continue
        """,
    "a loop that always begins again": """
        def again():
            try:
                while True:
                    pass
            except BaseException:
                again()
            finally:
                again()

        again()
        """,
    "a generator": """
        def numbers():
            while True:
                yield 1

        sum(numbers())
        """,
    "a generator that will not be closed": """
        def stubborn():
            while True:
                try:
                    yield
                except:
                    pass

        for _ in stubborn():
            pass
        """,
    "a loop in asyncio that never waits": """
        import asyncio

        async def main():
            while True:
                await asyncio.sleep(0)

        asyncio.run(main())
        """,
    "a loop in asyncio that catches everything": """
        import asyncio

        async def main():
            while True:
                try:
                    await asyncio.sleep(1)
                except:
                    pass

        asyncio.run(main())
        """,
    "tasks that wake each other": """
        import asyncio

        async def play(mine, yours):
            while True:
                await mine.wait()
                mine.clear()
                yours.set()

        async def main():
            ping, pong = asyncio.Event(), asyncio.Event()
            ping.set()
            await asyncio.gather(play(ping, pong), play(pong, ping), return_exceptions=True)

        asyncio.run(main())
        """,
    "a callback that calls itself": """
        import asyncio
        loop = asyncio.new_event_loop()

        def again():
            loop.call_soon(again)

        again()
        loop.run_forever()
        """,
    "a clock that ticks for ever": "import time\nwhile True: time.sleep(1)",
    "a selector that is always ready": """
        import selectors, socket
        left, right = socket.socketpair()
        selector = selectors.DefaultSelector()
        selector.register(left, selectors.EVENT_WRITE)
        while True:
            selector.select()
        """,
    "a thread": """
        import threading

        def spin():
            while True:
                pass

        threading.Thread(target=spin).start()
        """,
    "a call in a thread pool": """
        import asyncio

        def spin():
            while True:
                pass

        asyncio.run(asyncio.to_thread(spin))
        """,
    "a finaliser": """
        class Ghost:
            def __del__(self):
                while True:
                    pass

        Ghost()
        "gone"
        """,
    "a finaliser that runs when the cell has been stopped": """
        class Ghost:
            def __del__(self):
                while True:
                    try:
                        pass
                    except:
                        pass

        ghost = Ghost()
        ghost.itself = ghost
        del ghost
        while True: pass
        """,
    "a representation": """
        class Endless:
            def __repr__(self):
                while True:
                    pass

        Endless()
        """,
    "code in a string": "exec('while True: pass')",
}
if sys.version_info >= (3, 12):
    # Python 3.11 switches a trace function off that meets the end of the stack.
    NEVER_ENDING["recursion that catches everything"] = """
        def fork():
            try:
                fork()
            except:
                fork()

        fork()
        """


# Real threads and real seconds are not the lab's to stop.
NEVER_ENDING_FOR_REAL = {
    name: source
    for name, source in NEVER_ENDING.items()
    if "thread" not in source and "sleep(1)" not in source
}
WAYS = [
    pytest.param(source, how, id=f"{name}-{how}")
    for how, programs in {
        "simulated": NEVER_ENDING,
        "recorded": NEVER_ENDING,
        "real": NEVER_ENDING_FOR_REAL,
    }.items()
    for name, source in programs.items()
]


# A stopped program has closed nothing.
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
@pytest.mark.parametrize(("source", "how"), WAYS)
def test_what_never_ends_is_stopped_and_the_next_cell_works(source: str, how: str) -> None:
    simulate = how != "real"
    cells = Cells(step_limit=STEPS)
    result = cells.run(source, simulate=simulate, recorded=how == "recorded")
    assert (result.status, result.error) == ("stopped", "StepLimit")
    assert cells.text == STOPPED
    assert cells.run("globals().clear()\nprint('next')", simulate=simulate) == Result("ok")
    assert cells.text == "next\n"
    cells.run("import asyncio\nasyncio.run(asyncio.sleep(0, 'the loop works'))", simulate=simulate)
    assert cells.text == "'the loop works'\n"
    gc.collect()


def test_what_was_printed_before_the_limit_stays() -> None:
    cells = Cells(step_limit=STEPS)
    cells.run("print('before')\nprint('a line that does not end', end='')\nwhile True: pass")
    assert cells.pieces == [
        ("out", "before\n"),
        ("out", "a line that does not end"),
        ("error", "\n" + STOPPED),
    ]


def test_nothing_is_printed_after_the_limit() -> None:
    cells = Cells(step_limit=STEPS)
    cells.run(
        """
        import asyncio

        class Loud:
            def __del__(self):
                print("deleted")

        async def child():
            try:
                await asyncio.Event().wait()
            finally:
                print("child ends")

        async def unawaited(): ...

        async def main():
            global task, kept, coroutine
            loud = Loud()
            task = asyncio.create_task(child())
            kept = asyncio.create_task(asyncio.sleep(5))
            coroutine = unawaited()
            asyncio.get_running_loop().call_later(1, print, "timer")
            try:
                while True:
                    await asyncio.sleep(0)
            finally:
                print("main ends")

        asyncio.run(main())
        """
    )
    assert cells.text == STOPPED
    cells.run("del task, kept, coroutine, main\nprint('quiet')")
    assert cells.text == "quiet\n"
    cells.run("import time\ntime.sleep(10)\nasyncio.run(asyncio.sleep(10))\nprint('still quiet')")
    assert cells.text == "still quiet\n"


@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
def test_what_a_stopped_task_raises_as_it_is_closed_stays_in_its_cell() -> None:
    cells = Cells(step_limit=STEPS)
    result = cells.run(
        """
        import asyncio

        async def child():
            try:
                await asyncio.Event().wait()
            finally:
                1 / 0

        async def main():
            global task
            task = asyncio.create_task(child())
            await asyncio.sleep(0)
            while True: pass

        asyncio.run(main())
        """
    )
    assert (result.status, cells.text) == ("stopped", STOPPED)
    cells.run("del task, main\nprint('quiet')")
    assert cells.text == "quiet\n"


def test_a_stopped_cell_leaves_the_tasks_of_its_host_alone() -> None:
    async def wait(signal: asyncio.Event) -> str:
        await signal.wait()
        return "still here"

    signal, loop = asyncio.Event(), asyncio.new_event_loop()
    task = loop.create_task(wait(signal))
    loop.run_until_complete(asyncio.sleep(0))
    assert Cells(step_limit=STEPS).run("while True: pass").status == "stopped"
    signal.set()
    assert loop.run_until_complete(task) == "still here"
    loop.close()


def test_a_thread_of_a_stopped_cell_does_not_go_on_in_the_next() -> None:
    cells = Cells(step_limit=STEPS)
    cells.run(
        """
        import threading, time

        def late():
            time.sleep(5)
            print("late")

        threading.Thread(target=late).start()
        while True: pass
        """
    )
    assert cells.text == STOPPED
    cells.run("time.sleep(10)\nprint('next')")
    assert cells.text == "next\n"


def test_a_cell_that_ends_in_time_is_not_stopped() -> None:
    cells = Cells(step_limit=STEPS)
    for _ in range(4):  # each has the whole limit
        assert cells.run("for n in range(1_000): pass\nn") == Result("ok")
        assert cells.text == "999\n"


def test_a_program_that_catches_the_limit_is_told_of_it_at_the_end() -> None:
    cells = Cells(step_limit=STEPS, output_limit=100)
    assert cells.run("try:\n    while True: pass\nexcept BaseException: x = 1").error == "StepLimit"
    assert cells.text == STOPPED
    assert cells.run("try:\n    print('x' * 200)\nexcept BaseException: x = 1") == Result(
        "stopped", "OutputLimit"
    )


@pytest.mark.parametrize(
    "source",
    [
        "while True: print('0123456789')",
        "print('0123456789\\n' * 1_000)",
        "import sys\nwhile True: sys.stderr.write('0123456789\\n')",
        "while True:\n    try: print('0123456789')\n    except Exception: pass",
        "import asyncio\nasync def main():\n    while True: print('0123456789')\nasyncio.run(main())",
        "import threading\nthreading.Thread(target=lambda: print('0123456789\\n' * 99)).start()",
    ],
)
def test_output_is_cut_at_its_limit(source: str) -> None:
    cells = Cells(output_limit=115)
    assert cells.run(source) == Result("stopped", "OutputLimit")
    assert cells.text == "0123456789\n" * 10 + "01234\nStopped after 115 characters of output.\n"
    cells.run("print('next')")
    assert cells.text == "next\n"


def test_values_and_tracebacks_are_cut_too() -> None:
    cells = Cells(output_limit=20)
    assert cells.run("list(range(100))").error == "OutputLimit"
    assert cells.text == "[0, 1, 2, 3, 4, 5, 6\nStopped after 20 characters of output.\n"
    assert cells.run("[].remove('x' * 100)").error == "OutputLimit"
    assert cells.text == "Traceback (most rece\nStopped after 20 characters of output.\n"


def test_output_of_just_the_limit_is_whole() -> None:
    cells = Cells(output_limit=5)
    assert cells.run("print('four')") == Result("ok")
    assert cells.text == "four\n"


@prints("""
    stopped StepLimit Stopped after 1,000 steps: the cell does not seem to end.
    stopped StepLimit Stopped after 1,000 steps: the cell does not seem to end.
    stopped StepLimit Stopped after 1,000 steps: the cell does not seem to end.
    stopped OutputLimit xxxxxxxxxx
    Stopped after 10 characters of output.
    ok  2
""")
def test_limits_hold_in_a_browser_too() -> None:
    from glassloop.lab import Session

    def run(source: str) -> None:
        result = session.run(source, "inner")
        print(result.status, result.error, "".join(heard).strip().partition(" Look")[0])
        heard.clear()

    heard: list[str] = []
    session = Session(lambda _, text: heard.append(text), step_limit=1_000)
    run("while True: pass")
    run("while True:\n    try:\n        while True: pass\n    except: pass")
    run("import asyncio\nasync def f():\n    while True: await asyncio.sleep(0)\nasyncio.run(f())")
    session = Session(lambda _, text: heard.append(text), output_limit=10)
    run("while True: print('x', end='')")
    run("1 + 1")


@pytest.mark.parametrize("depth", ["lines", "switches"])
def test_a_recording_that_was_stopped_leaves_no_trace_function_behind(depth: str) -> None:
    before = sys.gettrace(), threading.gettrace()
    session = Session(lambda stream, text: None, step_limit=20_000)
    session.run("while True: pass", "1", recorded=True, depth=depth)
    assert (sys.gettrace(), threading.gettrace()) == before
