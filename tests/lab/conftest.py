"""Sessions for the tests of the lab."""

from collections.abc import Iterator

import pytest
from lab.cells import Cells


@pytest.fixture
def cells() -> Iterator[Cells]:
    """A session of the test's own."""
    cells = Cells()
    yield cells
    cells.run("globals().clear()")
