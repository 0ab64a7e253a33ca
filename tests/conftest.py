"""What tests of several folders share: one browser for all of them, and a thread without a loop."""

import asyncio
from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser


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
