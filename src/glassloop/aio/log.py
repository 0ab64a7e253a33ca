"""The logger that all of the package writes to."""

import logging

# Under the name `asyncio` where we stand in for it, so that a program's settings hold.
logger = logging.getLogger(__package__)
