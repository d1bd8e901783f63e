"""Make .venv and install pinned requirements into it. Standard library only; run by make with the system's Python.

    python3 -I deploy/venv.py requirements.txt [requirements-dev.txt]

Nothing is installed again until a requirements file changes. Debian splits pip out of Python (python3-venv); where that
package is missing, the copy of pip in deploy/vendor/ does the work.
"""

from __future__ import annotations

import fcntl
import hashlib
import subprocess
import sys
from pathlib import Path

BASE = Path(__file__).resolve().parent.parent
VENV = BASE / ".venv"
PYTHON = VENV / "bin" / "python"
PIP = next((BASE / "deploy" / "vendor").glob("pip-*.whl"))  # a wheel is a zip file that Python can run from
OLDEST = (3, 11)


def main(names: list[str]) -> int:
    """Install what has changed. Return 0, or 1 after a sentence about what is in the way."""
    if sys.version_info < OLDEST:
        return _refuse(f"Python 3.11 or newer is needed; this is {sys.version.split()[0]}. Try: make PYTHON=python3.11")
    with (BASE / ".venv.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not _works():
            print("Creating .venv ...", flush=True)
            if _create():
                return _refuse("Python could not create .venv. On Debian: apt-get install python3-venv")
        return next((1 for name in names if _install(name)), 0)


def _works() -> bool:
    """Tell whether .venv has a Python that runs: the system's may have been upgraded or removed underneath."""
    return PYTHON.exists() and subprocess.run([PYTHON, "-c", ""], check=False).returncode == 0


def _create() -> int:
    """Make .venv with our copy of pip, and let it find the project wherever a command is started."""
    if code := _run(sys.executable, "-m", "venv", "--clear", "--without-pip", str(VENV)):
        return code
    packages = next((VENV / "lib").glob("python3*/site-packages"))
    (packages / "mufakat.pth").write_text(f"{BASE}\n")
    return _run(str(PYTHON), str(PIP / "pip"), "install", "--quiet", "--quiet", "--no-index", "--no-deps", str(PIP))


def _install(name: str) -> bool:
    """Install one requirements file unless exactly this one is installed. Return whether that failed."""
    wanted = hashlib.sha256((BASE / name).read_bytes() + sys.version.encode()).hexdigest()
    stamp = VENV / f"{name}.sha256"
    if stamp.exists() and stamp.read_text() == wanted:
        return False
    print(f"Installing {name} ...", flush=True)
    quiet = ["--quiet", "--quiet", "--no-input", "--disable-pip-version-check"]
    if _run(str(PYTHON), "-m", "pip", "install", *quiet, "--requirement", str(BASE / name)):
        return bool(_refuse(f"{name} could not be installed: pip's reason is above. Is the package index reachable?"))
    stamp.write_text(wanted)
    return False


def _run(*command: str) -> int:
    return subprocess.run(command, check=False).returncode


def _refuse(sentence: str) -> int:
    print(sentence, file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
