"""These tests run loops of their own, whatever loop the browser's tests have left running.

They are kept fast: a session collects garbage often, and need not walk through pytest's.
"""

import gc
from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _no_running_loop(no_running_loop: None) -> None:
    """For all of them."""


@pytest.fixture(scope="module", autouse=True)
def _nothing_of_pytest_is_garbage() -> Iterator[None]:
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()
