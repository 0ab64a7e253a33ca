"""What the tests of the loop share: the loops that they run on."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest

from glassloop import aio

Run = Callable[[Awaitable[Any]], Any]


@pytest.fixture(autouse=True)
def _no_running_loop(no_running_loop: None) -> None:
    """For all of them."""


@pytest.fixture(params=[asyncio.SelectorEventLoop, aio.EventLoop], ids=["asyncio", "aio"])
def run(request: pytest.FixtureRequest, no_running_loop: None) -> Iterator[Run]:
    """Runs a coroutine on the standard library's loop, and in another test on ours."""
    with asyncio.Runner(loop_factory=request.param) as runner:
        yield runner.run


@pytest.fixture
def run_on_aio(no_running_loop: None) -> Iterator[Run]:
    """Runs a coroutine on our loop."""
    with asyncio.Runner(loop_factory=aio.EventLoop) as runner:
        yield runner.run
