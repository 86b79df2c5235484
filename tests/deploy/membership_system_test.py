"""An engine keeps its place in its group on a real broker: the broker stands still, the engine stands
still, a second process comes under the same name (OWN-1).

BUSBAR_BINARY names the binary. BUSBAR_PAUSES_S, "1,2,3", states other pauses of the broker than the
few of the daily run, BUSBAR_MOMENTS_S other moments of a start. All servers listen on free ports of the loopback and are stopped.
"""

import os
import re
import signal
import sys
import time
import unittest
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).resolve().parent))

import kafka_demo_system_test as servers
from waiting import SLACK_S, wait_for

# The session time-out of a member is 6 s: around it, and twice in a row.
PAUSES_S = [float(each) for each in os.environ.get("BUSBAR_PAUSES_S", "7,9").split(",")]
# During a start: after the engine's first line of work, while it joins its group.
MOMENTS_S = [float(each) for each in os.environ.get("BUSBAR_MOMENTS_S", "0.5").split(",")]
# Of a second process of the same name, after the first one has its page, or took over.
SECOND_STARTS_S = [0, 0.7, 2, 4.5, 8]
# Until the elder has learnt of the newer one, and its end within 5 s.
ENDS_WITHIN_S = 10
# A look at both of them on a machine that does nothing else. One that takes longer counts as one: the engines, too,
# had the processor late by what it took more.
LOOK_S = 0.1
# A heartbeat every 6 s / 4 = 1.5 s, a tick of 1 s, and a poll.
BOTH_READY_S = 2.6
LOG_FAILS, ANOTHER_PROCESS = 1, 3  # exit codes


class running_engine(NamedTuple):
    """A running engine."""
    name: str
    process: object
    page: str


class membership_system_test(unittest.TestCase):
    demo = servers.kafka_demo_system_test
    setUp, start, end, printed = demo.setUp, demo.start, staticmethod(demo.end), demo.printed
    start_running = demo.start_running
    ask, readiness, metric = demo.ask, demo.readiness, demo.metric
    start_broker, start_demo = demo.start_broker, demo.start_demo
    del demo

    def start_engine(self, name: str, port) -> object:
        return self.start(name, os.environ["BUSBAR_BINARY"], "engine", "--site", servers.SITE,
                          "--log", f"kafka://{self.address}", "--port", port)

    def is_hearing_again(self, what: str):
        """Readings grow, and grow on after that, and every check passes."""
        try:
            for _ in range(2):
                begin = self.metric("busbar_readings_total")
                wait_for(f"{what}: readings grow",
                         lambda: self.metric("busbar_readings_total") > begin)
            wait_for(f"{what}: ready", lambda: self.readiness() == 200)
        except AssertionError as late:
            said = [f"{name}: {log.read_text()[-2000:]}" for name, log in self.log_of.items()
                    if name != "broker"]
            raise AssertionError(f"{late}; they said: {said}") from None

    def is_ready(self, name: str) -> bool:
        page = re.search(r"(http://127\.0\.0\.1:\d+)", self.log_of[name].read_text())
        if page:
            self.page = page.group(1)
        return page is not None and self.readiness() == 200

    def stand_still(self, process, pause_s: float):
        members = [int(each) for each in servers.processes_of(process.pid)]
        for each in members:
            os.kill(each, signal.SIGSTOP)
        time.sleep(pause_s)
        for each in members:
            os.kill(each, signal.SIGCONT)

    def test_OWN_1_an_engine_hears_again_after_its_broker_or_itself_stood_still(self):
        self.start_demo()
        self.is_hearing_again("at the start")
        for name, process in (("broker", self.broker), ("engine", self.engine)):
            for pause_s in PAUSES_S:
                for turn in ("once", "twice"):
                    with self.subTest(stood_still=name, pause_s=pause_s, turn=turn):
                        self.stand_still(process, pause_s)
                        self.is_hearing_again(f"{name} stood still for {pause_s} s, {turn}")

    def test_OWN_1_an_engine_that_starts_hears_or_ends_with_a_line_that_says_why(self):
        self.start_demo()
        self.is_hearing_again("at the start")
        for name in ("broker", "engine"):
            for moment_s in MOMENTS_S:
                for pause_s in PAUSES_S:
                    with self.subTest(stood_still=name, at_s=moment_s, pause_s=pause_s):
                        self.start_with_a_pause(name, moment_s, pause_s)

    def start_with_a_pause(self, which: str, moment_s: float, pause_s: float):
        what = f"{which} stood still for {pause_s} s, {moment_s} s after the start"
        self.end(self.engine)
        self.engine = self.start_engine(what, 0)
        time.sleep(moment_s)
        self.stand_still(self.broker if which == "broker" else self.engine, pause_s)
        wait_for(f"{what}: ready, or an end",
                 lambda: self.engine.poll() is not None or self.is_ready(what))
        if self.engine.poll() is None:
            return self.is_hearing_again(what)
        self.assertEqual(self.engine.returncode, LOG_FAILS, self.log_of[what].read_text())
        self.assertIn("kafka", self.log_of[what].read_text())

    def test_OWN_1_a_second_engine_on_a_taken_port_leaves_the_first_alone(self):
        self.start_demo()
        self.is_hearing_again("at the start")
        port = self.page.rsplit(":", 1)[1]
        second = self.start_engine("second", port)
        self.assertEqual(second.wait(timeout=servers.GONE_WITHIN_S), 1)
        self.assertIn("--port", self.log_of["second"].read_text())
        self.is_hearing_again("a second engine found the port taken")
        self.assertIsNone(self.engine.poll())

    def test_OWN_1_of_two_processes_of_one_name_the_older_ends_and_never_do_two_command_in_health(self):
        self.start_demo()
        self.is_hearing_again("at the start")
        elder = running_engine("engine", self.engine, self.page)
        for moment_s in SECOND_STARTS_S:
            time.sleep(moment_s)
            elder = self.a_newer_one_takes_the_name_of(elder, f"started after {moment_s} s")

    def a_newer_one_takes_the_name_of(self, elder, name: str):
        process = self.start_engine(name, 0)
        newer = running_engine(name, process, self.printed(name, r"(http://127\.0\.0\.1:\d+)"))
        both_ready_s = self.watch_both(elder, newer)
        said = self.log_of[elder.name].read_text()
        self.assertIsNone(process.poll(), f"{name}: the newer one has ended: "
                                          + self.log_of[name].read_text())
        self.assertEqual(elder.process.wait(timeout=servers.GONE_WITHIN_S), ANOTHER_PROCESS, said)
        self.assertIn("another process has started later under the name 'engine-1'", said)
        self.assertIn(f"(process {process.pid} on ", said)
        self.assertLessEqual(both_ready_s, BOTH_READY_S, f"{name}: two are ready")
        self.page, self.engine = newer.page, process
        self.is_hearing_again(name)
        self.assertIsNone(process.poll(), self.log_of[name].read_text())
        return newer

    def watch_both(self, elder, newer) -> float:
        """For how long both are ready, until one of them has ended."""
        both_s, seen_at = 0.0, time.monotonic()
        deadline = seen_at + ENDS_WITHIN_S + SLACK_S
        while elder.process.poll() is None and newer.process.poll() is None:
            self.assertLess(seen_at, deadline, f"{newer.name}: both live on")
            are_ready = self.is_ready_at(elder.page) and self.is_ready_at(newer.page)
            passed_s, seen_at = time.monotonic() - seen_at, time.monotonic()
            both_s += min(passed_s, LOOK_S) if are_ready else 0
            time.sleep(0.05)
        return both_s

    def is_ready_at(self, page: str) -> bool:
        self.page = page
        try:
            return self.readiness() == 200
        except OSError:
            return False


if __name__ == "__main__":
    unittest.main()
