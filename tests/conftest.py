"""What tests of several folders share: a browser, a thread without a loop, and which chapters."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser

# Of tests that take seconds a chapter, this share of the chapters is enough for a first answer.
ONE_IN = 5


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
