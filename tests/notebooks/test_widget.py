"""The widget as a page draws it, from what the kernel sends; and what stands there without it."""

import base64
import builtins
import re
import sys
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import pytest
from notebooks.conftest import WIDGET, Output
from pages.conftest import Watch
from playwright.sync_api import Browser, Page, expect
from recorded import recorded

from glassloop.notebook import bundle, display
from glassloop.trace import page as pages

Notebook = dict[str, Output]

# What anywidget does with a widget's module: a model with its values, and an element to draw in.
HOST = """async ([script, packed]) => {
    const listeners = new Set();
    const bytes = (text) => Uint8Array.from(atob(text), (one) => one.charCodeAt(0));
    const values = { packed: new DataView(bytes(packed).buffer) };
    const model = {
        get: (name) => values[name],
        on: (event, callback) => listeners.add(callback),
        off: (event, callback) => listeners.delete(callback),
    };
    const file = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
    const { default: widget } = await import(file);
    const el = document.querySelector("main");
    window.leave = widget.render({ model, el });
    window.change = (packed) => {
        values.packed = new DataView(bytes(packed).buffer);
        for (const callback of listeners) callback();
    };
    window.listeners = listeners;
}"""


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    watch = Watch()
    with closing(browser.new_context()) as context:
        watch.attach(context)
        page = context.new_page()
        page.set_content("<!doctype html><title>A notebook</title><main></main>")
        yield page
    assert watch.complaints == []


def draw(page: Page, output: Output) -> None:
    page.evaluate(HOST, [output.state["_esm"], packed(output)])


def packed(output: Output) -> str:
    return base64.b64encode(output.state["packed"]).decode()


def test_the_widget_shows_the_cells_trace_and_steps_it(page: Page, notebook: Notebook):
    draw(page, notebook["plain"])
    steps = len(notebook["plain"].trace.events)
    expect(page.locator(".gv-where")).to_contain_text(f"step 1 of {steps}")
    expect(page.locator(".gv-sentence")).to_have_text("The program begins.")
    expect(page.locator(".gv-code-pane")).to_contain_text("%%trace")
    page.get_by_role("button", name="Last", exact=False).first.click()
    expect(page.locator(".gv-where")).to_contain_text(f"step {steps} of {steps}")


def test_the_widget_follows_another_trace_and_leaves_nothing_behind(page: Page, notebook: Notebook):
    draw(page, notebook["plain"])
    expect(page.locator(".gv")).to_have_count(1)
    page.evaluate("(packed) => change(packed)", packed(notebook["await"]))
    steps = len(notebook["await"].trace.events)
    expect(page.locator(".gv-where")).to_contain_text(f"of {steps}")
    expect(page.locator(".gv")).to_have_count(1)
    page.evaluate("leave()")
    expect(page.locator(".gv")).to_have_count(0)
    assert page.evaluate("listeners.size") == 0


def test_what_cannot_be_unpacked_is_said(page: Page, notebook: Notebook):
    page.evaluate(HOST, [notebook["plain"].state["_esm"], base64.b64encode(b"no trace").decode()])
    expect(page.get_by_role("alert")).to_contain_text("The trace could not be unpacked")


def test_a_notebook_without_widgets_keeps_the_sentences(notebook: Notebook):
    forms = notebook["plain"].shown
    assert set(forms) == {WIDGET, "text/plain", "text/html"}
    items = re.findall("<li>(.*)", forms["text/html"])
    assert items[0] == "The program begins."
    assert items[2] == "The main program comes to line 3; <code>total</code> is now <code>0</code>."
    assert len(items) == len(notebook["plain"].trace.events)


def test_the_sentences_of_a_long_trace_stop_at_a_number_and_say_so():
    trace = recorded("for number in range(300):\n    pass\n")
    items = re.findall("<li>(.*)", display.words(trace))
    more = len(trace.events) - display.SENTENCES
    assert len(items) == display.SENTENCES + 1
    assert items[-1] == f"{more} more events follow. The viewer shows them, and so does --text."


@pytest.mark.parametrize("missing", ["anywidget", "the viewer"])
def test_without_anywidget_or_the_viewer_there_are_the_sentences(
    missing: str, monkeypatch: pytest.MonkeyPatch
):
    trace = recorded("1\n")
    if missing == "anywidget":
        monkeypatch.setitem(sys.modules, "anywidget", None)
        monkeypatch.delitem(sys.modules, "glassloop.notebook.widget", raising=False)
    else:
        monkeypatch.setattr(pages, "PLACES", ())
    assert set(bundle(trace)) == {"text/plain", "text/html"}


def test_a_broken_anywidget_is_not_taken_for_a_missing_one(monkeypatch: pytest.MonkeyPatch):
    importing = builtins.__import__

    def broken(name: str, *arguments: Any) -> Any:
        if name == "anywidget":
            raise ModuleNotFoundError("No module named 'psygnal'", name="psygnal")
        return importing(name, *arguments)

    monkeypatch.delitem(sys.modules, "glassloop.notebook.widget", raising=False)
    monkeypatch.setattr(builtins, "__import__", broken)
    with pytest.raises(ModuleNotFoundError, match="psygnal"):
        bundle(recorded("1\n"))
