"""A loop that goes on

`run(ready, report)` makes the calls in a queue until none is left. A callback that fails ends the
loop, and the calls behind it are never made.

Repair it: `report` is called with the exception, and the loop goes on.
"""

from collections import deque

form = "repair"

hints = [
    "Nobody waits for a callback, so nobody can catch what it raises. Only the loop can.",
    "Is the `try` around the whole loop or around one call?",
]


def run(ready, report):
    """Make all calls in the queue; report those that fail."""
    while ready:
        callback = ready.popleft()
        try:
            callback()
        except Exception as error:
            report(error)


def broken(ready, report):
    """Make all calls in the queue; report those that fail."""
    while ready:
        callback = ready.popleft()
        callback()


def check(run):
    log, reports = [], []

    def burn():
        raise ValueError("the soup is burnt")

    ready = deque([burn, lambda: log.append("salad")])
    try:
        run(ready, reports.append)
    except ValueError:
        log.append("the loop has failed")
    assert log == ["salad"], f"Behind the burnt soup the salad should be made, but there was {log}."
    found = [str(error) for error in reports]
    assert found == ["the soup is burnt"], f"One soup was burnt; reported was {found}."


def wrong_around_the_loop(ready, report):
    """Behind the burnt soup the salad should be made, but there was []."""
    try:
        while ready:
            ready.popleft()()
    except Exception as error:
        report(error)


def wrong_says_nothing(ready, report):
    """One soup was burnt; reported was []."""
    while ready:
        try:
            ready.popleft()()
        except Exception:
            continue
