"""Keeps the tests fast: a session collects garbage often, and need not walk through pytest's."""

import gc
from collections.abc import Iterator

import pytest
from lab.cells import Cells


@pytest.fixture(scope="session", autouse=True)
def _nothing_of_pytest_is_garbage() -> Iterator[None]:
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture
def cells() -> Iterator[Cells]:
    """A session of the test's own."""
    cells = Cells()
    yield cells
    cells.run("globals().clear()")
