"""SIGTERM ends an engine and a fleet within 5 s at any moment of their lives, whatever their broker
does; a start that finds no broker ends by itself, and says why.

BUSBAR_BINARY names the binary. BUSBAR_STOPS_S, "0.1,0.5", states other moments of a start than
the one of the daily run. All servers listen on free ports of the loopback and are stopped.
"""

import contextlib
import os
import signal
import socket
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import kafka_demo_system_test as servers
from waiting import SLACK_S, wait_for

# Between the start of a process and its broker's fault.
MOMENTS_S = [float(each) for each in os.environ.get("BUSBAR_STOPS_S", "1").split(",")]
ENDS_WITHIN_S = 5
# 5 s for the answer about the topics, and the client's end.
GIVES_UP_WITHIN_S = 15
LOG_FAILS, LEFT_BEHIND = 1, 70  # exit codes


class stop_system_test(unittest.TestCase):
    demo = servers.kafka_demo_system_test
    setUp, start, end, printed = demo.setUp, demo.start, staticmethod(demo.end), demo.printed
    start_running = demo.start_running
    readiness, start_broker = demo.readiness, demo.start_broker
    del demo

    def command(self, which: str) -> list:
        site = ["--site", servers.SITE] if which == "engine" else [servers.SITE]
        port = ["--port", 0] if which == "engine" else []
        return [os.environ["BUSBAR_BINARY"], which, *site, *port, "--log", f"kafka://{self.address}"]

    def start_process(self, which: str, name: str) -> object:
        return self.start(name, *self.command(which))

    def ends_on_sigterm(self, process, name: str):
        began = time.monotonic()
        process.terminate()
        wait_for(f"{name}: an end", lambda: process.poll() is not None, ENDS_WITHIN_S + SLACK_S)
        said = self.log_of[name].read_text()
        self.assertIn(process.returncode, (0, LEFT_BEHIND), f"{name}: {said}")
        if process.returncode == LEFT_BEHIND:
            self.assertIn("ended without waiting for", said.strip().splitlines()[-1])
        print(f"{name}: ended with {process.returncode} after {time.monotonic() - began:.1f} s")

    def broker_stands_still(self):
        for each in servers.processes_of(self.broker.pid):
            os.kill(int(each), signal.SIGSTOP)

    def broker_goes_on(self):
        for each in servers.processes_of(self.broker.pid):
            with contextlib.suppress(ProcessLookupError):
                os.kill(int(each), signal.SIGCONT)

    def stop_in_a_start(self, which: str, fault: str, moment_s: float):
        name = f"{which} started {moment_s} s before its broker {fault}"
        process = self.start_process(which, name)
        time.sleep(moment_s)
        if fault == "stands still":
            self.broker_stands_still()
        else:
            self.end(self.broker)
        # Deep in what it waits for, and before it gives up.
        time.sleep(2)
        try:
            if process.poll() is None:
                self.ends_on_sigterm(process, name)
        finally:
            self.end(process)
            self.broker_is_back(fault, name)

    def broker_is_back(self, fault: str, name: str):
        if fault == "stands still":
            self.broker_goes_on()
        else:
            self.broker = self.start_broker(f"broker after {name}")

    def test_a_process_that_starts_ends_on_SIGTERM_whatever_its_broker_does(self):
        self.broker = self.start_broker("broker")
        for which in ("engine", "fleet"):
            for moment_s in MOMENTS_S:
                for fault in ("stands still", "ends"):
                    with self.subTest(which=which, fault=fault, moment_s=moment_s):
                        self.stop_in_a_start(which, fault, moment_s)

    def run_an_engine(self, name: str) -> object:
        process, self.page = self.start_running(name, servers.PAGE, *self.command("engine"))
        wait_for(f"{name}: ready", lambda: self.readiness() == 200)
        return process

    def test_an_engine_that_runs_ends_on_SIGTERM_while_its_broker_stands_still_or_is_gone(self):
        self.broker = self.start_broker("broker")
        for silent_s in (0, 8):
            name = f"engine {silent_s} s after its broker stood still"
            process = self.run_an_engine(name)
            self.broker_stands_still()
            time.sleep(silent_s)
            self.ends_on_sigterm(process, name)
            self.broker_goes_on()
        process = self.run_an_engine("engine without a broker")
        self.end(self.broker)
        self.ends_on_sigterm(process, "engine without a broker")

    def test_a_start_without_a_broker_ends_by_itself_and_says_why(self):
        with socket.socket() as closed:
            closed.bind(("127.0.0.1", 0))
            self.address = f"127.0.0.1:{closed.getsockname()[1]}"
            for which in ("engine", "fleet"):
                process = self.start_process(which, which)
                wait_for(f"{which}: an end", lambda: process.poll() is not None,
                         GIVES_UP_WITHIN_S + SLACK_S)
                self.assertEqual(process.returncode, LOG_FAILS)
                self.assertIn(f"{which}: kafka: ", self.log_of[which].read_text())


if __name__ == "__main__":
    unittest.main()
