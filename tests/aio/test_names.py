"""The names of our asyncio are CPython's: those of 3.14, and those of its modules."""

import asyncio
import logging
import re
import subprocess
import sys
import textwrap
from pathlib import Path
from unittest import mock

import pytest

from glassloop import aio
from glassloop.aio import layout

ROOT = Path(__file__).resolve().parents[2]
NAMES = (Path(__file__).parent / "names_of_cpython_3_14.txt").read_text().split()


def standing_in(folder: Path, program: str) -> str:
    """What a program prints whose `asyncio` is ours."""
    (folder / "asyncio").symlink_to(ROOT / "src" / "glassloop" / "aio")
    hidden = "import sys; sys.modules['_asyncio'] = None\n"
    (folder / "sitecustomize.py").write_text(hidden)
    return subprocess.run(
        [sys.executable, "-c", textwrap.dedent(program)],
        env={"PYTHONPATH": str(folder)},
        check=True,
        capture_output=True,
        text=True,
    ).stdout


def test_the_names_that_are_missing_are_those_that_the_docstring_gives(tmp_path: Path) -> None:
    program = f"""
        import asyncio, operator
        for name in {NAMES!r}:
            try:
                operator.attrgetter(name)(asyncio)
            except AttributeError:
                print(name)
    """
    missing = set(standing_in(tmp_path, program).split())
    _, _, excuses = (aio.__doc__ or "").partition("Missing of CPython 3.14's names")
    assert missing == set(re.findall(r"`(\w+)`", excuses)) & set(NAMES)
    assert missing


def test_all_holds_the_public_names_and_no_module() -> None:
    public = {name for name in NAMES if "." not in name and not name.startswith("_")}
    assert public - set(aio.__all__) == {name for name in public if not hasattr(aio, name)}
    assert not {"futures", "layout", "sys", "annotations"} & set(aio.__all__)


def test_standing_in_the_same_names_are_there_and_none_is_the_standard_librarys(
    tmp_path: Path,
) -> None:
    program = """
        import asyncio
        print(*sorted(name for name in asyncio.__all__))
        print({getattr(asyncio, name).__module__.partition(".")[0]
               for name in asyncio.__all__ if hasattr(getattr(asyncio, name), "__module__")})
    """
    names, modules = standing_in(tmp_path, program).splitlines()
    assert set(names.split()) == set(aio.__all__)
    assert modules == "{'asyncio', 'builtins'}" or modules == "{'builtins', 'asyncio'}"


def test_a_guest_shares_what_programs_compare() -> None:
    for name in ("CancelledError", "Protocol", "AbstractEventLoop", "current_task"):
        assert getattr(aio, name) is getattr(asyncio, name), name
    assert aio.Task is not asyncio.Task


@pytest.mark.parametrize("name", sorted(layout.MODULES))
def test_a_module_of_cpython_can_be_imported_by_its_name(name: str) -> None:
    module = __import__(f"glassloop.aio.{name}", fromlist=["*"])
    assert module is getattr(aio, name)


def test_the_modules_have_what_cpythons_public_ones_have() -> None:
    for name in ("events", "locks", "queues", "tasks", "protocols", "transports", "timeouts"):
        theirs = __import__(f"asyncio.{name}", fromlist=["*"]).__all__
        missing = [each for each in theirs if not hasattr(getattr(aio, name), each)]
        assert [each for each in missing if "child_watcher" not in each] == [], name


def test_what_is_put_into_such_a_module_reaches_our_code() -> None:
    loop = aio.EventLoop()
    with mock.patch.object(aio.base_events, "logger") as logger:
        loop.default_exception_handler({"message": "too hot"})
    logger.error.assert_called_once_with("too hot", exc_info=False)
    loop.set_debug(True)
    with mock.patch.object(aio.base_events, "logger") as logger:
        loop.close()
    logger.debug.assert_called_once_with("Close %r", loop)


def test_what_is_logged_goes_where_asyncios_documentation_says() -> None:
    assert aio.turns.logger.name == logging.getLogger("asyncio").name == "asyncio"


def test_what_was_put_there_can_be_taken_back() -> None:
    before = aio.turns.logger
    with mock.patch.object(aio.base_events, "logger"):
        assert aio.turns.logger is aio.threads.logger is not before
    assert aio.turns.logger is aio.threads.logger is before


def test_a_name_of_ours_under_cpythons_name_is_set_in_both() -> None:
    before = aio.servers.ACCEPT_RETRY_DELAY
    with mock.patch.object(aio.constants, "LOG_THRESHOLD_FOR_CONNLOST_WRITES", 2):
        assert aio.transports.QUIET_LOST_WRITES == 2
    with mock.patch.object(aio.constants, "ACCEPT_RETRY_DELAY", 0.5):
        assert aio.servers.ACCEPT_RETRY_DELAY == 0.5
    assert before == aio.servers.ACCEPT_RETRY_DELAY


def test_what_is_set_later_is_seen_too(tmp_path: Path) -> None:
    program = """
        import asyncio.events
        print(asyncio.events._event_loop_policy)
        policy = asyncio.get_event_loop_policy()
        print(asyncio.events._event_loop_policy is policy)
    """
    assert standing_in(tmp_path, program).split() == ["None", "True"]


def test_a_name_that_nobody_has_is_an_error() -> None:
    with pytest.raises(AttributeError, match=r"glassloop\.aio\.base_events.*'teapot'"):
        _ = aio.base_events.teapot
