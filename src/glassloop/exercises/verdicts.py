"""What is said of an attempt."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Literal

Kind = Literal["passed", "failed", "error", "endless", "deadlock", "forbidden"]


@dataclass(frozen=True)
class Verdict:
    """How an attempt ended.

    `failed`: an assertion of the check did not hold. `error`: an exception left the attempt.
    `endless`: a limit was reached. `deadlock`: it waits for what cannot come. `forbidden`: it did
    what an attempt may not do. `message` is for the reader, with code in backticks; `line` is a
    line of the attempt, counted from 1, where one can be told; `output` is what was printed.
    """

    kind: Kind
    message: str
    line: int | None = None
    output: str = ""

    def as_json(self) -> str:
        """The four fields as a JSON object."""
        return json.dumps(asdict(self), ensure_ascii=False)
