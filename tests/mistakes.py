"""Programs with a mistake, marked where it is, and near misses, which are none.

A mark `# ! RULE TASK` stands on the line that the lint must name; T1 is the task of `main`.
"""

MISTAKES = {
    "a coroutine thrown away": """
        import asyncio

        async def brew():
            return "tea"

        async def main():
            brew()  # ! never-awaited T1

        asyncio.run(main())
        """,
    "a coroutine that a variable loses": """
        import asyncio

        async def brew():
            return "tea"

        async def kitchen():
            tea = brew()  # ! never-awaited breakfast
            await asyncio.sleep(1)
            return 1

        async def main():
            await asyncio.create_task(kitchen(), name="breakfast")

        asyncio.run(main())
        """,
    "a library's coroutine thrown away": """
        import asyncio

        async def main():
            asyncio.sleep(1)  # ! never-awaited T1

        asyncio.run(main())
        """,
    "a coroutine thrown away by a function": """
        async def brew():
            return "tea"

        def kitchen():
            brew()  # ! never-awaited -

        kitchen()
        """,
    "a coroutine lost in a list": """
        async def brew():
            return "tea"

        def kitchen():
            cups = [brew()]  # ! never-awaited -
            return len(cups)

        kitchen()
        """,
    "a coroutine lost in a list beside one that is closed": """
        async def brew():
            return "tea"

        def kitchen():
            tea = brew()
            tea.close()
            tea = None
            cups = [brew()]  # ! never-awaited -
            return len(cups)

        kitchen()
        """,
    "a task thrown away": """
        import asyncio

        async def brew():
            await asyncio.sleep(1)

        async def main():
            asyncio.create_task(brew(), name="tea")  # ! unheld-task tea
            asyncio.get_running_loop().create_task(brew(), name="mint")  # ! unheld-task mint
            asyncio.ensure_future(brew()).set_name("chai")
            await asyncio.sleep(2)

        asyncio.run(main())
        """,
    "a task that vanishes": """
        import asyncio, gc

        async def brew():
            await asyncio.get_running_loop().create_future()

        def start():
            task = asyncio.create_task(brew(), name="tea")  # ! unheld-task tea

        async def main():
            start()
            await asyncio.sleep(1)
            gc.collect()

        asyncio.run(main())
        """,
    "an exception nobody looked at": """
        import asyncio

        def fall():
            raise ValueError("smoke")  # ! never-retrieved bread

        async def burn():
            fall()

        async def main():
            bread = asyncio.create_task(burn(), name="bread")
            await asyncio.sleep(1)

        asyncio.run(main())
        """,
    "an exception that others hide": """
        import asyncio

        async def burn(text):
            await asyncio.sleep(1)
            raise ValueError(text)  # ! never-retrieved cake

        async def main():
            bread = asyncio.create_task(burn("smoke"), name="bread")
            cake = asyncio.create_task(burn("fire"), name="cake")
            try:
                await bread
            except ValueError:
                await asyncio.sleep(1)

        asyncio.run(main())
        """,
    "a task that sleeps on the loop": """
        import asyncio, time

        async def nap():
            await asyncio.sleep(1)
            time.sleep(0.06)
            time.sleep(0.07)  # ! blocked-loop cat

        async def main():
            await asyncio.create_task(nap(), name="cat")

        asyncio.run(main())
        """,
    "a callback that sleeps on the loop": """
        import asyncio, time

        def snore():
            time.sleep(5)  # ! blocked-loop -

        async def main():
            asyncio.get_running_loop().call_soon(snore)
            await asyncio.sleep(1)

        asyncio.run(main())
        """,
    "a worker that ends when it is cancelled": """
        import asyncio

        async def worker():
            try:
                await asyncio.sleep(10)
            except asyncio.CancelledError:  # ! swallowed-cancellation ann
                print("stopped")

        async def main():
            ann = asyncio.create_task(worker(), name="ann")
            await asyncio.sleep(1)
            ann.cancel()
            await ann

        asyncio.run(main())
        """,
    "a worker that goes on": """
        import asyncio

        async def worker():
            for _ in range(3):
                try:
                    await asyncio.sleep(10)
                except BaseException:  # ! swallowed-cancellation ann
                    pass

        async def main():
            ann = asyncio.create_task(worker(), name="ann")
            await asyncio.sleep(1)
            ann.cancel()
            await asyncio.wait([ann])

        asyncio.run(main())
        """,
    "a timeout that is swallowed": """
        import asyncio, contextlib

        async def fetch():
            with contextlib.suppress(asyncio.CancelledError):  # ! swallowed-cancellation ann
                await asyncio.sleep(10)

        async def main():
            ann = asyncio.create_task(fetch(), name="ann")
            try:
                await asyncio.wait_for(ann, 1)
            except TimeoutError:
                pass

        asyncio.run(main())
        """,
    "a lock held across a long wait": """
        import asyncio

        async def bake(oven):
            async with oven:
                await asyncio.sleep(1)  # ! held-lock bread

        async def main():
            oven = asyncio.Lock()
            bread = asyncio.create_task(bake(oven), name="bread")
            cake = asyncio.create_task(bake(oven), name="cake")
            await bread
            await cake

        asyncio.run(main())
        """,
    "two locks in two orders": """
        import asyncio

        async def cook(first, second):
            async with first:
                await asyncio.sleep(0)
                async with second:  # ! deadlock bob
                    pass

        async def main():
            pan, stove = asyncio.Lock(), asyncio.Lock()
            ann = asyncio.create_task(cook(pan, stove), name="ann")
            bob = asyncio.create_task(cook(stove, pan), name="bob")
            await asyncio.gather(ann, bob)

        asyncio.run(main())
        """,
    "two locks in two orders, and a main that ends": """
        import asyncio

        async def cook(first, second):
            async with first:
                await asyncio.sleep(0)
                async with second:  # ! deadlock bob
                    pass

        async def main():
            pan, stove = asyncio.Lock(), asyncio.Lock()
            ann = asyncio.create_task(cook(pan, stove), name="ann")
            bob = asyncio.create_task(cook(stove, pan), name="bob")
            await asyncio.sleep(1)

        asyncio.run(main())
        """,
    "a lock that its holder wants again": """
        import asyncio

        async def main():
            lock = asyncio.Lock()
            async with lock:
                await lock.acquire()  # ! deadlock T1

        asyncio.run(main())
        """,
    "a lock that the awaited task needs": """
        import asyncio

        async def cook(lock):
            async with lock:  # ! deadlock ann
                pass

        async def main():
            lock = asyncio.Lock()
            async with lock:
                await asyncio.create_task(cook(lock), name="ann")

        asyncio.run(main())
        """,
    "a queue that nobody fills": """
        import asyncio

        async def eat(queue):
            while True:
                await queue.get()  # ! deadlock ann

        async def main():
            queue = asyncio.Queue()
            ann = asyncio.create_task(eat(queue), name="ann")
            await queue.put("bread")
            await ann

        asyncio.run(main())
        """,
    "a library's coroutine that waits for a queue": """
        import asyncio

        async def main():
            queue = asyncio.Queue()
            task = asyncio.create_task(queue.get(), name="ann")  # ! deadlock ann
            await task

        asyncio.run(main())
        """,
    "a future that nobody sets": """
        import asyncio

        async def main():
            await asyncio.get_running_loop().create_future()  # ! deadlock T1

        asyncio.run(main())
        """,
}

# The rule that each of these could be mistaken for comes first in its name.
NEAR_MISSES = {
    "never-awaited: awaited later, gathered, closed, wrapped": """
        import asyncio

        async def brew():
            return "tea"

        async def wrap(coroutine):
            return await coroutine

        async def main():
            later = brew()
            cups = [brew(), brew()]
            closed = brew()
            closed.close()
            await asyncio.sleep(1)
            await asyncio.gather(*cups)
            await wrap(later)
            await wrap(wrap(brew()))

        asyncio.run(main())
        """,
    "never-awaited: stepped by hand": """
        async def brew():
            return "tea"

        tea = brew()
        try:
            tea.send(None)
        except StopIteration:
            pass
        """,
    "never-awaited: generators": """
        def count():
            yield 1

        async def rows():
            yield 1

        def look():
            count()
            rows()
            lost = count()

        look()
        """,
    "unheld-task: kept, grouped, awaited, returned": """
        import asyncio

        async def brew():
            await asyncio.sleep(1)

        def start():
            return asyncio.create_task(brew())

        async def main():
            tea = asyncio.create_task(brew())
            background = set()
            background.add(asyncio.create_task(brew()))
            await asyncio.create_task(brew())
            await start()
            await asyncio.wait([asyncio.create_task(brew()) for _ in range(2)])
            async with asyncio.TaskGroup() as group:
                group.create_task(brew())
            await asyncio.gather(brew(), brew())

        asyncio.run(main())
        """,
    "unheld-task: a task that keeps itself": """
        import asyncio

        running = set()

        async def brew():
            me = asyncio.current_task()
            running.add(me)
            await asyncio.sleep(1)
            running.discard(me)

        async def main():
            asyncio.create_task(brew(), name="tea")
            await asyncio.sleep(2)

        asyncio.run(main())
        """,
    "unheld-task: pending when its loop is closed": """
        import asyncio, gc

        async def brew():
            await asyncio.sleep(10)

        async def main():
            tea = asyncio.ensure_future(brew())
            await asyncio.sleep(1)

        loop = asyncio.new_event_loop()
        loop.run_until_complete(main())
        loop.close()
        del loop
        gc.collect()
        """,
    "never-retrieved: caught, gathered, grouped, looked at": """
        import asyncio

        async def burn():
            raise ValueError("smoke")

        async def main():
            try:
                await asyncio.create_task(burn())
            except ValueError:
                pass
            await asyncio.gather(burn(), burn(), return_exceptions=True)
            try:
                async with asyncio.TaskGroup() as group:
                    group.create_task(burn())
                    group.create_task(burn())
            except* ValueError:
                pass
            late = asyncio.create_task(burn())
            await asyncio.wait([late])
            late.exception()
            told = asyncio.create_task(burn())
            told.add_done_callback(lambda task: task.exception())
            await asyncio.sleep(1)

        asyncio.run(main())
        """,
    "never-retrieved: a failure that leaves the program": """
        import asyncio

        async def main():
            await asyncio.sleep(1)
            raise ValueError("smoke")

        asyncio.run(main())
        """,
    "blocked-loop: waits that give way": """
        import asyncio, time

        async def nap():
            for _ in range(10):
                time.sleep(0.05)
                await asyncio.sleep(0)
            await asyncio.sleep(5)

        time.sleep(3)
        asyncio.run(nap())
        time.sleep(3)
        """,
    "blocked-loop: at the limit": """
        import asyncio, time

        async def nap():
            time.sleep(0.1)
            await asyncio.sleep(0)
            time.sleep(0.1)

        asyncio.run(nap())
        """,
    "swallowed-cancellation: cleaned up and passed on": """
        import asyncio

        async def tidy():
            try:
                await asyncio.sleep(10)
            finally:
                await asyncio.sleep(1)
                await asyncio.sleep(1)

        async def loud():
            try:
                await asyncio.sleep(10)
            except asyncio.CancelledError:
                await asyncio.sleep(1)
                raise

        async def failing():
            try:
                await asyncio.sleep(10)
            except asyncio.CancelledError:
                raise ValueError("could not save")

        async def main():
            tasks = [asyncio.create_task(work()) for work in (tidy, loud, failing)]
            await asyncio.sleep(1)
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

        asyncio.run(main())
        """,
    "swallowed-cancellation: taken back": """
        import asyncio

        async def burn():
            await asyncio.sleep(1)
            raise ValueError("smoke")

        async def asked():
            try:
                await asyncio.sleep(10)
            except asyncio.CancelledError:
                asyncio.current_task().uncancel()
            await asyncio.sleep(1)
            return "done"

        async def main():
            for _ in range(3):
                try:
                    async with asyncio.timeout(1):
                        await asyncio.sleep(10)
                except TimeoutError:
                    pass
            try:
                async with asyncio.TaskGroup() as group:
                    group.create_task(burn())
                    await asyncio.sleep(10)
            except* ValueError:
                pass
            try:
                await asyncio.wait_for(asyncio.sleep(10), 1)
            except TimeoutError:
                pass
            task = asyncio.create_task(asked())
            await asyncio.sleep(0)
            task.cancel()
            await task

        asyncio.run(main())
        """,
    "swallowed-cancellation: another task's": """
        import asyncio

        async def worker(queue):
            while True:
                await queue.get()

        async def main():
            queue = asyncio.Queue()
            workers = [asyncio.create_task(worker(queue)) for _ in range(3)]
            await queue.put("bread")
            await asyncio.sleep(1)
            for task in workers:
                task.cancel()
            try:
                await workers[0]
            except asyncio.CancelledError:
                pass
            await asyncio.gather(*workers, return_exceptions=True)
            return "done"

        asyncio.run(main())
        """,
    "swallowed-cancellation: put off": """
        import asyncio

        async def save(work):
            asked = False
            while not work.done():
                try:
                    await asyncio.shield(work)
                except asyncio.CancelledError:
                    asked = True
            if asked:
                raise asyncio.CancelledError

        async def main():
            work = asyncio.create_task(asyncio.sleep(5))
            task = asyncio.create_task(save(work))
            await asyncio.sleep(1)
            task.cancel()
            await asyncio.wait([task])

        asyncio.run(main())
        """,
    "held-lock: nobody waits, or not for long": """
        import asyncio

        async def bake(oven, delay):
            async with oven:
                await asyncio.sleep(delay)

        async def main():
            oven = asyncio.Lock()
            await bake(oven, 5)
            await asyncio.gather(bake(oven, 0.05), bake(oven, 0.05), bake(oven, 0.05))
            first = asyncio.create_task(bake(oven, 1))
            await asyncio.sleep(0.95)
            await bake(oven, 0)
            await first

        asyncio.run(main())
        """,
    "held-lock: a condition gives its lock back": """
        import asyncio

        async def main():
            lock = asyncio.Lock()
            bell = asyncio.Condition(lock)

            async def listen():
                async with bell:
                    await bell.wait()

            async def work():
                await asyncio.sleep(0.01)
                async with lock:
                    await asyncio.sleep(0)

            listener = asyncio.create_task(listen())
            await asyncio.gather(work(), work())
            await asyncio.sleep(5)
            async with bell:
                bell.notify_all()
            await listener

        asyncio.run(main())
        """,
    "deadlock: a way out in time": """
        import asyncio

        async def cook(first, second):
            async with first:
                await asyncio.sleep(0)
                try:
                    async with asyncio.timeout(1):
                        await second.acquire()
                    second.release()
                except TimeoutError:
                    pass

        async def main():
            pan, stove = asyncio.Lock(), asyncio.Lock()
            await asyncio.gather(cook(pan, stove), cook(stove, pan))

        asyncio.run(main())
        """,
    "deadlock: locks in one order": """
        import asyncio

        async def cook(pan, stove):
            async with pan:
                await asyncio.sleep(0)
                async with stove:
                    await asyncio.sleep(0)

        async def main():
            pan, stove = asyncio.Lock(), asyncio.Lock()
            await asyncio.gather(*(cook(pan, stove) for _ in range(3)))

        asyncio.run(main())
        """,
    "deadlock: workers that are cancelled in the end": """
        import asyncio

        async def eat(queue):
            while True:
                await queue.get()
                queue.task_done()

        async def main():
            queue = asyncio.Queue(1)
            ann = asyncio.create_task(eat(queue))
            for loaf in range(3):
                await queue.put(loaf)
            await queue.join()

        asyncio.run(main())
        """,
    "deadlock: a thread brings it": """
        import asyncio, time

        async def main():
            bell = asyncio.Event()
            loop = asyncio.get_running_loop()
            call = loop.run_in_executor(None, loop.call_soon_threadsafe, bell.set)
            await bell.wait()
            await call
            await asyncio.to_thread(time.sleep, 1)

        asyncio.run(main())
        """,
}
