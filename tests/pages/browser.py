"""Starts the Chromium that this machine has, headless and quiet on the network."""

from collections.abc import Iterator
from contextlib import contextmanager

import machine
from playwright.sync_api import Browser, sync_playwright

# Without these Chromium looks for updates and for its maker's hosts at every start.
FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@contextmanager
def chromium() -> Iterator[Browser]:
    program = machine.find_chromium()
    if program is None:
        raise FileNotFoundError("no Chromium was found; `make test` says what to install")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(FLAGS))
        try:
            yield browser
        finally:
            browser.close()
