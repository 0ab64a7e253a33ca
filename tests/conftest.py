"""What tests of the pages and of the viewer share: one browser for all of them."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def browser() -> "Iterator[Browser]":
    # Imported here, since the other tests need no browser.
    from pages.browser import chromium

    with chromium() as browser:
        yield browser
