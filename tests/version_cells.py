"""Cells of the book whose traces are not the same on every version of Python, with the reasons."""

# By what differs: cells as `number/name`.
ON_EVERY_VERSION = {
    "it looks at bytecode": ["08/instructions", "17/instructions"],
    "it goes as deep as calls may go, which includes the recorder's own": ["11/deep"],
    "the jump back at the end of a comprehension over several lines": [
        "13/whole-program-runs",
        "20/kinds",
        "20/whole-program-runs",
    ],
    "it holds a message of Python that 3.14 words anew": ["18/not-only-generators", "19/mixed-up"],
    "it holds a message with the place of a file of ours": ["15/bad-yields"],
    "an exception of the compiler has more arguments": ["17/syntax", "20/not-in-it"],
    "it holds a warning with the place in which it came up": ["27/async-method"],
    "tasks are kept in a set, which has no order, up to 3.13": ["24/vanishing"],
    "from 3.14 on a task factory is given the name": ["21/on-the-tiny-loop", "24/talkative-task"],
    "in a task factory a task has the number that asyncio counts for the whole process": [
        "24/whole-program-runs",
    ],
    "a sleep in an eager first step has no frame that the recorder sees on 3.14": [
        "24/eager",
        "25/eager",
    ],
}

UP_TO_3_12 = {
    "where the block of a `with` ends a line is told once more": [
        "16/nursery-run",
        "16/whole-program",
        "20/aclosing",
    ],
    "how an `async for` hears that there is no more": [
        "20/comprehensions",
        "20/genexp",
        "20/leftmost",
        "26/generators",
    ],
}

ON_3_11 = {
    "how an `async for` hears that there is no more": [
        "19/pages",
        "19/for-by-hand",
        "19/sequential",
        "19/overlapping",
        "19/comprehension",
        "19/whole-program",
        "20/stray",
    ],
    "where the block of an `async with` ends a line is told once more": [
        "20/group-around-yield",
        "20/watching",
        "26/right-context",
    ],
    "`current_task` is written in Python": ["16/first-timeout", "16/right-timeout"],
    "an exception keeps its frames, and what these hold, for longer": [
        "15/lost-exception",
        "21/two-loops",
        "24/never-retrieved",
    ],
    "a gather of what is done already takes a turn": [
        "22/mini-run",
    ],
    "the end of a server's block does not wait for its connections": [
        "27/not-sent",
        "27/pieces",
        "27/piece-by-piece",
        "27/lines",
        "27/own-memory",
        "27/slow-reader",
        "27/own-streams-run",
        "27/three-drains",
        "27/out-of-order",
        "27/whole-program",
    ],
}

# What the rules of the checker do not hold for: loops by hand, and eager tasks.
OWN_RULES = {
    "its clock is the reader's": ["12/own-clock"],
    "it begins with what the cell above has left in the queue": ["11/cancel", "16/naive-fails"],
    "its queue holds handles that no loop of asyncio's kind has made": [
        "21/on-the-tiny-loop",
        "21/who-am-i",
    ],
    "what it awaits is nobody's future, and never says that it is done": ["21/seven"],
    "a task that starts at once makes its first step inside that of another": [
        "24/eager",
        "24/eager-order",
        "25/eager",
    ],
}


def cells_that_differ(version: tuple[int, ...]) -> set[str]:
    """The cells that are not compared between this version and 3.14."""
    tables = [ON_EVERY_VERSION]
    if version < (3, 13):
        tables.append(UP_TO_3_12)
    if version < (3, 12):
        tables.append(ON_3_11)
    return {cell for table in tables for cells in table.values() for cell in cells}


def cells_with_own_rules() -> set[str]:
    """The cells whose loops are not like the others."""
    return {cell for cells in OWN_RULES.values() for cell in cells}
