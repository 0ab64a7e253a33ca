"""Any execution as a list of events that can be stepped, forwards and backwards."""

from glassloop.trace.events import Trace, TraceError
from glassloop.trace.program import run_program
from glassloop.trace.recorder import Recording, record

__all__ = ["Recording", "Trace", "TraceError", "record", "run_program"]
