"""A timer for a time that never comes: libraries sleep so until they are cancelled."""

import asyncio
import math
import selectors
from typing import Any

import pytest

from glassloop import aio


class Impatient(selectors.DefaultSelector):
    """Writes down for how long it is to wait, and does not."""

    asked: list[float | None]

    def select(self, timeout: float | None = None) -> list[Any]:
        self.asked.append(timeout)
        return super().select(0)


@pytest.mark.parametrize("make_loop", [asyncio.SelectorEventLoop, aio.EventLoop])
@pytest.mark.parametrize("delay", [math.inf, 1e12])
def test_no_selector_is_asked_to_wait_longer_than_it_can(make_loop: Any, delay: float) -> None:
    selector = Impatient()
    selector.asked = []
    loop = make_loop(selector)
    loop.call_later(delay, print, "never")
    loop._run_once()
    loop.close()
    assert selector.asked[-1] == 24 * 3600
