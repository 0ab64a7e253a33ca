"""These tests run loops of their own, whatever loop the browser's tests have left running.

They are kept fast: a session collects garbage often, and need not walk through pytest's.
"""

import asyncio
import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _no_running_loop() -> Iterator[None]:
    outer = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    yield
    asyncio._set_running_loop(outer)


@pytest.fixture(scope="module", autouse=True)
def _nothing_of_pytest_is_garbage() -> Iterator[None]:
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()
