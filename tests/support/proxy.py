"""A TCP proxy in front of Kafka that can be slow, cut off, reset, or half open."""

import asyncio
import contextlib
import socket
import struct


class Proxy:
    """Passes bytes between a port of its own and a port on loopback, as ``mode`` says.

    ``open`` passes all; ``closed`` refuses connections and drops those there are; ``silent`` takes connections and
    passes nothing (half open: nobody is told); ``slow`` waits before each piece and passes little.
    The broker must advertise the proxy's port, or clients go around it.
    """

    def __init__(self, target, *, delay_s=2.0, bytes_per_s=10_000):
        self.target = target
        self.delay_s = delay_s
        self.bytes_per_s = bytes_per_s
        self.mode = "open"
        self.port = None
        self._passing = asyncio.Event()
        self._passing.set()
        self._server = None
        self._links = set()

    async def start(self, port):
        self.port = port
        self._server = await asyncio.start_server(self._link, "127.0.0.1", port)
        return self

    async def stop(self):
        if self._server is not None:
            self._server.close()
        self.reset()

    def become(self, mode):
        self.mode = mode
        if mode == "closed":
            self.reset()
        if mode == "silent":
            self._passing.clear()
        else:
            self._passing.set()

    def reset(self):
        """Break every connection with RST, not FIN."""
        for writer in list(self._links):
            with contextlib.suppress(OSError):
                sock = writer.get_extra_info("socket")
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()

    async def _link(self, reader, writer):
        if self.mode == "closed":
            writer.transport.abort()
            return
        try:
            there, back = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            writer.transport.abort()
            return
        self._links |= {writer, back}
        await asyncio.gather(self._pass(reader, back), self._pass(there, writer))
        self._links -= {writer, back}

    async def _pass(self, reader, writer):
        with contextlib.suppress(OSError, asyncio.CancelledError):
            while piece := await reader.read(16_384):
                await self._passing.wait()
                if self.mode == "slow":
                    await asyncio.sleep(self.delay_s + len(piece) / self.bytes_per_s)
                writer.write(piece)
                await writer.drain()
        with contextlib.suppress(OSError):
            writer.close()
