"""What tests of several folders share: a browser, a thread without a loop, and which chapters."""

import asyncio
import gc
import signal
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest
from xdist.scheduler import LoadFileScheduling

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Of tests that take seconds a chapter, this share of the chapters is enough for a first answer.
ONE_IN = 5


# A shell lets the programs that it runs in the background ignore Ctrl+C; tests send it.
signal.signal(signal.SIGINT, signal.default_int_handler)


class ByFile(LoadFileScheduling):  # type: ignore[misc]  # without types
    """Hands out whole files of tests, and survives the death of a worker, as at a timeout.

    xdist hands out again all that this worker had: the test that ended it, which ends the next one
    too, and files that are finished, with which a worker has nothing to run and nothing to report.
    """

    def remove_node(self, node: Any) -> str | None:
        """Give back what a worker leaves; returns the test in which it died, if it did in one."""
        files = self.assigned_work.pop(node)
        left = [
            (tests, name) for tests in files.values() for name, done in tests.items() if not done
        ]
        if not left:
            return None
        tests, crashed = left[0]
        tests[crashed] = True
        self.workqueue.update(
            (file, tests) for file, tests in files.items() if not all(tests.values())
        )
        for other in self.assigned_work:
            self._reschedule(other)
        return str(crashed)


def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    return ByFile(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--every-chapter",
        action="store_true",
        help=f"run the tests marked each_chapter for every chapter, not for one in {ONE_IN}",
    )


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if config.getoption("every_chapter"):
        return
    by_test: defaultdict[str, list[pytest.Item]] = defaultdict(list)
    for item in items:
        if item.get_closest_marker("each_chapter"):
            by_test[item.nodeid.partition("[")[0]].append(item)
    left_out = {item for same in by_test.values() for item in same if item not in same[::ONE_IN]}
    config.hook.pytest_deselected(items=list(left_out))
    items[:] = [item for item in items if item not in left_out]


@pytest.fixture(scope="module", autouse=True)
def _collections_pass_over_earlier_files() -> Iterator[None]:
    """Keeps the tests fast: what the lab and the recorder do, they begin with a collection.

    That need not walk through pytest's objects, nor through what other files have left.
    """
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture
def no_running_loop() -> Iterator[None]:
    """For tests that run loops of their own: the browser's tests leave one running."""
    outer = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(outer)


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    # Imported here, since the other tests need no browser.
    from pages.browser import chromium

    with chromium() as browser:
        yield browser
