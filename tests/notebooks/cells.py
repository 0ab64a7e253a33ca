"""The cells of the notebook that the tests look at."""

CELLS = {
    "load": "%load_ext glassloop",
    "plain": """\
%%trace
total = 0
for price in (2, 3):
    total += price
    print("so far", total)
total * 10
""",
    "afterwards": "total",
    "baker": """\
import asyncio

flour = asyncio.Event()

async def bake(name):
    await flour.wait()
    await asyncio.sleep(0.01)
    print("baked", name)
    return name

rye = asyncio.create_task(bake("rye"), name="rye")
""",
    "await": """\
%%trace
oat = asyncio.create_task(bake("oat"), name="oat")
flour.set()
loaves = await asyncio.gather(rye, oat)
loaves
""",
    "switches": """\
%%trace --depth switches
await asyncio.create_task(bake("spelt"), name="spelt")
""",
    "limit": """\
%%trace --limit 5
for number in range(100):
    pass
""",
    "mistake": """\
%%trace
1 / 0
""",
    "wrong option": """\
%%trace --depth words
print("this is not run")
""",
    "twice": """\
%%trace
%trace
""",
    "asyncio.run": """\
%%trace
meal = bake("meal")
try:
    asyncio.run(meal)
finally:
    meal.close()
""",
    "socket": """\
%%trace
async def greet(reader, writer):
    writer.write(b"hello\\n")
    writer.close()

server = await asyncio.start_server(greet, "127.0.0.1", 0)
reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
print((await reader.readline()).decode().strip())
writer.close()
server.close()
""",
    "rest": """\
import asyncio
kneaded = []
%trace
kneaded.append("rye")
""",
    "block": """\
from glassloop.trace import record

def lift():
    yield 1

with record() as trace:
    list(lift())
trace
""",
    "show": """\
from glassloop.notebook import show
show(trace)
"shown"
""",
    "unload": """\
%unload_ext glassloop
"trace" in get_ipython().magics_manager.magics["cell"]
""",
}
