"""One browser for all tests of the pages, fresh readers, and what no page may ever do."""

import os
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from pages.browser import chromium
from pages.reader import Chapter
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

from glassloop.server import served

ROOT = Path(__file__).parents[2]
SITE = Path(os.environ.get("GLASSLOOP_SITE", ROOT / "build" / "site"))
PAGES = sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html"))
CHAPTERS = [name for name in PAGES if 'class="cell"' in (SITE / name).read_text("utf-8")]


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test that asks for `page_name` runs for every page, for `chapter_name` every chapter."""
    for argument, names in (("page_name", PAGES), ("chapter_name", CHAPTERS)):
        if argument in metafunc.fixturenames:
            metafunc.parametrize(argument, names)


@pytest.fixture(scope="session")
def site() -> Path:
    assert PAGES, f"there is no book in {SITE}: `make test` builds it"
    return SITE


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="session")
def address(site: Path) -> Iterator[str]:
    with served(site) as address:
        yield address


@dataclass
class Watch:
    """What the pages of one reader said to the console, and whom they asked for something."""

    complaints: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def attach(self, context: BrowserContext) -> None:
        context.on("console", self._hear)
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("request", self._note)

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.complaints.append(f"{message.text} ({message.location.get('url')})")

    def _note(self, request: Request) -> None:
        self.requests.append(request.url)

    def hosts(self) -> set[str]:
        networks = [url for url in self.requests if re.match("https?:|wss?:", url)]
        return {urlsplit(url).netloc for url in networks}

    def python_files(self) -> list[str]:
        return [url for url in self.requests if "/pyodide/" in url or url.endswith(".whl")]


@dataclass
class Reader:
    """One person's browser, with nothing in its caches and its memory."""

    context: BrowserContext
    address: str
    watch: Watch

    def open(self, name: str) -> Page:
        page = self.context.new_page()
        page.goto(self.address + name)
        return page

    def open_chapter(self, name: str = "") -> Chapter:
        """A chapter by its page's name; without one, the first chapter of the book."""
        page = self.open(name or CHAPTERS[0])
        page.locator(".cell-toolbar").first.wait_for()
        return Chapter(page)


NewReader = Callable[..., AbstractContextManager[Reader]]


@pytest.fixture(scope="session")
def new_reader(browser: Browser, address: str) -> NewReader:
    """Makes readers; when one has left, looks at what the pages did meanwhile."""

    @contextmanager
    def reader(**options: Any) -> Iterator[Reader]:
        watch = Watch()
        # Most tests are about one visit; those of the second ask for the service worker.
        with closing(browser.new_context(**{"service_workers": "block", **options})) as context:
            watch.attach(context)
            yield Reader(context, address, watch)
        assert watch.complaints == []
        assert watch.hosts() <= {urlsplit(address).netloc}

    return reader


@pytest.fixture
def reader(new_reader: NewReader) -> Iterator[Reader]:
    with new_reader() as reader:
        yield reader


@pytest.fixture
def chapter(reader: Reader) -> Chapter:
    """The book's first chapter, in a browser of its own."""
    return reader.open_chapter()


@pytest.fixture(scope="module")
def lasting_chapter(new_reader: NewReader) -> Iterator[Chapter]:
    with new_reader() as reader:
        yield reader.open_chapter()


@pytest.fixture
def same_chapter(lasting_chapter: Chapter) -> Chapter:
    """The book's first chapter, for all tests of a module: Python takes its time to start.

    The reader's edits are taken back before each; what Python has run is not.
    """
    edited = lasting_chapter.page.get_by_role("button", name="Reset")
    while edited.count():
        edited.first.click()
    return lasting_chapter
