"""Drives load: eight connections that stay open, with `wrk` where there is one, else with a small client of ours."""

import asyncio
import http.client
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

CONNECTIONS = 8


@dataclass(frozen=True, slots=True)
class Shot:
    """What one burst reached. `wrong` counts answers that were neither 2xx nor 304."""

    rate: float
    wrong: int
    count: int


class Broken(Exception):
    """A page that was to be measured does not answer as it should."""


def shoot(url: str, seconds: float, headers: Mapping[str, str]) -> Shot:
    """Ask for the address as fast as eight connections can. Raises Broken on a wrong answer."""
    shot = _shoot(url, seconds, headers)
    if not shot.count:
        # So slow that nothing came back in time: a longer look.
        shot = _shoot(url, seconds * 5, headers)
    if shot.wrong or not shot.count:
        raise Broken(f"{url}: {shot.wrong} wrong answers of {shot.count}")
    return shot


def _shoot(url: str, seconds: float, headers: Mapping[str, str]) -> Shot:
    if shutil.which("wrk"):
        return _with_wrk(url, seconds, headers)
    return asyncio.run(_with_ours(url, seconds, headers))


def client_name() -> str:
    """Say what drives."""
    return "wrk" if shutil.which("wrk") else f"asyncio of Python {sys.version.split()[0]}"


def _with_wrk(url: str, seconds: float, headers: Mapping[str, str]) -> Shot:
    extra = [part for name, value in headers.items() for part in ("-H", f"{name}: {value}")]
    command = ["wrk", "-t1", f"-c{CONNECTIONS}", f"-d{max(1, round(seconds))}s", "--timeout", "30s", *extra, url]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=seconds + 30).stdout
    wrong = re.search(r"Non-2xx or 3xx responses: (\d+)", said)
    errors = re.search(r"Socket errors: connect (\d+), read (\d+), write (\d+), timeout (\d+)", said)
    total = re.search(r"(\d+) requests in ([\d.]+)(m?)s", said)
    count = int(total[1]) if total else 0
    failed = int(wrong[1]) if wrong else 0
    failed += sum(map(int, errors.groups())) if errors else 0
    rate = re.search(r"Requests/sec:\s+([\d.]+)", said)
    return Shot(float(rate[1]) if rate else 0.0, failed, count)


async def _with_ours(url: str, seconds: float, headers: Mapping[str, str]) -> Shot:
    parts = urlsplit(url)
    path = parts.path + (f"?{parts.query}" if parts.query else "")
    lines = [f"GET {path} HTTP/1.1", f"Host: {parts.netloc}", *(f"{name}: {value}" for name, value in headers.items())]
    request = ("\r\n".join(lines) + "\r\n\r\n").encode()
    until = time.perf_counter() + seconds
    each = [_one(parts.hostname or "", parts.port or 80, request, until) for _number in range(CONNECTIONS)]
    started = time.perf_counter()
    counts = await asyncio.gather(*each)
    count, wrong = (sum(column) for column in zip(*counts, strict=True))
    return Shot(count / (time.perf_counter() - started), wrong, count)


async def _one(host: str, port: int, request: bytes, until: float) -> tuple[int, int]:
    reader, writer = await asyncio.open_connection(host, port)
    count = wrong = 0
    while time.perf_counter() < until:
        writer.write(request)
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        status = int(head[9:12])
        length = re.search(rb"content-length: (\d+)", head)
        if status != 304:
            await (reader.readexactly(int(length[1])) if length else _chunks(reader))
        count += 1
        wrong += status != 304 and not 200 <= status < 300
    writer.close()
    return count, wrong


async def _chunks(reader: asyncio.StreamReader) -> None:
    while size := int(await reader.readline(), 16):
        await reader.readexactly(size + 2)
    await reader.readline()


def fetch(url: str, headers: Mapping[str, str] | None = None) -> tuple[int, dict[str, str], bytes]:
    """Ask once: status, headers in lower case, body as it came."""
    parts = urlsplit(url)
    line = http.client.HTTPConnection(parts.netloc, timeout=30)
    try:
        line.request("GET", parts.path + (f"?{parts.query}" if parts.query else ""), headers=dict(headers or {}))
        response = line.getresponse()
        return response.status, {name.lower(): value for name, value in response.getheaders()}, response.read()
    finally:
        line.close()
