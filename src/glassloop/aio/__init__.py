# ruff: noqa: F401, A004  # what is imported here is what others import from here
"""An asyncio written to be read: each module adds one idea, in the order of understanding.

It stands in for the standard library's asyncio (`from glassloop import aio as asyncio`), and its
loop runs programs that were written for that one
(`asyncio.Runner(loop_factory=aio.EventLoop)`).

Missing of CPython 3.14's names, and Windows': `ProactorEventLoop` and `IocpProactor`, for every
loop here waits in a selector; `WindowsSelectorEventLoopPolicy` and
`WindowsProactorEventLoopPolicy`, whose only use was to choose between the two.
"""

from types import ModuleType

from . import layout
from .coroutines import iscoroutine, iscoroutinefunction
from .exceptions import (
    BrokenBarrierError,
    CancelledError,
    IncompleteReadError,
    InvalidStateError,
    LimitOverrunError,
    SendfileNotAvailableError,
    TimeoutError,
)
from .futures import Future, isfuture, wrap_future
from .graph import (
    FrameCallGraphEntry,
    FutureCallGraph,
    capture_call_graph,
    format_call_graph,
    future_add_to_awaited_by,
    future_discard_from_awaited_by,
    print_call_graph,
)
from .groups import TaskGroup
from .handles import Handle, TimerHandle
from .interfaces import (
    AbstractEventLoop,
    AbstractServer,
    BaseProtocol,
    BaseTransport,
    BufferedProtocol,
    DatagramProtocol,
    DatagramTransport,
    Protocol,
    ReadTransport,
    SubprocessProtocol,
    SubprocessTransport,
    Transport,
    WriteTransport,
)
from .locks import Barrier, BoundedSemaphore, Condition, Event, Lock, Semaphore
from .loop import EventLoop
from .policies import (
    AbstractEventLoopPolicy,
    DefaultEventLoopPolicy,
    get_event_loop,
    get_event_loop_policy,
    new_event_loop,
    set_event_loop,
    set_event_loop_policy,
)
from .processes import ProcessLoop as BaseEventLoop
from .queues import LifoQueue, PriorityQueue, Queue, QueueEmpty, QueueFull, QueueShutDown
from .runners import Runner, run
from .running import (
    _enter_task,
    _get_running_loop,
    _leave_task,
    _register_task,
    _set_running_loop,
    _swap_current_task,
    _unregister_task,
    all_tasks,
    current_task,
    get_running_loop,
)
from .servers import Server
from .streams import (
    StreamReader,
    StreamReaderProtocol,
    StreamWriter,
    open_connection,
    open_unix_connection,
    start_server,
    start_unix_server,
)
from .subprocess import create_subprocess_exec, create_subprocess_shell
from .tasks import Task
from .threads import to_thread
from .timeouts import Timeout, timeout, timeout_at
from .waiting import (
    ALL_COMPLETED,
    FIRST_COMPLETED,
    FIRST_EXCEPTION,
    as_completed,
    create_eager_task_factory,
    create_task,
    eager_task_factory,
    ensure_future,
    gather,
    run_coroutine_threadsafe,
    shield,
    sleep,
    wait,
    wait_for,
)

SelectorEventLoop = EventLoop

layout.answer_to_names(__name__)

__all__ = [
    name
    for name, value in globals().items()
    if not name.startswith("_") and not isinstance(value, ModuleType)
]
