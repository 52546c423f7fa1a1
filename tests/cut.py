"""A line to a database that can be cut and mended: a TCP port that leads to a server's Unix socket."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import parse_qs, urlsplit


class Cuttable:
    """A PostgreSQL address (`url`) that works only while the line is not cut."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._socket = f"{parse_qs(parts.query)['host'][0]}/.s.PGSQL.5432"
        self._database = parts.path
        self._server: asyncio.Server | None = None
        self._port = 0
        self._writers: set[asyncio.StreamWriter] = set()
        self._flowing = asyncio.Event()
        self._flowing.set()

    @property
    def url(self) -> str:
        """The address by way of the line."""
        return f"postgresql+asyncpg://postgres@127.0.0.1:{self._port}{self._database}"

    async def mend(self) -> None:
        """Let connections through."""
        self._server = await asyncio.start_server(self._carry, "127.0.0.1", self._port)
        self._port = int(self._server.sockets[0].getsockname()[1])

    async def cut(self) -> None:
        """Break every connection and refuse new ones."""
        if self._server is not None:
            self._server.close()
        self._flowing.set()
        for writer in list(self._writers):
            writer.transport.abort()
        await asyncio.sleep(0.1)

    def freeze(self) -> None:
        """Carry nothing any more, and break nothing: the server has vanished without a word."""
        self._flowing.clear()

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_unix_connection(self._socket)
        self._writers |= {writer, back}
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._copy(reader, back))
            tasks.create_task(self._copy(there, writer))
        self._writers -= {writer, back}

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while data := await reader.read(64 * 1024):
                await self._flowing.wait()
                writer.write(data)
                await writer.drain()
        writer.close()


@asynccontextmanager
async def cuttable(url: str) -> AsyncIterator[Cuttable]:
    """A line that is whole to begin with, and gone in the end."""
    made = Cuttable(url)
    await made.mend()
    try:
        yield made
    finally:
        await made.cut()
