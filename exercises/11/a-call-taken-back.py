"""A call that is taken back

Write a loop, `CallLoop`, as in this chapter, with `call_soon(callback, *args)` and `run()`.
Besides, `call_soon` returns a handle: an object with a method `cancel()`. A call whose handle was
cancelled before its turn is skipped.
"""

from collections import deque

hints = [
    "What stands in the queue can be an object: the handle, with the callback, its arguments and "
    "whether it was cancelled.",
    "A callback may cancel a handle that still stands in the queue. So ask at the moment at which "
    "the call would be made.",
]


class Handle:
    def __init__(self, callback, args):
        self.callback, self.args, self.cancelled = callback, args, False

    def cancel(self):
        self.cancelled = True


class CallLoop:
    def __init__(self):
        self.ready = deque()

    def call_soon(self, callback, *args):
        handle = Handle(callback, args)
        self.ready.append(handle)
        return handle

    def run(self):
        while self.ready:
            handle = self.ready.popleft()
            if not handle.cancelled:
                handle.callback(*handle.args)


class starter:
    def __init__(self):
        self.ready = deque()

    def call_soon(self, callback, *args):
        self.ready.append((callback, args))

    def run(self):
        while self.ready:
            callback, args = self.ready.popleft()
            callback(*args)


def check(CallLoop):
    loop, log = CallLoop(), []
    first = loop.call_soon(log.append, "one")
    assert hasattr(first, "cancel"), (
        f"`call_soon` should return a handle with a `cancel`, but returned {first!r}."
    )
    second = loop.call_soon(log.append, "two")
    first.cancel()
    loop.call_soon(lambda: third.cancel())
    third = loop.call_soon(log.append, "three")
    loop.run()
    second.cancel()
    assert log == ["two"], (
        f"'one' was cancelled before the run and 'three' during it; called was {log}."
    )


class wrong_asks_nobody:
    """'one' was cancelled before the run and 'three' during it; called was
    ['one', 'two', 'three']."""

    def __init__(self):
        self.ready = deque()

    def call_soon(self, callback, *args):
        handle = Handle(callback, args)
        self.ready.append(handle)
        return handle

    def run(self):
        while self.ready:
            handle = self.ready.popleft()
            handle.callback(*handle.args)


class wrong_asks_before_the_run:
    """'one' was cancelled before the run and 'three' during it; called was ['two', 'three']."""

    def __init__(self):
        self.ready = deque()

    def call_soon(self, callback, *args):
        handle = Handle(callback, args)
        self.ready.append(handle)
        return handle

    def run(self):
        for handle in [handle for handle in self.ready if not handle.cancelled]:
            handle.callback(*handle.args)
