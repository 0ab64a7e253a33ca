"""A reader comes back: to where they left off, and without a network."""

import re
import shutil
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from pages.conftest import A_CHAPTER, PAGES, Reader
from pages.reader import Chapter
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from glassloop.server import served


def test_the_index_leads_back_to_the_last_section(reader: Reader) -> None:
    index = reader.open("index.html")
    expect(index.locator("[data-left-off]")).to_be_hidden()
    page = reader.open_chapter().page
    heading = page.locator("article section h2").nth(1)
    section = words_of(heading)
    heading.scroll_into_view_if_needed()
    page.evaluate("scrollBy(0, innerHeight / 2)")
    title = words_of(page.locator("h1"))
    index.bring_to_front()
    index.reload()
    link = index.locator("[data-left-off] a")
    expect(link).to_have_text(f"{title}, {section}")
    link.click()
    expect(index.locator("h1")).to_contain_text(title)


def words_of(heading: Locator) -> str:
    """A heading without the theme's link to itself."""
    return heading.evaluate(
        """heading => {
            const copy = heading.cloneNode(true);
            copy.querySelectorAll(".headerlink").forEach((link) => link.remove());
            return copy.textContent.trim();
        }"""
    )


@pytest.fixture
def own_server(site: Path) -> Iterator[tuple[str, ExitStack]]:
    """A server that the test can end."""
    with ExitStack() as stack:
        yield stack.enter_context(served(site)), stack


@pytest.fixture
def lasting_context(browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context()
    yield context
    context.close()


def wait_for_service_worker(page: Page) -> None:
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.wait_for_function("navigator.serviceWorker.controller !== null")


def test_after_the_first_visit_the_book_works_without_a_network(
    own_server: tuple[str, ExitStack], lasting_context: BrowserContext
) -> None:
    address, stack = own_server
    page = lasting_context.new_page()
    page.goto(address + A_CHAPTER)
    recorded = Chapter(page).outputs()
    Chapter(page).cells[0].run_to_its_end()
    wait_for_service_worker(page)
    page.wait_for_function(
        """async () => {
            const base = document.documentElement.dataset.content_root + "_static/";
            const files = ["pyodide/pyodide.asm.wasm", "pyodide/python_stdlib.zip",
                "glassloop/glassloop.whl"];
            const kept = await Promise.all(files.map((name) => caches.match(base + name)));
            return kept.every((response) => response !== undefined);
        }"""
    )
    stack.close()
    for name in PAGES:
        page.goto(address + name)
        assert page.title()
    page.goto(address)
    expect(page.locator("h1").first).to_be_visible()
    page.goto(address + A_CHAPTER)
    chapter = Chapter(page)
    chapter.run_all()
    assert chapter.outputs() == recorded
    chapter.cells[0].edit("'edited without a network'")


def test_a_book_that_was_built_anew_shows_at_once(
    site: Path, tmp_path: Path, lasting_context: BrowserContext
) -> None:
    copy = tmp_path / "site"
    shutil.copytree(site, copy, ignore=shutil.ignore_patterns("pyodide"))
    page = lasting_context.new_page()
    with served(copy) as address:
        page.goto(address)
        wait_for_service_worker(page)
        index = copy / "index.html"
        text = index.read_text("utf-8")
        index.write_text(re.sub("<title>.*?</title>", "<title>Built anew</title>", text), "utf-8")
        page.reload()
        assert page.title() == "Built anew"
