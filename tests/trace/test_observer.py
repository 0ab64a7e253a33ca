"""Recording changes nothing: CPython's own tests in their harness, and programs that notice."""

import importlib.util
import sys
import types
from pathlib import Path
from typing import Any

import pytest
from recorded import recorded

from glassloop.trace import record

CONFORMANCE = Path(__file__).resolve().parents[2] / "conformance"


def harness() -> Any:
    """The module conformance/observer.py."""
    spec = importlib.util.spec_from_file_location("observer", CONFORMANCE / "observer.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["observer"] = module  # where its dataclasses look for their annotations
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def observer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> types.ModuleType:
    module = harness()
    monkeypatch.setattr(module, "WORK", tmp_path)
    monkeypatch.setattr(module, "LISTED", tmp_path / "listed.toml")
    (tmp_path / "listed.toml").write_text("")
    return module


@pytest.mark.parametrize("depth", ["switches", "lines"])
def test_the_tests_of_a_file_end_the_same_and_are_recorded_to_their_end(observer, depth):
    bare = observer.run("test_threads", "bare")
    verdict = observer.compare("test_threads", depth, bare, {})
    assert verdict.different == verdict.unsteady == verdict.failed() == []
    assert verdict.same() == verdict.complete() == len(bare) > 3


def ends(observer, **outcomes: str | None) -> Any:
    return {f"test_a.{name}": observer.End(outcome) for name, outcome in outcomes.items()}


def test_a_test_that_ends_otherwise_or_not_at_all_is_different(observer, monkeypatch, capsys):
    bare = ends(observer, steady="passed", broken="passed", hanging="passed")
    found = ends(observer, steady="passed", broken="failure KeyError", hanging=None)
    monkeypatch.setattr(
        observer, "run", lambda name, depth, tests=(): bare if depth == "bare" else found
    )
    verdict = observer.compare("test_a", "lines", bare, {})
    assert verdict.different == ["test_a.broken", "test_a.hanging"]
    assert not observer.report(["test_a"], {"test_a": bare}, {"lines": {"test_a": verdict}})
    assert "DIFFERENT at lines: test_a.broken: failure KeyError" in capsys.readouterr().out


def test_what_differs_once_and_not_again_is_named_and_no_failure(observer, monkeypatch, capsys):
    bare = ends(observer, timing="passed")
    answers = [ends(observer, timing="error TimeoutError"), bare, bare]
    monkeypatch.setattr(
        observer, "run", lambda name, depth, tests=(): bare if depth == "bare" else answers.pop(0)
    )
    verdict = observer.compare("test_a", "lines", bare, {})
    assert verdict.unsteady == ["test_a.timing"]
    assert observer.report(["test_a"], {"test_a": bare}, {"lines": {"test_a": verdict}})
    assert "test_a.timing" in capsys.readouterr().out


def test_a_recorder_that_fails_is_a_failure_even_where_all_tests_pass(
    observer, monkeypatch, capsys
):
    bare = ends(observer, kitchen="passed")
    broken = {"test_a.kitchen": observer.End("passed", failed="TypeError()")}
    monkeypatch.setattr(observer, "run", lambda name, depth, tests=(): broken)
    verdict = observer.compare("test_a", "lines", bare, {})
    assert verdict.complete() == 0
    assert not observer.report(["test_a"], {"test_a": bare}, {"lines": {"test_a": verdict}})
    assert "RECORDER FAILED at lines: test_a.kitchen: TypeError()" in capsys.readouterr().out


@pytest.mark.parametrize(("outcome", "well"), [("failure KeyError", True), ("passed", False)])
def test_a_listed_test_may_differ_and_must(observer, monkeypatch, outcome, well):
    observer.LISTED.write_text('[[listed]]\ntest = "test_a.hooks"\nreason = "It sets a hook."\n')
    bare, found = ends(observer, hooks="passed"), ends(observer, hooks=outcome)
    monkeypatch.setattr(
        observer, "run", lambda name, depth, tests=(): bare if depth == "bare" else found
    )
    verdict = observer.compare("test_a", "lines", bare, observer.excused("lines"))
    report = observer.report(["test_a"], {"test_a": bare}, {"lines": {"test_a": verdict}})
    assert report is well


def test_an_entry_holds_for_its_python_and_depth_only(observer):
    observer.LISTED.write_text(
        '[[listed]]\ntest = "a"\nreason = "-"\ndepths = ["lines"]\n'
        f'pythons = ["{observer.PYTHON}"]\n'
        '[[listed]]\ntest = "b"\nreason = "-"\npythons = ["2.7"]\n'
    )
    assert observer.excused("lines") == {"a": "-"}
    assert observer.excused("switches") == {}


# Programs that note every call of a method of theirs: in none of them may the recorder call one.

NOSY_TASK = """
import asyncio

calls = []

class Nosy(asyncio.Task):
    pass

def noting(name):
    original = getattr(asyncio.Task, name)
    def method(self, *arguments):
        calls.append(name)
        return original(self, *arguments)
    return method

for name in ("done", "cancelled", "cancelling", "get_name", "get_coro", "exception", "result",
             "__eq__", "__hash__", "__repr__"):
    setattr(Nosy, name, noting(name))

async def bake(oven):
    async with oven:
        await asyncio.sleep(0)
    return "bread"

async def fail():
    raise KeyError("flour")

async def kitchen():
    asyncio.get_running_loop().set_task_factory(
        lambda loop, coro, **options: Nosy(coro, loop=loop, **options)
    )
    oven = asyncio.Lock()
    bread, cake = asyncio.create_task(bake(oven)), asyncio.create_task(bake(oven))
    lost = asyncio.create_task(asyncio.sleep(3600))
    await asyncio.sleep(0)
    lost.cancel()
    both = asyncio.gather(bread, cake, fail(), return_exceptions=True)
    await both
    await asyncio.wait([lost])

asyncio.run(kitchen())
"""

OWN_CLOCK = """
import asyncio
import time
from unittest import mock

calls = []

class Loop(asyncio.SelectorEventLoop):
    def time(self):
        calls.append("time")
        return super().time()

async def nap():
    await asyncio.sleep(0.001)
    with mock.patch("time.monotonic", side_effect=range(10)) as clock:
        for minute in "abc":
            calls.append(minute)
        calls.append(clock.call_count)

loop = Loop()
loop.run_until_complete(nap())
loop.close()
calls = [call for call in calls if call != "time"] + [calls.count("time") < 60]
"""

MOCK_SELECTOR = """
import asyncio
import selectors
from unittest import mock

selector = mock.Mock(wraps=selectors.DefaultSelector())
loop = asyncio.SelectorEventLoop(selector)
inner = loop._ssock
loop._ssock = socket = mock.Mock(wraps=inner)
loop.run_until_complete(asyncio.sleep(0))
loop._ssock = inner
loop.close()
calls = [call[0] for call in selector.mock_calls + socket.mock_calls]
"""


def namespace_after(source: str, depth: str | None) -> dict[str, Any]:
    code = compile(source, "<cell observed>", "exec", dont_inherit=True)
    namespace = {"__name__": "__main__"}
    if depth is None:
        exec(code, namespace)
        return namespace
    with record(depth, own=lambda code: code.co_filename == "<cell observed>") as trace:
        exec(code, namespace)
    assert trace.cut is None
    assert len(trace.events) > 3
    return namespace


@pytest.mark.filterwarnings("ignore::ResourceWarning")
@pytest.mark.parametrize("depth", ["switches", "lines"])
@pytest.mark.parametrize("program", [NOSY_TASK, OWN_CLOCK, MOCK_SELECTOR])
def test_no_method_of_the_program_is_called(program: str, depth: str) -> None:
    assert namespace_after(program, depth)["calls"] == namespace_after(program, None)["calls"]


def test_a_timer_of_a_loop_with_a_clock_of_its_own_is_still_seen_to_fire() -> None:
    trace = recorded(
        """
        import asyncio

        class Loop(asyncio.SelectorEventLoop):
            def time(self):
                return super().time()

        loop = Loop()
        loop.run_until_complete(asyncio.sleep(0.001))
        loop.close()
        """
    )
    timers = [event["h"] for event in trace.events if event["do"] == "timer"]
    assert timers
    assert [event["h"] for event in trace.events if event["do"] == "fire"] == timers
