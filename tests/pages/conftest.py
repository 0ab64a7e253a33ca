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
from pages.reader import Chapter
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Request

from glassloop.server import served

# In milliseconds, for all that does not wait for Python.
PATIENCE = 10_000

ROOT = Path(__file__).parents[2]
SITE = Path(os.environ.get("GLASSLOOP_SITE", ROOT / "build" / "site"))
PAGES = sorted(path.relative_to(SITE).as_posix() for path in SITE.rglob("*.html"))


def pages_with(*kinds: str) -> list[str]:
    """The pages that hold an element of each of these classes."""
    texts = {name: (SITE / name).read_text("utf-8") for name in PAGES}
    marks = [f'class="{kind}"' for kind in kinds]
    return [name for name, text in texts.items() if all(mark in text for mark in marks)]


LIVE_PAGES = pages_with("cell")
# Whatever it is about: its cells are edited to what a test is about.
A_CHAPTER = next(iter(pages_with("cell", "predict")), "")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """A test with `page_name` runs for every page, one with `live_page` for each with cells."""
    for argument, names in (("page_name", PAGES), ("live_page", LIVE_PAGES)):
        if argument in metafunc.fixturenames:
            metafunc.parametrize(argument, names)


@pytest.fixture(scope="session")
def site() -> Path:
    assert A_CHAPTER, f"there is no book with a chapter in {SITE}: `make test` builds it"
    return SITE


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

    def open_chapter(self, name: str = A_CHAPTER) -> Chapter:
        page = self.open(name)
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
            context.set_default_timeout(PATIENCE)
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
    """A chapter, in a browser of its own."""
    return reader.open_chapter()


@pytest.fixture(scope="module")
def lasting_chapter(new_reader: NewReader) -> Iterator[Chapter]:
    with new_reader() as reader:
        yield reader.open_chapter()


@pytest.fixture
def same_chapter(lasting_chapter: Chapter) -> Chapter:
    """One chapter for all tests of a module: Python takes its time to start.

    The reader's edits are taken back before each; what Python has run is not.
    """
    edited = lasting_chapter.page.get_by_role("button", name="Reset")
    while edited.count():
        edited.first.click()
    return lasting_chapter
