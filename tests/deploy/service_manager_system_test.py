"""An engine reports to the service manager that started it (sd_notify): ready when its sites tick, alive
while its pulse goes on, stopping when it ends. The manager is a socket of this test.

BUSBAR_BINARY names the binary.
"""

import os
import signal
import socket
import subprocess
import tempfile
import time
import unittest
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUSBAR = os.environ.get("BUSBAR_BINARY", str(ROOT / "build/dev/busbar"))
SITE = str(ROOT / "examples/autonomous.toml")
PATIENCE_S = 90
# A report comes after a quarter of the time, and must come within it: the rest is for a machine that is loaded.
WATCHDOG_S = 8.0
STILL_S = 5.0


class managed_engine:
    """An engine, started as systemd starts a service of Type=notify."""

    def __init__(self, test: unittest.TestCase, **variables: str):
        folder = test.enterContext(tempfile.TemporaryDirectory(prefix="busbar_notify_"))
        self.socket = test.enterContext(socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM))
        path = f"{folder}/notify"
        self.socket.bind(path)
        self.process = subprocess.Popen(
            [BUSBAR, "engine", "--site", SITE, "--port", "0"], stdout=subprocess.PIPE, text=True,
            stderr=subprocess.DEVNULL, env={**os.environ, "NOTIFY_SOCKET": path, **variables})
        test.addCleanup(self.end)

    def end(self):
        self.process.kill()
        self.process.wait(timeout=PATIENCE_S)
        self.process.stdout.close()

    def report(self, patience_s: float) -> str:
        """The next one; empty where none comes in time."""
        self.socket.settimeout(max(patience_s, 0.001))
        try:
            return self.socket.recv(4096).decode()
        except TimeoutError:
            return ""

    def await_report(self, wanted: str, patience_s: float = PATIENCE_S) -> list[str]:
        """The reports before the wanted one."""
        deadline, before = time.monotonic() + patience_s, []
        while (told := self.report(deadline - time.monotonic())) != wanted:
            if not told:
                raise AssertionError(f"no {wanted} within {patience_s} s, but {before}")
            before.append(told)
        return before

    def drain(self):
        while self.report(0):
            pass

    def readiness(self) -> int:
        address = self.process.stdout.readline().strip()
        try:
            with urllib.request.urlopen(address + "/health/ready", timeout=PATIENCE_S) as answer:
                return answer.status
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code


class service_manager_system_test(unittest.TestCase):
    def test_an_engine_is_reported_ready_when_its_health_is_and_stopping_when_it_ends(self):
        engine = managed_engine(self)
        self.assertEqual(engine.await_report("READY=1"), [])
        self.assertEqual(engine.readiness(), 200)
        engine.process.send_signal(signal.SIGTERM)
        self.assertEqual(engine.await_report("STOPPING=1"), [])
        self.assertEqual(engine.process.wait(timeout=PATIENCE_S), 0)

    def test_a_pulse_that_goes_on_feeds_the_watchdog_and_one_that_stands_still_does_not(self):
        engine = managed_engine(self, WATCHDOG_USEC=str(int(WATCHDOG_S * 1e6)))
        engine.await_report("READY=1")
        for _ in range(4):
            self.assertEqual(engine.report(WATCHDOG_S), "WATCHDOG=1")
        engine.process.send_signal(signal.SIGSTOP)
        os.waitid(os.P_PID, engine.process.pid, os.WSTOPPED | os.WNOWAIT)
        engine.drain()
        self.assertEqual(engine.report(STILL_S), "")
        engine.process.send_signal(signal.SIGCONT)
        self.assertEqual(engine.report(WATCHDOG_S), "WATCHDOG=1")

    def test_a_watchdog_of_another_process_is_not_fed(self):
        engine = managed_engine(self, WATCHDOG_USEC=str(int(WATCHDOG_S * 1e6)), WATCHDOG_PID="1")
        engine.await_report("READY=1")
        self.assertEqual(engine.report(STILL_S), "")


if __name__ == "__main__":
    unittest.main()
