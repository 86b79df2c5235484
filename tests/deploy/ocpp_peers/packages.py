"""Installs the OCPP peers of other makers, once, under the build folder. None where that fails."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
PATIENCE_S = 240


def folder() -> Path:
    binary = Path(os.environ.get("BUSBAR_BINARY", HERE / "x"))
    return Path(os.environ.get("BUSBAR_OCPP_PEERS", binary.parent / "ocpp_peers"))


def run(*command, cwd=None) -> str:
    """Empty where it worked, else the last line that was said."""
    try:
        done = subprocess.run([str(each) for each in command], cwd=cwd, timeout=PATIENCE_S,
                              capture_output=True, text=True, check=False)
    except (OSError, subprocess.TimeoutExpired) as failure:
        return str(failure)
    said = (done.stdout + done.stderr).strip().splitlines() or ["no output"]
    return "" if done.returncode == 0 else said[-1]


def install_once(where: Path, lock: Path, install) -> str:
    stamp = where / ".installed"
    wanted = lock.read_bytes()
    if stamp.exists() and stamp.read_bytes() == wanted:
        return ""
    where.mkdir(parents=True, exist_ok=True)
    failed = install()
    if not failed:
        stamp.write_bytes(wanted)
    return failed


def python_peer() -> tuple:
    """(the command of the Python station, why it is absent)."""
    where = folder() / "python"
    program = where / "bin" / "python"
    lock = HERE / "requirements.txt"
    failed = install_once(
        where, lock, lambda: run(sys.executable, "-m", "venv", where) or
        run(program, "-m", "pip", "install", "-q", "--disable-pip-version-check", "-r", lock))
    return [str(program), "-P" if sys.version_info >= (3, 11) else "-s", str(HERE / "station.py")], \
        failed


def node_peer() -> tuple:
    """(the command of the Node station, why it is absent)."""
    if not shutil.which("node") or not shutil.which("npm"):
        return [], "node and npm are not there"
    where = folder() / "node"

    def install():
        for name in ("package.json", "package-lock.json", ".npmrc", "station.mjs"):
            shutil.copy(HERE / name, where / name)
        return run("npm", "ci", "--silent", cwd=where)

    failed = install_once(where, HERE / "package-lock.json", install)
    if not failed:
        shutil.copy(HERE / "station.mjs", where / "station.mjs")
    return ["node", str(where / "station.mjs")], failed
