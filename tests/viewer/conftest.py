"""The viewer in a page of its own, with traces of real programs and of none."""

import gc
import json
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from in_the_lab import run
from pages.conftest import ROOT, Reader, Watch
from playwright.sync_api import Browser, Locator, Page, expect
from random_programs import programs, some
from viewer.programs import COUNTDOWN, OVEN, recorded
from viewer.traces import random_trace, text_of

from glassloop.server import served
from glassloop.trace import Trace
from glassloop.trace.recorder import Depth

PAGE = """<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>A trace</title>
<link rel="icon" href="data:,">
<style>:root { color-scheme: light dark } body { margin: 0 }</style>
<body><main><h1>A trace</h1><div id="trace"></div><button>after</button></main>
<script type="module">
    import * as viewer from "./viewer.js";
    const [name, step] = location.hash.slice(1).split(":");
    const text = await (await fetch(name + ".jsonl")).text();
    const mounted = viewer.mount(document.getElementById("trace"), text, { step: Number(step) });
    Object.assign(window, { viewer, mounted, text });
    document.body.dataset.ready = "";
</script>
"""


def traces_of(sources: list[str]) -> list[str]:
    """The traces of programs, recorded in the lab, in a thread that runs no loop of its own."""
    gc.freeze()  # the lab collects garbage often, and need not walk through pytest's
    with ThreadPoolExecutor(1) as thread:
        traces = [thread.submit(run, source, "lines").result().trace for source in sources]
    gc.unfreeze()
    return traces


class Figure:
    """A trace in the viewer, and what its reader does."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.root = page.locator(".gv")
        self.sentence = page.locator(".gv-sentence")
        self.where = page.locator(".gv-where")
        self.code = page.locator(".gv-code-pane")
        self.shelf = page.locator(".gv-shelf")
        self.lanes = page.locator(".gv-lanes")
        self.turns = page.locator(".gv-turns")
        self.output = page.locator(".gv-printed")

    @property
    def step(self) -> int:
        # What was asked for is drawn with the screen's next frame.
        self.page.evaluate("new Promise(requestAnimationFrame)")
        return self.page.evaluate("mounted.step")

    def goto(self, step: int) -> None:
        self.page.evaluate("(step) => mounted.goto(step)", step)
        assert self.step == step

    def focus(self) -> None:
        self.button("Play").focus()

    def press(self, *keys: str) -> int:
        """Press the keys one after another; the step that is shown then."""
        for key in keys:
            self.page.keyboard.press(key)
        return self.step

    def button(self, name: str) -> Locator:
        return self.root.get_by_role("button", name=name, exact=True)

    def current_line(self) -> str:
        return self.code.locator("[aria-current=step] .gv-text").inner_text().strip()

    def picture(self) -> str:
        """All that is written, without what only says where the reader stands."""
        return self.root.locator(".gv-body").inner_text()


OpenTrace = Callable[..., Figure]


@pytest.fixture(scope="session")
def traces() -> dict[str, Trace]:
    programs: dict[str, tuple[str, Depth]] = {
        "countdown": (COUNTDOWN, "lines"),
        "oven": (OVEN, "lines"),
        "oven, switches": (OVEN, "switches"),
    }
    # In a thread without a loop: in this one the browser's may be running.
    with ThreadPoolExecutor(1) as thread:
        return {
            name: thread.submit(recorded, source, name, depth).result()
            for name, (source, depth) in programs.items()
        }


@pytest.fixture(scope="session")
def folder(traces: dict[str, Trace], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a server needs to show the traces."""
    folder = tmp_path_factory.mktemp("viewer")
    shutil.copy(ROOT / "build" / "static" / "glassloop" / "viewer.js", folder)
    (folder / "index.html").write_text(PAGE, "utf-8")
    texts = {name: "\n".join(trace.lines()) for name, trace in traces.items()}
    texts["random"] = random_trace(4000, 12)
    texts["programs"] = json.dumps(traces_of(some(programs(), 40)))
    texts["no trace"] = json.dumps({"format": "of another kind"})
    texts["empty"] = text_of([], {})
    say = "The recording was cut `here`."
    chapter = {"number": 33, "page": "5-practice/33-blocking", "title": "Blocking"}
    lints = [{"rule": "blocked-loop", "step": 3, "say": "It was `blocked`.", "chapter": chapter}]
    texts["with remarks"] = text_of(
        traces["countdown"].events, traces["countdown"].sources, cut=say, lints=lints
    )
    for name, text in texts.items():
        (folder / f"{name}.jsonl").write_text(text, "utf-8")
    return folder


@pytest.fixture(scope="session")
def address(folder: Path) -> Iterator[str]:
    with served(folder) as address:
        yield address


@pytest.fixture
def open_trace(browser: Browser, address: str) -> Iterator[OpenTrace]:
    """Opens a trace in a browser of its own, and afterwards reads what the page complained of."""
    watch, contexts = Watch(), []

    def open_trace(name: str, step: int = 1, **options: Any) -> Figure:
        context = browser.new_context(service_workers="block", **options)
        contexts.append(context)
        context.set_default_timeout(10_000)
        watch.attach(context)
        page = Reader(context, address, watch).open(f"#{name}:{step}")
        expect(page.locator("body[data-ready]")).to_be_attached()
        return Figure(page)

    yield open_trace
    for context in contexts:
        context.close()
    assert watch.complaints == []


@pytest.fixture
def countdown(open_trace: OpenTrace) -> Figure:
    return open_trace("countdown")


@pytest.fixture
def oven(open_trace: OpenTrace) -> Figure:
    return open_trace("oven")
