"""The logger that all of the package writes to."""

import logging

# The name that asyncio's documentation gives, so that a program's settings hold for us too.
logger = logging.getLogger("asyncio")
