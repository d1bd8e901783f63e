"""A mail server that takes everything, keeps nothing, and does as little as possible. `XSTAT` tells what it took."""

import asyncio
import json
import sys

TALLY = {"mails": 0, "bytes": 0, "connections": 0}
END = b"\r\n.\r\n"


class Sink(asyncio.Protocol):
    """One connection."""

    def __init__(self) -> None:
        """Nothing was said yet."""
        self.heard = bytearray()
        self.in_data = False
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Greet."""
        assert isinstance(transport, asyncio.Transport)  # noqa: S101 - a promise to the type checker
        self.transport = transport
        transport.write(b"220 sink\r\n")

    def data_received(self, data: bytes) -> None:
        """Answer each whole line, and each whole mail."""
        self.heard += data
        while self._mail() if self.in_data else self._line():
            pass

    def _mail(self) -> bool:
        end = self.heard.find(END)
        if end < 0:
            return False
        TALLY["mails"] += 1
        TALLY["bytes"] += end
        del self.heard[: end + len(END)]
        self.in_data = False
        self.transport.write(b"250 taken\r\n")
        return True

    def _line(self) -> bool:
        end = self.heard.find(b"\r\n")
        if end < 0:
            return False
        verb = bytes(self.heard[:5]).upper()
        del self.heard[: end + 2]
        self.transport.write(self._answer(verb.strip()))
        if verb.startswith(b"QUIT"):
            self.transport.close()
        return True

    def _answer(self, verb: bytes) -> bytes:
        if verb == b"XSTAT":
            return f"250 {json.dumps(TALLY)}\r\n".encode()
        if verb.startswith(b"EHLO"):
            TALLY["connections"] += 1
            return b"250-sink\r\n250 8BITMIME\r\n"
        self.in_data = verb.startswith(b"DATA")
        return b"354 go on\r\n" if self.in_data else b"250 ok\r\n"


async def main() -> None:
    """Listen on the loopback until killed."""
    server = await asyncio.get_running_loop().create_server(Sink, "127.0.0.1", int(sys.argv[1]))
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(main())
