"""Attempts that try to break the checker get a clear verdict, and break nothing."""

import asyncio
import builtins
import os
import sys
from pathlib import Path

import pytest

from glassloop.exercises import Verdict, judge, judging, load, record_attempt

pytestmark = pytest.mark.usefixtures("no_running_loop")

EXERCISE = load(
    '''
"""Three

Write `count()`, which returns 3.
"""

def count():
    return 3

def check(count):
    found = count()
    assert found == 3, f"`count()` should be 3, but is {found}."
'''.strip(),
    "three",
)
RIGHT = "\ndef count():\n    return 3\n"

LONG = "Your attempt has not ended after 200,000 steps. Look for a loop whose condition never "
LONG += "becomes false."
EXIT = "Your attempt ends the interpreter (`{}`). To leave a function there is `return`."
PROCESS = "Your attempt starts or ends processes (`{}`), which no exercise asks for."
FILE = "Your attempt changes files (`{}`). An exercise works with what `check` gives it."
WATCH = "Your attempt changes how the interpreter watches it (`{}`)."
REPLACED = "Your attempt replaces `{}`. The check needs it as it is."


def verdict(attempt: str) -> Verdict:
    """The verdict, after which a right attempt passes and nothing of Python is replaced."""
    kept = [dict(vars(module)) for module in (builtins, asyncio, os)]
    found = judge(EXERCISE, attempt)
    assert [dict(vars(module)) for module in (builtins, asyncio, os)] == kept
    assert judge(EXERCISE, RIGHT).kind == "passed"
    return found


def in_count(*lines: str) -> str:
    return "\n".join(["def count():", *(f"    {line}" for line in lines), ""])


@pytest.mark.parametrize(
    ("attempt", "what"),
    [
        ("import sys\nsys.exit(0)", "SystemExit"),
        ("raise SystemExit", "SystemExit"),
        ("import os\nos._exit(0)", "os._exit"),
        ("import os\nos.abort()", "os.abort"),
        ("import os\nlist(map(os._exit, [0]))", "os._exit"),
    ],
)
@pytest.mark.parametrize("where", ["at once", "when called"])
def test_an_attempt_that_exits_is_told_to_return(attempt: str, what: str, where: str):
    text = attempt if where == "at once" else in_count(*attempt.splitlines())
    found = verdict(text)
    assert (found.kind, found.message) == ("forbidden", EXIT.format(what))
    assert found.line == len(text.splitlines())


def test_to_catch_the_refusal_gains_nothing():
    attempt = "import os\ntry:\n    os._exit(0)\nexcept BaseException:\n    pass\n" + RIGHT
    assert verdict(attempt).message == EXIT.format("os._exit")


@pytest.mark.parametrize(
    ("attempt", "message"),
    [
        ("import os\nos.kill(os.getpid(), 9)", PROCESS.format("os.kill")),
        ("import signal\nsignal.raise_signal(9)", PROCESS.format("signal.raise_signal")),
        ("import os\nos.system('true')", PROCESS.format("os.system")),
        ("import os\nos.fork()", PROCESS.format("os.fork")),
        ("import subprocess\nsubprocess.run(['true'])", PROCESS.format("subprocess.Popen")),
        ("import sys\nsys.setrecursionlimit(10**9)", WATCH.format("sys.setrecursionlimit")),
        ("import sys\nsys.settrace(None)", WATCH.format("sys.settrace")),
        ("import gc\ngc.get_objects()", WATCH.format("gc.get_objects")),
    ],
)
def test_processes_and_limits_are_out_of_reach(attempt: str, message: str):
    found = verdict(attempt + RIGHT)
    assert (found.kind, found.message, found.line) == ("forbidden", message, 2)


@pytest.mark.parametrize(
    ("attempt", "event"),
    [
        ("open({path!r}, 'w').write('x')", "open"),
        ("import pathlib; pathlib.Path({path!r}).write_text('x')", "open"),
        ("import posix; posix.unlink({kept!r})", "os.remove"),
        ("import os; os.rename({kept!r}, {path!r})", "os.rename"),
        ("import shutil; shutil.rmtree({folder!r})", "shutil.rmtree"),
        ("import os; os.mkdir({path!r})", "os.mkdir"),
        ("import tempfile; tempfile.mkdtemp()", "tempfile.mkdtemp"),
    ],
)
def test_files_are_left_alone(attempt: str, event: str, tmp_path: Path):
    kept = tmp_path / "kept.txt"
    kept.write_text("mine")
    places = {"path": str(tmp_path / "new"), "kept": str(kept), "folder": str(tmp_path)}
    found = verdict(attempt.format(**places) + RIGHT)
    assert (found.kind, found.message) == ("forbidden", FILE.format(event))
    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("kept.txt", "mine")]


def test_a_file_may_be_read_and_a_module_imported():
    assert verdict(f"import wave\nopen({__file__!r}).read()" + RIGHT).kind == "passed"


def test_a_million_lines_are_cut():
    found = verdict(in_count("for _ in range(10**6):", "    print('x' * 9)"))
    assert (found.kind, found.line) == ("endless", 3)
    assert found.message.startswith("Stopped after 20,000 characters of output.")
    assert len(found.output) <= 20_000


# A loop that is stopped in its middle is not closed, as nobody is left to close it.
@pytest.mark.filterwarnings("ignore:unclosed:ResourceWarning")
@pytest.mark.parametrize(
    "attempt",
    [
        in_count("while True: pass"),
        in_count("while True:", "    try:", "        while True: pass", "    except: pass"),
        in_count("try:", "    while True: pass", "except BaseException:", "    return 3"),
        "import asyncio\nasync def main():\n    while True: pass\n"
        + in_count("asyncio.run(main())"),
        "import asyncio\nasync def main():\n    while True: await asyncio.sleep(0)\n"
        + in_count("asyncio.run(main())"),
    ],
    ids=["plainly", "catching everything", "catching and returning", "never yielding", "turning"],
)
def test_what_never_ends_is_stopped(attempt: str):
    found = verdict(attempt)
    assert (found.kind, found.message) == ("endless", LONG)


def test_a_loop_that_never_ends_is_told_by_its_line():
    assert verdict(in_count("total = 0", "while True:", "    total += 1")).line in (3, 4)


def test_recursion_without_end_is_an_error_at_its_line():
    found = verdict(in_count("return count()"))
    assert (found.kind, found.line) == ("error", 2)
    assert found.message == "RecursionError: maximum recursion depth exceeded"


@pytest.mark.parametrize("daemon", [False, True])
def test_a_thread_that_is_left_is_stopped(daemon: bool):
    endless = "def tick():\n    while True: time.sleep(1)\n"
    start = f"threading.Thread(target=tick, daemon={daemon}).start()"
    found = verdict(f"import threading, time\n{endless}{start}{RIGHT}")
    assert (found.kind, found.message) == ("endless", LONG)


def test_a_thread_that_ends_is_no_harm():
    attempt = "import threading\nthreading.Thread(target=print, args=['tick']).start()" + RIGHT
    assert verdict(attempt) == Verdict("passed", "", None, "tick\n")


@pytest.mark.parametrize(
    ("attempt", "what"),
    [
        ("import asyncio\nasyncio.run = print", "asyncio.run"),
        ("import asyncio\nasyncio.Lock.acquire = print", "asyncio.Lock.acquire"),
        ("import sys\nsys.modules['asyncio'] = sys", "asyncio"),
        ("import builtins\nbuiltins.AssertionError = KeyError", "AssertionError"),
        (
            "import glassloop.exercises.judging as judging\njudging.judge = print",
            "glassloop.exercises.judging.judge",
        ),
    ],
)
def test_what_is_replaced_is_told_and_put_back(attempt: str, what: str):
    found = verdict(attempt + RIGHT)
    assert (found.kind, found.message) == ("forbidden", REPLACED.format(what))
    assert judging.judge is judge


@pytest.mark.parametrize(
    "attempt",
    [
        "check = lambda count: None\n" + in_count("return 4"),
        "import __main__\n__main__.check = lambda count: None\n" + in_count("return 4"),
    ],
)
def test_a_check_of_its_own_does_not_help(attempt: str):
    assert verdict(attempt).message == "`count()` should be 3, but is 4."


def test_the_check_is_not_to_be_changed_through_its_frame():
    attempt = in_count("import sys", "sys._getframe(1).f_globals['check'] = print", "return 3")
    assert verdict(attempt).message == REPLACED.format("check")


@pytest.mark.parametrize(
    ("attempt", "message"),
    [
        ("def count(\n", "SyntaxError: '(' was never closed"),
        ("\0", "SyntaxError: source code string cannot contain null bytes"),
        (
            "class E(BaseException):\n    def __str__(self): 1 / 0\nraise E",
            "E: <exception str() failed>",
        ),
        (in_count("assert False, 'mine'"), "AssertionError: mine"),
    ],
)
def test_whatever_an_attempt_raises_it_is_a_verdict(attempt: str, message: str):
    found = verdict(attempt)
    assert found.kind == "error"
    assert found.message.endswith(message)


def test_an_attempt_without_standard_output_harms_nobody():
    assert verdict("import sys\nsys.stdout = None" + RIGHT).kind == "passed"
    assert sys.stdout is not None


def test_an_attempt_that_breaks_off_can_be_stepped_all_the_same():
    for attempt in ("raise SystemExit", in_count("while True: pass"), "import os\nos._exit(0)"):
        assert record_attempt(EXERCISE, attempt).events
