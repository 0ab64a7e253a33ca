"""Programs from all areas of the book, which do the same on every Python from 3.11 on."""

PROGRAMS = {
    "generator": """
def countdown(n):
    while n:
        yield n
        n -= 1
    return "lift-off"

launch = countdown(2)
print(next(launch))
print(next(launch))
try:
    next(launch)
except StopIteration as end:
    print(end.value)
for number in countdown(3):
    print(number)
""",
    "send, throw and close": """
def lift():
    floor = 0
    try:
        while True:
            try:
                floor += yield floor
            except ValueError as error:
                print("no such floor:", error)
    finally:
        print("doors closed at", floor)

ride = lift()
next(ride)
ride.send(3)
ride.throw(ValueError("minus nine"))
ride.send(1)
ride.close()
""",
    "yield from": """
def floors(low, high):
    for floor in range(low, high):
        got = yield floor
        if got == "leave":
            return floor
    return None

def house():
    first = yield from floors(0, 3)
    second = yield from floors(first or 10, 12)
    return [first, second]

walk = house()
print(next(walk), walk.send(None), walk.send("leave"))
print(list(walk))
""",
    "an exception on its way": """
def burn(heat):
    if heat > 2:
        raise ValueError("smoke")
    try:
        burn(heat + 1)
    finally:
        print("fan at", heat)

def kitchen():
    try:
        burn(0)
    except ValueError as error:
        raise RuntimeError("fire") from error

try:
    kitchen()
except RuntimeError as error:
    print(repr(error), repr(error.__cause__))
""",
    "classes and closures": """
class Till:
    rate = 2

    def __init__(self):
        self.sold = []

    def sell(self, what):
        self.sold.append(what)
        return len(self.sold) * self.rate

def counter():
    count = 0
    def more():
        nonlocal count
        count += 1
        return count
    return more

till, more = Till(), counter()
till.sell("bread")
till.sell("cake")
more()
print(more(), sorted(till.sold, key=lambda what: -len(what)))
""",
    "tasks and sleeps": """
import asyncio

async def bake(what, minutes):
    print(what, "in")
    await asyncio.sleep(minutes)
    print(what, "out")
    return what.upper()

async def kitchen():
    bread = asyncio.create_task(bake("bread", 3), name="bread")
    cake = asyncio.create_task(bake("cake", 1), name="cake")
    await asyncio.sleep(0)
    print(await bread, await cake)

asyncio.run(kitchen())
""",
    "gather": """
import asyncio

async def fetch(page, delay):
    await asyncio.sleep(delay)
    if page == 2:
        raise ValueError(page)
    return page

async def crawl():
    print(await asyncio.gather(fetch(1, 2), fetch(3, 1)))
    print(await asyncio.gather(fetch(1, 1), fetch(2, 1), return_exceptions=True))

asyncio.run(crawl())
""",
    "lock and semaphore": """
import asyncio

async def bake(what, oven, trays):
    async with trays:
        async with oven:
            print(what)
            await asyncio.sleep(1)

async def kitchen():
    oven, trays = asyncio.Lock(), asyncio.Semaphore(2)
    await asyncio.gather(*[bake(n, oven, trays) for n in range(3)])

asyncio.run(kitchen())
""",
    "event": """
import asyncio

async def guest(door, name):
    await door.wait()
    print(name, "comes in")

async def house():
    door = asyncio.Event()
    guests = [asyncio.create_task(guest(door, name)) for name in ("ann", "bob")]
    await asyncio.sleep(1)
    door.set()
    await asyncio.wait(guests)

asyncio.run(house())
""",
    "condition": """
import asyncio

async def eat(table, plates):
    async with table:
        await table.wait_for(lambda: plates)
        print("eats", plates.pop())

async def cook(table, plates):
    for plate in range(2):
        await asyncio.sleep(1)
        async with table:
            plates.append(plate)
            table.notify()

async def main():
    table, plates = asyncio.Condition(), []
    async with asyncio.TaskGroup() as group:
        group.create_task(eat(table, plates))
        group.create_task(eat(table, plates))
        group.create_task(cook(table, plates))

asyncio.run(main())
""",
    "queue": """
import asyncio

async def bake(shelf):
    for loaf in range(4):
        await shelf.put(loaf)
        print("baked", loaf)
    await shelf.put(None)

async def sell(shelf):
    while (loaf := await shelf.get()) is not None:
        await asyncio.sleep(1)
        print("sold", loaf)
        shelf.task_done()

async def shop():
    shelf = asyncio.Queue(2)
    baker = asyncio.create_task(bake(shelf))
    await sell(shelf)
    await baker

asyncio.run(shop())
""",
    "cancellation": """
import asyncio

async def inner():
    try:
        await asyncio.sleep(10)
    finally:
        print("inner cleans up")
        await asyncio.sleep(1)

async def outer():
    try:
        await inner()
    except asyncio.CancelledError:
        print("outer hears of it")
        raise

async def main():
    task = asyncio.create_task(outer())
    early = asyncio.create_task(outer())
    early.cancel()
    await asyncio.sleep(1)
    task.cancel()
    try:
        await task
    except asyncio.CancelledError:
        print("gone:", task.cancelled(), early.cancelled())

asyncio.run(main())
""",
    "timeout": """
import asyncio

async def slow():
    async with asyncio.timeout(2):
        await asyncio.sleep(5)

async def main():
    try:
        await slow()
    except TimeoutError:
        print("too slow")
    async with asyncio.timeout(2):
        await asyncio.sleep(1)

asyncio.run(main())
""",
    "a task group that fails": """
import asyncio

async def burn():
    await asyncio.sleep(1)
    raise ValueError("smoke")

async def bake():
    try:
        await asyncio.sleep(9)
    except asyncio.CancelledError:
        print("oven off")
        raise

async def main():
    try:
        async with asyncio.TaskGroup() as group:
            group.create_task(bake())
            group.create_task(burn())
    except ExceptionGroup as error:
        print(error.exceptions)

asyncio.run(main())
""",
    "shield": """
import asyncio

async def save():
    await asyncio.sleep(2)
    print("saved")

async def visit(saving):
    await asyncio.shield(saving)

async def main():
    saving = asyncio.create_task(save())
    visitor = asyncio.create_task(visit(saving))
    await asyncio.sleep(1)
    visitor.cancel()
    await saving
    print(visitor.cancelled())

asyncio.run(main())
""",
    "asynchronous generator": """
import asyncio

async def thermometer():
    degrees = 20
    try:
        while True:
            await asyncio.sleep(1)
            yield degrees
            degrees += 1
    finally:
        await asyncio.sleep(1)
        print("switched off")

async def main():
    reading = thermometer()
    async for degrees in reading:
        print(degrees)
        if degrees == 22:
            break
    await reading.aclose()

asyncio.run(main())
""",
    "asynchronous context manager": """
import asyncio
import contextlib

class Door:
    async def __aenter__(self):
        await asyncio.sleep(1)
        return self

    async def __aexit__(self, *error):
        await asyncio.sleep(1)
        print("door closed")

async def main():
    async with Door() as door:
        print(type(door).__name__)
    with contextlib.suppress(KeyError):
        async with Door():
            raise KeyError("key")

asyncio.run(main())
""",
    "an awaitable of one's own": """
import asyncio

class Nap:
    def __init__(self, times):
        self.times = times

    def __await__(self):
        for _ in range(self.times):
            yield
        return "awake"

async def main():
    print(await Nap(2))

asyncio.run(main())
""",
    "futures and callbacks": """
import asyncio

async def main():
    loop = asyncio.get_running_loop()
    parcel = loop.create_future()
    parcel.add_done_callback(lambda future: print("arrived:", future.result()))
    loop.call_later(2, parcel.set_result, "book")
    loop.call_soon(print, "soon")
    loop.call_later(5, print, "never").cancel()
    print(await parcel)

asyncio.run(main())
""",
    "a conversation": """
import asyncio

async def answer(reader, writer):
    while line := await reader.readline():
        writer.write(line.upper())
        await writer.drain()
    writer.close()

async def main():
    server = await asyncio.start_server(answer, "localhost", 8000)
    reader, writer = await asyncio.open_connection("localhost", 8000)
    writer.write(b"hello\\n")
    print(await reader.readline())
    writer.close()
    await writer.wait_closed()
    server.close()
    await asyncio.sleep(1)

asyncio.run(main())
""",
    "nobody looks at the exception": """
import asyncio
import gc

async def burn():
    raise ValueError("smoke")

async def main():
    asyncio.create_task(burn())
    await asyncio.sleep(1)
    gc.collect()
    print("done")

asyncio.run(main())
""",
    "a deadlock": """
import asyncio

async def main():
    door = asyncio.Event()
    async with asyncio.Lock():
        await door.wait()

asyncio.run(main())
""",
    "one loop after another": """
import asyncio

async def greet(name):
    await asyncio.sleep(1)
    print("hello", name)

asyncio.run(greet("ann"))
asyncio.run(greet("bob"))
""",
    "a loop made by hand": """
from collections import deque

def task(name, steps):
    for step in range(steps):
        print(name, step)
        yield

ready = deque([task("bread", 2), task("cake", 3)])
while ready:
    current = ready.popleft()
    try:
        current.send(None)
    except StopIteration:
        continue
    ready.append(current)
""",
}
