"""Measures the time from a reader's first Run to the first output, beside a bare start of Pyodide.

Both run in the same Chromium, in turns, each in a fresh browser context with empty caches. The
bare start is a worker that loads Pyodide and evaluates "1": the least that any page must do.
"""

import argparse
import json
import sys
from pathlib import Path
from statistics import median

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tools")]

from pages.browser import chromium  # noqa: E402 -- found by the line above
from playwright.sync_api import Browser, Page  # noqa: E402 -- likewise

from glassloop.server import served  # noqa: E402 -- likewise

GOAL = 1.3

BARE = """() => new Promise((done, fail) => {
    const address = new URL("_static/pyodide/pyodide.mjs", location.href).href;
    const script = `
        const { loadPyodide } = await import("${address}");
        const python = await loadPyodide();
        postMessage(python.runPython("1"));`;
    const begun = performance.now();
    const worker = new Worker(
        URL.createObjectURL(new Blob([script], { type: "text/javascript" })), { type: "module" });
    worker.onmessage = () => done(performance.now() - begun);
    worker.onerror = () => fail(new Error("Pyodide did not start"));
})"""

FIRST_RUN = """() => new Promise((done) => {
    const cell = [...document.querySelectorAll(".cell:not([data-needs])")].find(
        (cell) => cell.querySelector(".cell-output pre").textContent !== "");
    const begun = performance.now();
    new MutationObserver(() => {
        if (document.querySelector(".cell-output :is(.out, .err, .echo, .error)"))
            done(performance.now() - begun);
    }).observe(document.querySelector("article[role=main]"), { childList: true, subtree: true });
    cell.querySelector(".cell-button-run").click();
})"""


def bare_start(page: Page, address: str, chapter: str) -> float:
    """Milliseconds from the making of a worker to the value of "1"."""
    page.goto(address)
    return page.evaluate(BARE)


def first_run(page: Page, address: str, chapter: str) -> float:
    """Milliseconds from pressing Run to the first text drawn in an output block."""
    page.goto(address + chapter)
    page.locator(".cell-toolbar").first.wait_for()
    # A reader has read some lines by now, and the service worker has settled.
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    return page.evaluate(FIRST_RUN)


def measure(browser: Browser, address: str, chapter: str, rounds: int) -> dict[str, list[float]]:
    times: dict[str, list[float]] = {"bare start": [], "first Run": []}
    for _ in range(rounds):
        # The bare start has the machine to itself; the first Run comes with all that a page does.
        for name, measured, service_workers in (
            ("bare start", bare_start, "block"),
            ("first Run", first_run, "allow"),
        ):
            context = browser.new_context(service_workers=service_workers)
            times[name].append(measured(context.new_page(), address, chapter))
            context.close()
    return times


def first_chapter(site: Path) -> str:
    pages = sorted(site.rglob("*.html"))
    chapters = [page for page in pages if 'class="cell"' in page.read_text("utf-8")]
    if not chapters:
        sys.exit(f"There is no chapter with a cell in {site}. `make read` builds the book.")
    return chapters[0].relative_to(site).as_posix()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--site", type=Path, default=ROOT / "build" / "site")
    parser.add_argument("--rounds", type=int, default=7, help="how often each is measured")
    parser.add_argument("--json", action="store_true", help="print all times in milliseconds")
    options = parser.parse_args()
    chapter = first_chapter(options.site)
    with served(options.site) as address, chromium() as browser:
        times = measure(browser, address, chapter, options.rounds)
    if options.json:
        print(json.dumps(times))
        return
    bare, first = (median(times[name]) / 1000 for name in ("bare start", "first Run"))
    print(f"first Run to first output: {first:.2f} s, a bare start of Pyodide: {bare:.2f} s")
    print(f"ratio {first / bare:.2f} (goal: at most {GOAL}), medians of {options.rounds} in turns")


if __name__ == "__main__":
    main()
