"""What each page of the book weighs before the first Run: bytes as they cross the network."""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tests"), str(ROOT / "tools")]

from pages.browser import chromium  # noqa: E402 -- found by the line above
from playwright.sync_api import Browser, Response  # noqa: E402 -- likewise

from glassloop.server import served  # noqa: E402 -- likewise

SITE = ROOT / "build" / "site"


def main() -> None:
    """Print kilobytes for every page with cells, heaviest last."""
    pages = [page for page in SITE.rglob("*.html") if 'class="cell"' in page.read_text("utf-8")]
    with served(SITE) as address, chromium() as browser:
        names = [page.relative_to(SITE).as_posix() for page in pages]
        weights = {name: weight(browser, address + name) for name in names}
    for name, size in sorted(weights.items(), key=lambda item: item[1]):
        print(f"{size / 1000:5.0f} KB  {name}")


def weight(browser: Browser, address: str) -> int:
    """All that the browser fetches to show the page, in bytes."""
    context = browser.new_context(service_workers="block")
    responses: list[Response] = []
    # A plain function: playwright marks its handlers, and a built-in method cannot be marked.
    context.on("response", lambda response: responses.append(response))
    page = context.new_page()
    page.goto(address)
    page.wait_for_load_state("networkidle")
    total = sum(one.request.sizes()["responseBodySize"] for one in responses)
    context.close()
    return total


if __name__ == "__main__":
    main()
