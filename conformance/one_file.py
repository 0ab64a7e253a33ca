"""Runs one file of CPython's `test_asyncio` in this process and writes down how each test ended.

`python one_file.py FILE DEPTH RESULTS [TEST…]`: FILE is a name such as `test_locks`, DEPTH is
`bare` (nobody records), `switches` or `lines`, RESULTS is the file to write. Each test is one
recording, from before its `setUp` until after its last cleanup.
"""

from __future__ import annotations

import faulthandler
import gc
import importlib
import json
import os
import signal
import sys
import types
import unittest
from pathlib import Path
from typing import Any, TextIO

from test import support

PACKAGE = "test.test_asyncio"
# A test that makes more events is recorded no further, so that memory stays small.
LIMIT = 100_000
NOT_RUN = "not run"
# So many seconds a test may take; of one that hangs the log shows where.
PATIENCE = float(os.environ.get("GLASSLOOP_PATIENCE", "120"))


def is_tests(code: types.CodeType) -> bool:
    """The tests are what a reader's own program is otherwise: all their frames are recorded."""
    return "test_asyncio" in code.co_filename


class Results(unittest.TestResult):
    """Records each test where that is asked for, and writes one line when it begins and ends."""

    def __init__(self, depth: str, file: TextIO) -> None:
        super().__init__()
        self._depth, self._file = depth, file
        self._outcomes: list[str] = []
        self._detail = ""
        self._recording: Any = None

    def startTest(self, test: unittest.TestCase) -> None:  # noqa: N802  # unittest's name
        super().startTest(test)
        self._outcomes, self._detail = [], ""
        self._write(test=test.id())
        faulthandler.dump_traceback_later(PATIENCE, exit=True)
        if self._depth == "bare":
            gc.collect()  # as a recording does before it begins
            return
        from glassloop.trace import record

        self._recording = record(self._depth, limit=LIMIT, own=is_tests)
        self._recording.start()

    def stopTest(self, test: unittest.TestCase) -> None:  # noqa: N802  # unittest's name
        recorded = self._end_recording() if self._recording is not None else {}
        outcome = ", ".join(sorted(self._outcomes)) or "passed"
        self._write(test=test.id(), outcome=outcome, detail=self._detail, **recorded)
        super().stopTest(test)

    def _end_recording(self) -> dict[str, str]:
        recording, self._recording = self._recording, None
        recording.stop()
        try:
            trace = recording.finish()
        except Exception as error:  # its sentences could not be written
            return {"failed": repr(error)}
        if trace.cut is None:
            return {}
        return {"cut" if len(trace.events) == LIMIT else "failed": trace.cut}

    def _write(self, **row: Any) -> None:
        self._file.write(json.dumps(row) + "\n")
        self._file.flush()

    def whole_file_skipped(self, name: str, reason: str) -> None:
        self._write(test=f"{PACKAGE}.{name}", outcome=f"skipped: {reason}")

    def planned(self, tests: Any) -> None:
        """Write a line for each test, for should this process end before it is run."""
        for test in tests:
            if isinstance(test, unittest.TestSuite):
                self.planned(test)
            else:
                self._write(test=test.id(), outcome=NOT_RUN)

    def _ended(self, test: Any, how: str, error: Any = None) -> None:
        if error is not None:
            how = f"{how} {error[0].__name__}"
            self._detail += self._exc_info_to_string(error, test)[-3000:]
        if (
            self._recording is None
            and not self._outcomes
            and not isinstance(test, unittest.TestCase)
        ):
            self._write(test=test.id(), outcome=how, detail=self._detail)  # of a class or a module
        self._outcomes.append(how)

    def addError(self, test: Any, err: Any) -> None:  # noqa: N802  # unittest's name
        self._ended(test, "error", err)

    def addFailure(self, test: Any, err: Any) -> None:  # noqa: N802  # unittest's name
        self._ended(test, "failure", err)

    def addSkip(self, test: Any, reason: str) -> None:  # noqa: N802  # unittest's name
        self._ended(test, f"skipped: {reason}")

    def addExpectedFailure(self, test: Any, err: Any) -> None:  # noqa: N802  # unittest's name
        self._ended(test, "expected failure")

    def addUnexpectedSuccess(self, test: Any) -> None:  # noqa: N802  # unittest's name
        self._ended(test, "unexpected success")

    def addSubTest(self, test: Any, subtest: Any, err: Any) -> None:  # noqa: N802  # unittest's name
        if err is not None:
            self._ended(test, f"in {subtest._subDescription()}:", err)


def main(name: str, depth: str, results: str, *chosen: str) -> None:
    """Run the tests of a file, or the chosen ones of it."""
    support.use_resources = []  # as `python -m test` without -u
    # Some tests press Ctrl+C, which a process that was started in the background ignores.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    with Path(results).open("w") as file:
        outcome = Results(depth, file)
        try:
            importlib.import_module(f"{PACKAGE}.{name}")
        except unittest.SkipTest as error:  # it is for another operating system
            outcome.whole_file_skipped(name, str(error))
            return
        # Each test begins with a collection, which need not look at the library. What is loaded
        # later must not be frozen: a test's own cycles would never be collected.
        gc.collect()
        gc.freeze()
        loader = unittest.defaultTestLoader
        tests = loader.loadTestsFromNames(chosen or [f"{PACKAGE}.{name}"])
        outcome.planned(tests)
        tests.run(outcome)


if __name__ == "__main__":
    main(*sys.argv[1:])
