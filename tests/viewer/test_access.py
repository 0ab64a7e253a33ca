"""Everybody can use the viewer: axe finds nothing, at no width and in no light."""

import pytest
from pages.test_access import NOTHING, found_on_all_screens
from viewer.conftest import OpenTrace


@pytest.mark.parametrize(
    ("name", "step"),
    [("countdown", 1), ("countdown", 12), ("oven", 50), ("oven", 90), ("with remarks", 3)],
)
def test_axe_finds_nothing(open_trace: OpenTrace, name: str, step: int) -> None:
    figure = open_trace(name, step)
    figure.focus()
    figure.press("?")
    assert found_on_all_screens(figure.page) == NOTHING


def test_axe_finds_nothing_behind_the_tabs(open_trace: OpenTrace) -> None:
    figure = open_trace("oven", 80, viewport={"width": 360, "height": 740})
    for name in ("Frames", "Lanes", "Turn", "Output"):
        figure.root.get_by_role("tab", name=name).click()
        assert found_on_all_screens(figure.page) == NOTHING
        figure.page.set_viewport_size({"width": 360, "height": 740})


def test_axe_finds_nothing_where_two_viewers_stand_on_a_page(open_trace: OpenTrace) -> None:
    page = open_trace("countdown", 5).page
    page.evaluate("viewer.mount(document.querySelector('main'), text, { step: 9 })")
    assert found_on_all_screens(page) == NOTHING
