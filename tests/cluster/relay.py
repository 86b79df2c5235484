"""A relay between one node and its broker, in user space: open, or cut in one direction or both. What a cut holds
back flows when it heals, as TCP sends again what was not acknowledged."""

import asyncio
import contextlib
import socket
import threading

CHUNK_BYTES = 65536


def free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


class relay:
    """Listens on `port` and forwards to `target`, both on the loopback, until it is closed."""

    def __init__(self, port: int, target: int):
        self.port, self.target = port, target
        self.loop = asyncio.new_event_loop()
        self.to_broker, self.to_node = asyncio.Event(), asyncio.Event()
        self.to_broker.set()
        self.to_node.set()
        self.is_up = threading.Event()
        self.thread = threading.Thread(target=self.run)
        self.thread.start()
        self.is_up.wait()

    def run(self):
        asyncio.set_event_loop(self.loop)
        self.server = self.loop.run_until_complete(
            asyncio.start_server(self.join, "127.0.0.1", self.port))
        self.is_up.set()
        self.loop.run_forever()
        self.server.close()
        open_links = asyncio.all_tasks(self.loop)
        for task in open_links:
            task.cancel()
        self.loop.run_until_complete(asyncio.gather(*open_links, return_exceptions=True))
        self.loop.run_until_complete(asyncio.sleep(0))
        self.loop.close()

    async def join(self, from_node, answers):
        try:
            from_broker, asks = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            answers.close()
            return
        with contextlib.suppress(asyncio.CancelledError):
            await self.join_both(from_node, answers, from_broker, asks)

    async def join_both(self, from_node, answers, from_broker, asks):
        try:
            await asyncio.gather(self.carry(from_node, asks, self.to_broker),
                                 self.carry(from_broker, answers, self.to_node))
        finally:
            asks.close()
            answers.close()

    @staticmethod
    async def carry(source, sink, is_open: asyncio.Event):
        with contextlib.suppress(OSError):
            while chunk := await source.read(CHUNK_BYTES):
                await is_open.wait()
                sink.write(chunk)
                await sink.drain()
        with contextlib.suppress(OSError):
            await is_open.wait()
            sink.close()

    def cut(self, to_broker: bool = True, to_node: bool = True):
        for is_cut, way in ((to_broker, self.to_broker), (to_node, self.to_node)):
            if is_cut:
                self.loop.call_soon_threadsafe(way.clear)

    def heal(self):
        for way in (self.to_broker, self.to_node):
            self.loop.call_soon_threadsafe(way.set)

    def close(self):
        self.heal()
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join()


def listeners_of(names, ports: dict[str, int], relayed: dict[str, int], plain: int,
                 controller: int) -> list[str]:
    """The broker's settings (deploy/kafka/start.sh --override) for a listener of each node's own, which it
    advertises at the node's relay."""
    own = {name: name.replace("-", "_").upper() for name in names}
    listeners = [f"PLAINTEXT://127.0.0.1:{plain}"]
    listeners += [f"{own[name]}://127.0.0.1:{ports[name]}" for name in names]
    advertised = [f"PLAINTEXT://127.0.0.1:{plain}"]
    advertised += [f"{own[name]}://127.0.0.1:{relayed[name]}" for name in names]
    protocols = ["PLAINTEXT:PLAINTEXT", "CONTROLLER:PLAINTEXT"]
    protocols += [f"{own[name]}:PLAINTEXT" for name in names]
    return [f"listeners={','.join(listeners)},CONTROLLER://127.0.0.1:{controller}",
            f"advertised.listeners={','.join(advertised)}",
            f"listener.security.protocol.map={','.join(protocols)}",
            f"controller.quorum.voters=1@127.0.0.1:{controller}",
            "inter.broker.listener.name=PLAINTEXT"]
