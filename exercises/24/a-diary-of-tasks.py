"""A diary of tasks

Write `with_diary(diary)`. It returns a task factory: a function that a loop calls with itself, a
coroutine and options, and that returns a task. Each task writes two lines into the list `diary`:
"cook begins" when it is made, and when it is done "cook ends", "cook fails" or "cook is cancelled",
where `cook` is the coroutine's `__name__`.
"""

import asyncio
import contextvars

hints = [
    "`asyncio.Task(coroutine, loop=loop, **options)` makes the task. `options` may have a context.",
    "A callback is given the task when it is done.",
    "Ask `task.cancelled()` first: `task.exception()` raises if the task was cancelled.",
]


def with_diary(diary):
    """A task factory that writes down what becomes of each task."""

    def factory(loop, coroutine, **options):
        task = asyncio.Task(coroutine, loop=loop, **options)
        name = coroutine.__name__
        diary.append(f"{name} begins")

        def done(task):
            if task.cancelled():
                diary.append(f"{name} is cancelled")
            else:
                diary.append(f"{name} fails" if task.exception() else f"{name} ends")

        task.add_done_callback(done)
        return task

    return factory


def check(with_diary):
    async def soup():
        await asyncio.sleep(1)

    async def egg():
        await asyncio.sleep(2)
        raise ValueError("burnt")

    async def tea():
        await asyncio.sleep(3600)

    async def main():
        diary, loop = [], asyncio.get_running_loop()
        factory = with_diary(diary)
        assert callable(factory), f"`with_diary` should return a function, not {factory!r}."
        tasks = [factory(loop, soup(), context=contextvars.copy_context())]
        assert isinstance(tasks[0], asyncio.Task), (
            f"The factory should return a task, but returns {tasks[0]!r}."
        )
        loop.set_task_factory(factory)
        tasks += [asyncio.create_task(egg()), asyncio.create_task(tea())]
        await asyncio.sleep(3)
        tasks[2].cancel()
        await asyncio.wait(tasks)
        await asyncio.sleep(1)
        loop.set_task_factory(None)
        tasks[1].exception()
        wanted = ["soup begins", "egg begins", "tea begins"]
        wanted += ["soup ends", "egg fails", "tea is cancelled"]
        assert diary == wanted, f"The diary should be {wanted}, but is {diary}."

    asyncio.run(main())


def wrong_cancelled_is_forgotten(diary):
    """The diary should be ['soup begins', 'egg begins', 'tea begins', 'soup ends', 'egg fails',
    'tea is cancelled'], but is ['soup begins', 'egg begins', 'tea begins', 'soup ends', 'egg
    fails']."""

    def factory(loop, coroutine, **options):
        task = asyncio.Task(coroutine, loop=loop, **options)
        name = coroutine.__name__
        diary.append(f"{name} begins")

        def done(task):
            diary.append(f"{name} fails" if task.exception() else f"{name} ends")

        task.add_done_callback(done)
        return task

    return factory


def wrong_the_coroutine_is_wrapped(diary):
    """The diary should be ['soup begins', 'egg begins', 'tea begins', 'soup ends', 'egg fails',
    'tea is cancelled'], but is ['soup begins', 'egg begins', 'tea begins', 'soup ends', 'egg ends',
    'tea ends']."""

    def factory(loop, coroutine, **options):
        name = coroutine.__name__
        diary.append(f"{name} begins")

        async def run():
            try:
                return await coroutine
            finally:
                diary.append(f"{name} ends")

        return asyncio.Task(run(), loop=loop, **options)

    return factory


def wrong_no_task_is_returned(diary):
    """The factory should return a task, but returns None."""

    def factory(loop, coroutine, **options):
        task = asyncio.Task(coroutine, loop=loop, **options)
        diary.append(f"{coroutine.__name__} begins")
        task.add_done_callback(lambda task: diary.append(f"{coroutine.__name__} ends"))

    return factory
