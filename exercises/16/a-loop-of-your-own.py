"""A loop of your own

Part 2 in one file, and you write it: a loop with a queue, timers and sockets, futures, tasks that
can be cancelled, a timeout and a nursery. Programs are plain generators here; they wait with
`yield from future`, and a bare `yield` gives way.

Forty tests read along. They come in the order of the chapters (the queue, time, sockets, futures,
tasks, cancellation, timeouts, the nursery), and the verdict is about the first one that fails:
write until it passes, and then look at the next. With a hundred lines or so of your own you are
through. Keep the lines: they run your own programs, too.
"""

import heapq
import itertools
import selectors
import socket
import time
from collections import deque

from glassloop.aio.exceptions import CancelledError

hints = [
    "`_turn` has four parts: wait in `select` for as long as `_patience` allows, put in the "
    "callbacks of the sockets that are ready, put in the timers that are due, call what is in "
    "the queue now.",
    "Behind `self.ready` of this moment, the callbacks themselves put in more. Count before "
    "you call: `for _ in range(len(self.ready))`.",
    "Two timers of the same moment: a heap compares the next item of the tuple. Put a number "
    "that counts up behind the time.",
    "`Task._step` sends `None` into the program, or throws `CancelledError` if that was asked "
    "for. What comes out: a future (wait for it: `add_done_callback(self._step)`), `None` "
    "(come again in the next turn), `StopIteration` (its `value` is the result), "
    "`CancelledError`, or an error.",
    "`Task.cancel` goes down: first ask the future that the task waits for. Only if there is "
    "none, or it refuses as it is done already, remember that the next step must throw.",
    "`together` needs one future, which is told by the first program that fails or by the "
    "last one that ends. In a `finally`, cancel all tasks, and then wait for each until it is "
    "done.",
]


class Handle:
    """An entry of the loop: what to call, and whether it was taken back."""

    def __init__(self, callback, args):
        self.callback, self.args, self.cancelled = callback, args, False

    def cancel(self):
        """Take it back."""
        self.cancelled = True


class Loop:
    """Calls callbacks: at once, later, or when a socket can be read."""

    def __init__(self):
        self.ready, self.timers, self.numbers = deque(), [], itertools.count()
        self.selector, self.errors = selectors.DefaultSelector(), []
        self.stopping = False

    def call_soon(self, callback, *args):
        """Have it called in the next turn; returns its `Handle`."""
        handle = Handle(callback, args)
        self.ready.append(handle)
        return handle

    def call_later(self, delay, callback, *args):
        """Have it called in `delay` seconds; returns its `Handle`."""
        handle = Handle(callback, args)
        due = time.monotonic() + delay
        heapq.heappush(self.timers, (due, next(self.numbers), handle))
        return handle

    def add_reader(self, sock, callback, *args):
        """Have it called in each turn in which `sock` can be read."""
        handle = Handle(callback, args)
        self.selector.register(sock, selectors.EVENT_READ, handle)

    def remove_reader(self, sock):
        """Forget what `add_reader` was told of `sock`."""
        self.selector.unregister(sock)

    def create_task(self, program):
        """A `Task` that runs the generator `program`."""
        return Task(self, program)

    def run_until_complete(self, program):
        """Run a program to its end: what it returns, or raises."""
        task = self.create_task(program)
        task.add_done_callback(lambda _: self.stop())
        self.run_forever()
        return task.result()

    def run_forever(self):
        """Turn after turn, to the end of the one with a call of `stop`."""
        self.stopping = False
        while not self.stopping:
            self._turn()

    def stop(self):
        """End `run_forever` when this turn is over."""
        self.stopping = True

    def _turn(self):
        """Wait, collect what is ready, call it. What is raised goes to `errors`."""
        for key, _ in self.selector.select(self._patience()):
            self.ready.append(key.data)
        while self.timers and self.timers[0][0] <= time.monotonic():
            self.ready.append(heapq.heappop(self.timers)[2])
        for _ in range(len(self.ready)):
            handle = self.ready.popleft()
            if not handle.cancelled:
                try:
                    handle.callback(*handle.args)
                except Exception as error:
                    self.errors.append(error)

    def _patience(self):
        """Seconds that it may wait; `None` where only a socket can wake it."""
        while self.timers and self.timers[0][2].cancelled:
            heapq.heappop(self.timers)
        if self.ready:
            return 0
        if not self.timers:
            return None
        return max(0, self.timers[0][0] - time.monotonic())


class Future:
    """A result that is not there yet."""

    def __init__(self, loop):
        self.loop, self.callbacks = loop, []
        self.state, self.value = "pending", None

    def done(self):
        """Whether there is a result or an error, or it was cancelled."""
        return self.state != "pending"

    def cancelled(self):
        """Whether it was cancelled."""
        return self.state == "cancelled"

    def result(self):
        """The result. Raises the error if there is one, `CancelledError` if it
        was cancelled, and `RuntimeError` if it is not done."""
        if not self.done():
            raise RuntimeError("there is no result yet")
        if self.state == "result":
            return self.value
        raise CancelledError() if self.value is None else self.value

    def set_result(self, result):
        """It is done, with a result."""
        self._end("result", result)

    def set_exception(self, error):
        """It is done, with an error."""
        self._end("error", error)

    def cancel(self):
        """Cancel it; returns whether it was possible: what is done stays."""
        if self.done():
            return False
        self._end("cancelled", None)
        return True

    def add_done_callback(self, callback):
        """Have the loop call it with this future, in the turn after it is done."""
        if self.done():
            self.loop.call_soon(callback, self)
        else:
            self.callbacks.append(callback)

    def _end(self, state, value):
        """Write down how it has ended, and tell all who wait, once only."""
        if self.done():
            raise RuntimeError("it is done already")
        self.state, self.value = state, value
        for callback in self.callbacks:
            self.loop.call_soon(callback, self)

    def __iter__(self):
        """`yield from future`: wait until it is done; its result, or raises."""
        if not self.done():
            yield self
        return self.result()


class Task(Future):
    """A generator that the loop runs, and the future of what it returns."""

    def __init__(self, loop, program):
        super().__init__(loop)
        self.program, self.waits_for, self.asked = program, None, False
        loop.call_soon(self._step)

    def cancel(self):
        """Have `CancelledError` raised where it waits; `False` if it is done."""
        if self.done():
            return False
        if self.waits_for is None or not self.waits_for.cancel():
            self.asked = True
        return True

    def _step(self, _=None):
        """Run the program to where it waits next. `_` is the future that is done."""
        asked, self.asked, self.waits_for = self.asked, False, None
        try:
            if asked:
                found = self.program.throw(CancelledError())
            else:
                found = self.program.send(None)
        except StopIteration as stop:
            self.set_result(stop.value)
        except CancelledError:
            super().cancel()
        except Exception as error:
            self.set_exception(error)
        else:
            self._wait(found)

    def _wait(self, found):
        """Go on when what came out is done; in the next turn if it is `None`."""
        if found is None:
            self.loop.call_soon(self._step)
            return
        self.waits_for = found
        found.add_done_callback(self._step)


def sleep(loop, seconds):
    """Wait for so many seconds. Who is cancelled meanwhile leaves no timer."""
    future = Future(loop)
    timer = loop.call_later(seconds, future.set_result, None)
    try:
        yield from future
    finally:
        timer.cancel()


def with_timeout(loop, seconds, program):
    """What `program` returns. After so many seconds it is cancelled; when it
    has ended then, `TimeoutError` is raised."""
    task, late = loop.create_task(program), []
    timer = loop.call_later(seconds, lambda: late.append(task.cancel()))
    try:
        return (yield from task)
    except CancelledError:
        if late:
            raise TimeoutError from None
        raise
    finally:
        timer.cancel()


def together(loop, *programs):
    """Run programs at the same time: the list of their results, in order.
    If one fails, the others are cancelled, and its error is raised when all
    have ended; so it is if `together` is cancelled."""
    tasks = [loop.create_task(program) for program in programs]
    outcome = Future(loop)

    def ended(task):
        if outcome.done():
            return
        try:
            task.result()
        except (CancelledError, Exception) as error:
            outcome.set_exception(error)
        else:
            if all(each.done() for each in tasks):
                outcome.set_result(None)

    for task in tasks:
        task.add_done_callback(ended)
    try:
        if tasks:
            yield from outcome
    finally:
        for task in tasks:
            task.cancel()
        for task in tasks:
            over = Future(loop)
            task.add_done_callback(lambda _, over=over: over.set_result(None))
            yield from over
    return [task.result() for task in tasks]


def check(Handle, Loop, Future, Task, sleep, with_timeout, together):
    tests, complaints = [], []

    def turn(loop, *callbacks, until=0):
        """Call these, and stop the loop `until` seconds later; returns the seconds that it ran."""
        for callback in callbacks:
            loop.call_soon(callback)
        loop.call_later(until, loop.stop)
        return watched(loop, loop.run_forever)[1]

    def seconds(function, *args):
        """What a function returns, or the error that it raises, and how many seconds it takes."""
        start = time.monotonic()
        try:
            found = function(*args)
        except (CancelledError, Exception) as error:
            found = error
        return found, round(time.monotonic() - start)

    def run(loop, program):
        return watched(loop, loop.run_until_complete, program)

    def watched(loop, function, *args):
        """The same as `seconds`; what callbacks have raised meanwhile is noted."""
        before = len(errors(loop))
        found = seconds(function, *args)
        complaints.extend(errors(loop)[before:])
        return found

    def errors(loop):
        return getattr(loop, "errors", [])

    # The queue.

    @tests.append
    def _():
        """Callbacks are called with their arguments, in the order in which they came."""
        loop, said = Loop(), []
        for word in ("soup", "bread"):
            loop.call_soon(said.append, word)
        turn(loop)
        return said, ["soup", "bread"]

    @tests.append
    def _():
        """`call_soon` calls nothing itself."""
        loop, said = Loop(), []
        loop.call_soon(said.append, "soup")
        return said, []

    @tests.append
    def _():
        """What a callback puts in comes behind all that were in the queue already."""
        loop, said = Loop(), []
        turn(loop, lambda: loop.call_soon(said.append, "inner"), lambda: said.append("outer"))
        turn(loop)
        return said, ["outer", "inner"]

    @tests.append
    def _():
        """A callback that was taken back, with `cancel()` of its handle, is not called."""
        loop, said = Loop(), []
        loop.call_soon(said.append, "soup").cancel()
        turn(loop)
        return said, []

    @tests.append
    def _():
        """A callback may take back one that comes behind it in the same turn."""
        loop, said = Loop(), []
        loop.call_soon(lambda: soup.cancel())
        soup = loop.call_soon(said.append, "soup")
        turn(loop)
        return said, []

    @tests.append
    def _():
        """An error in a callback is added to `loop.errors`, and the next callback is called."""
        loop, said = Loop(), []
        turn(loop, lambda: {}["egg"], lambda: said.append("soup"))
        complaints.clear()
        return [said, *map(repr, errors(loop))], [["soup"], "KeyError('egg')"]

    @tests.append
    def _():
        """After `stop`, the turn is finished; what was put in meanwhile waits for the next run."""
        loop, said = Loop(), []
        loop.call_soon(loop.stop)
        loop.call_soon(lambda: loop.call_soon(said.append, "tomorrow"))
        loop.call_soon(said.append, "today")
        loop.run_forever()
        first = list(said)
        turn(loop)
        return (first, said), (["today"], ["today", "tomorrow"])

    # Time.

    @tests.append
    def _():
        """A timer is called when its time has come, and the loop waits for it."""
        loop, said = Loop(), []
        start = time.monotonic()
        loop.call_later(2, lambda: said.append(round(time.monotonic() - start)))
        turn(loop, until=3)
        return said, [2]

    @tests.append
    def _():
        """Of two timers the one that is due first is called first, whichever was set first."""
        loop, said = Loop(), []
        loop.call_later(2, said.append, "bread")
        loop.call_later(1, said.append, "egg")
        turn(loop, until=3)
        return said, ["egg", "bread"]

    @tests.append
    def _():
        """Timers of the same moment are called in the order in which they were set."""
        loop, said = Loop(), []
        for word in ("ann", "bob", "cid"):
            loop.call_later(1, said.append, word)
        turn(loop, until=2)
        return said, ["ann", "bob", "cid"]

    @tests.append
    def _():
        """A timer that was taken back is not called."""
        loop, said = Loop(), []
        loop.call_later(1, said.append, "bread").cancel()
        turn(loop, until=2)
        return said, []

    @tests.append
    def _():
        """A timer is called although the queue never becomes empty."""
        loop, said = Loop(), []

        def chop():
            time.sleep(0.5)
            loop.call_soon(chop)

        loop.call_later(1, said.append, "egg")
        turn(loop, chop, until=2)
        return said, ["egg"]

    # Sockets.

    @tests.append
    def _():
        """The callback of a socket is called when there is something to read, and not before. No
        timer is needed for that."""
        loop, said = Loop(), []
        near, far = socket.socketpair()
        loop.add_reader(near, lambda: said.append(near.recv(10)))
        loop.add_reader(far, lambda: said.append(far.recv(10)) or loop.stop())
        turn(loop, until=1)
        before = list(said)
        far.send(b"soup")
        near.send(b"bread")
        watched(loop, loop.run_forever)
        loop.remove_reader(near)
        near.close()
        far.close()
        return (before, sorted(said)), ([], [b"bread", b"soup"])

    @tests.append
    def _():
        """After `remove_reader` it is not called."""
        loop, said = Loop(), []
        near, far = socket.socketpair()
        loop.add_reader(near, said.append, "soup")
        loop.remove_reader(near)
        far.send(b"soup")
        turn(loop, until=1)
        near.close()
        far.close()
        return said, []

    # Futures.

    @tests.append
    def _():
        """A future is done when it has a result, and not before."""
        future = Future(Loop())
        before = future.done()
        future.set_result("soup")
        return (before, future.done(), future.result()), (False, True, "soup")

    @tests.append
    def _():
        """To ask for a result that is not there yet is a `RuntimeError`."""
        found, _ = seconds(Future(Loop()).result)
        return type(found), RuntimeError

    @tests.append
    def _():
        """A second result is a `RuntimeError`, and the first one stays."""
        future = Future(Loop())
        future.set_result("soup")
        found, _ = seconds(future.set_result, "bread")
        return (type(found), future.result()), (RuntimeError, "soup")

    @tests.append
    def _():
        """`result` raises the error that was set."""
        future, error = Future(Loop()), OSError("the oven is cold")
        future.set_exception(error)
        return seconds(future.result)[0], error

    @tests.append
    def _():
        """Its callbacks get the future, and get it from the loop: not at once."""
        loop, said = Loop(), []
        future = Future(loop)
        future.add_done_callback(lambda each: said.append(each is future))
        future.set_result("soup")
        before = list(said)
        turn(loop)
        return (before, said), ([], [True])

    @tests.append
    def _():
        """A callback that is added too late is called as well, by the loop."""
        loop, said = Loop(), []
        future = Future(loop)
        future.set_result("soup")
        future.add_done_callback(lambda each: said.append(each is future))
        before = list(said)
        turn(loop)
        return (before, said), ([], [True])

    @tests.append
    def _():
        """A future that was cancelled is done, and its `result` raises `CancelledError`."""
        future = Future(Loop())
        found = future.cancel(), future.done(), future.cancelled()
        return (*found, type(seconds(future.result)[0])), (True, True, True, CancelledError)

    @tests.append
    def _():
        """What is done cannot be cancelled: `cancel` returns `False`, and the result stays."""
        future = Future(Loop())
        future.set_result("soup")
        return (future.cancel(), future.cancelled(), future.result()), (False, False, "soup")

    # Tasks.

    @tests.append
    def _():
        """What a program returns is the result of its task."""
        loop = Loop()

        def cook():
            yield from sleep(loop, 2)
            return "soup"

        return run(loop, cook()), ("soup", 2)

    @tests.append
    def _():
        """A program does not begin before the loop turns."""
        loop, said = Loop(), []

        def cook():
            said.append("cooks")
            yield

        loop.create_task(cook())
        before = list(said)
        turn(loop)
        return (before, said), ([], ["cooks"])

    @tests.append
    def _():
        """`yield from future` gives the result of the future."""
        loop = Loop()
        letter = Future(loop)

        def read():
            return (yield from letter)

        loop.call_later(1, letter.set_result, "news")
        return run(loop, read()), ("news", 1)

    @tests.append
    def _():
        """An error of the future is raised at `yield from future`, where it can be caught."""
        loop = Loop()
        letter = Future(loop)

        def read():
            try:
                yield from letter
            except OSError as error:
                return f"caught: {error}"

        loop.call_later(1, letter.set_exception, OSError("rain"))
        return run(loop, read())[0], "caught: rain"

    @tests.append
    def _():
        """With a bare `yield` two programs take turns."""
        loop, said = Loop(), []

        def count(name):
            for number in range(2):
                said.append(f"{name}{number}")
                yield

        loop.create_task(count("a"))
        run(loop, count("b"))
        return said, ["a0", "b0", "a1", "b1"]

    @tests.append
    def _():
        """A task is a future: another program can wait for it."""
        loop = Loop()

        def cook():
            yield from sleep(loop, 1)
            return "soup"

        def serve(task):
            return [(yield from task), (yield from task)]

        return run(loop, serve(loop.create_task(cook()))), (["soup", "soup"], 1)

    @tests.append
    def _():
        """An error that a program raises comes out of `run_until_complete`."""
        loop = Loop()

        def cook():
            yield
            raise OSError("the oven is cold")

        return repr(run(loop, cook())[0]), "OSError('the oven is cold')"

    @tests.append
    def _():
        """Ten sleepers sleep at the same time."""
        loop = Loop()
        for _ in range(9):
            loop.create_task(sleep(loop, 1))
        return run(loop, sleep(loop, 1)), (None, 1)

    # Cancellation.

    @tests.append
    def _():
        """A task that is cancelled gets `CancelledError` where it waits, three frames deep."""
        loop, said = Loop(), []

        def inner(depth):
            try:
                yield from (inner(depth - 1) if depth else sleep(loop, 3600))
            except CancelledError:
                said.append(depth)
                raise

        task = loop.create_task(inner(2))
        loop.call_later(1, task.cancel)
        took = turn(loop, until=2)
        return (said, task.cancelled(), took), ([0, 1, 2], True, 2)

    @tests.append
    def _():
        """A task that is cancelled before its first step never begins, and is done when it has
        been told so. Then it cannot be cancelled once more."""
        loop, said = Loop(), []

        def cook():
            said.append("cooks")
            yield

        task = loop.create_task(cook())
        asked = task.cancel()
        turn(loop)
        return (asked, said, task.cancelled(), task.cancel()), (True, [], True, False)

    @tests.append
    def _():
        """A program that catches `CancelledError` goes on, and its result counts."""
        loop = Loop()

        def stubborn():
            try:
                yield from sleep(loop, 3600)
            except CancelledError:
                yield from sleep(loop, 1)
            return "done all the same"

        task = loop.create_task(stubborn())
        loop.call_later(1, task.cancel)
        turn(loop, until=3)
        found = task.result() if task.done() else "not done"
        return (task.cancelled(), found), (False, "done all the same")

    @tests.append
    def _():
        """A request is not lost where the future is done, and the task has not gone on yet."""
        loop = Loop()
        letter = Future(loop)

        def read():
            return (yield from letter)

        task = loop.create_task(read())

        def both():
            letter.set_result("news")
            task.cancel()

        loop.call_later(1, both)
        turn(loop, until=2)
        return task.cancelled(), True

    @tests.append
    def _():
        """A sleeper that is cancelled takes its timer back: there is nothing left for it to do."""
        loop = Loop()
        task = loop.create_task(sleep(loop, 60))
        loop.call_later(1, task.cancel)
        turn(loop, until=3600)
        found, complaints[:] = list(map(str, complaints)), []
        return (task.cancelled(), found), (True, [])

    # Timeouts.

    @tests.append
    def _():
        """A program that is done in time gives its result as soon as it is done."""
        loop = Loop()

        def cook():
            yield from sleep(loop, 1)
            return "soup"

        return run(loop, with_timeout(loop, 60, cook())), ("soup", 1)

    @tests.append
    def _():
        """One that is late is cancelled; `TimeoutError` is raised when it has cleaned up."""
        loop = Loop()

        def cook():
            try:
                yield from sleep(loop, 3600)
            finally:
                yield from sleep(loop, 1)

        found, took = run(loop, with_timeout(loop, 2, cook()))
        return (type(found), took), (TimeoutError, 3)

    @tests.append
    def _():
        """A cancellation that comes from outside is none of the timeout's."""
        loop = Loop()
        task = loop.create_task(with_timeout(loop, 60, sleep(loop, 3600)))
        loop.call_later(1, task.cancel)
        turn(loop, until=2)
        return task.cancelled(), True

    # The nursery.

    @tests.append
    def _():
        """`together` gives the results in order, after the time of the slowest."""
        loop = Loop()

        def cook(minutes):
            yield from sleep(loop, minutes)
            return minutes

        return run(loop, together(loop, cook(3), cook(1), cook(2))), ([3, 1, 2], 3)

    @tests.append
    def _():
        """If one fails, the others are cancelled, and have cleaned up when its error is raised."""
        loop, said = Loop(), []

        def cook(minutes):
            try:
                yield from sleep(loop, minutes)
                raise OSError(minutes)
            except CancelledError:
                yield from sleep(loop, 1)
                said.append(minutes)
                raise

        found, took = run(loop, together(loop, cook(3), cook(1), cook(2)))
        return (repr(found), said, took), ("OSError(1)", [3, 2], 2)

    for number, test in enumerate(tests, 1):
        found, wanted = test()
        claim = f"Test {number} of {len(tests)}. {' '.join(test.__doc__.split())}"
        assert found == wanted, f"{claim} It should give {wanted!r}, but gives {found!r}."
        assert not complaints, f"{claim} Callbacks of the loop have raised {complaints!r} in it."


class wrong_Handle_takes_nothing_back:
    """Test 4 of 40. A callback that was taken back, with `cancel()` of its handle, is not called.
    It should give [], but gives ['soup']."""

    def __init__(self, callback, args):
        self.callback, self.args, self.cancelled = callback, args, False

    def cancel(self):
        pass


class wrong_Task_begins_at_once(Future):
    """Test 24 of 40. A program does not begin before the loop turns. It should give ([],
    ['cooks']), but gives (['cooks'], ['cooks'])."""

    def __init__(self, loop, program):
        super().__init__(loop)
        self.program, self.waits_for, self.asked = program, None, False
        self._step()

    def cancel(self):
        if self.done():
            return False
        if self.waits_for is None or not self.waits_for.cancel():
            self.asked = True
        return True

    def _step(self, _=None):
        asked, self.asked, self.waits_for = self.asked, False, None
        try:
            found = self.program.throw(CancelledError()) if asked else self.program.send(None)
        except StopIteration as stop:
            self.set_result(stop.value)
        except CancelledError:
            super().cancel()
        except Exception as error:
            self.set_exception(error)
        else:
            self._wait(found)

    def _wait(self, found):
        if found is None:
            self.loop.call_soon(self._step)
            return
        self.waits_for = found
        found.add_done_callback(self._step)


class wrong_Task_loses_the_request(Future):
    """Test 34 of 40. A request is not lost where the future is done, and the task has not gone on
    yet. It should give True, but gives False."""

    def __init__(self, loop, program):
        super().__init__(loop)
        self.program, self.waits_for, self.asked = program, None, False
        loop.call_soon(self._step)

    def cancel(self):
        if self.done():
            return False
        if self.waits_for is None:
            self.asked = True
            return True
        return self.waits_for.cancel()

    def _step(self, _=None):
        asked, self.asked, self.waits_for = self.asked, False, None
        try:
            found = self.program.throw(CancelledError()) if asked else self.program.send(None)
        except StopIteration as stop:
            self.set_result(stop.value)
        except CancelledError:
            super().cancel()
        except Exception as error:
            self.set_exception(error)
        else:
            self._wait(found)

    def _wait(self, found):
        if found is None:
            self.loop.call_soon(self._step)
            return
        self.waits_for = found
        found.add_done_callback(self._step)


def wrong_sleep_leaves_its_timer(loop, seconds):
    """Test 35 of 40. A sleeper that is cancelled takes its timer back: there is nothing left for it
    to do. It should give (True, []), but gives (True, ['it is done already'])."""
    future = Future(loop)
    loop.call_later(seconds, future.set_result, None)
    yield from future


def wrong_with_timeout_does_not_wait_for_the_end(loop, seconds, program):
    """Test 37 of 40. One that is late is cancelled; `TimeoutError` is raised when it has cleaned
    up. It should give (<class 'TimeoutError'>, 3), but gives (<class 'TimeoutError'>, 2)."""
    task, outcome = loop.create_task(program), Future(loop)
    timer = loop.call_later(seconds, outcome.set_exception, TimeoutError())
    task.add_done_callback(lambda _: outcome.done() or outcome.set_result(None))
    try:
        yield from outcome
    finally:
        timer.cancel()
        task.cancel()
    return task.result()


def wrong_with_timeout_takes_every_cancellation_for_its_own(loop, seconds, program):
    """Test 38 of 40. A cancellation that comes from outside is none of the timeout's. It should
    give True, but gives False."""
    task = loop.create_task(program)
    timer = loop.call_later(seconds, task.cancel)
    try:
        return (yield from task)
    except CancelledError:
        raise TimeoutError from None
    finally:
        timer.cancel()


def wrong_together_one_after_the_other(loop, *programs):
    """Test 39 of 40. `together` gives the results in order, after the time of the slowest. It
    should give ([3, 1, 2], 3), but gives ([3, 1, 2], 6)."""
    found = []
    for program in programs:
        found.append((yield from program))
    return found


def wrong_together_lets_the_others_go_on(loop, *programs):
    """Test 40 of 40. If one fails, the others are cancelled, and have cleaned up when its error is
    raised. It should give ('OSError(1)', [3, 2], 2), but gives ('OSError(3)', [], 3)."""
    tasks, found = [loop.create_task(program) for program in programs], []
    for task in tasks:
        found.append((yield from task))
    return found
