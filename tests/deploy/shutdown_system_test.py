"""The real binary with an actor whose handler never returns: it says so, its health says so, and it
still ends in five seconds."""

import json
import os
import signal
import subprocess
import sys
import time
import unittest
import urllib.error
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from waiting import ANSWERS_WITHIN_S, SLACK_S

ROOT = Path(__file__).resolve().parents[2]
BUSBAR = os.environ.get("BUSBAR_BINARY", str(ROOT / "build/dev/busbar"))
SITE = str(ROOT / "examples/autonomous.toml")
LEFT_BEHIND = 70


def has_test_doors() -> bool:
    return "--test-hang" in subprocess.run([BUSBAR, "engine", "--help"], capture_output=True,
                                           text=True, check=True).stdout


class Engine:
    def __init__(self, *arguments: str):
        self.process = subprocess.Popen(
            [BUSBAR, "engine", "--site", SITE, "--port", "0", *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.address = self.process.stdout.readline().strip()

    def ask(self, path: str) -> tuple[int, dict]:
        try:
            with urllib.request.urlopen(self.address + path, timeout=ANSWERS_WITHIN_S) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refused:
            return refused.code, json.load(refused)

    def becomes(self, patience: float, is_so) -> bool:
        deadline = time.monotonic() + patience
        while time.monotonic() < deadline:
            if is_so():
                return True
            self.process.poll()
            time.sleep(0.2)
        return is_so()

    def end(self) -> tuple[int, float, str]:
        began = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        _, errors = self.process.communicate(timeout=60)
        return self.process.returncode, time.monotonic() - began, errors


class shutdown_system_test(unittest.TestCase):
    def setUp(self):
        if not has_test_doors():
            self.skipTest("a release has no test doors")

    def hang(self, actor: str, *arguments: str) -> Engine:
        engine = Engine("--test-hang", actor, *arguments)
        self.addCleanup(engine.process.stdout.close)
        self.addCleanup(engine.process.kill)
        return engine

    def expect_said_and_ended(self, engine: Engine, actor: str):
        is_unready = engine.becomes(60, lambda: engine.ask("/health/ready")[0] == 503)
        self.assertTrue(is_unready, engine.ask("/health/ready"))

        def is_named() -> bool:
            checks = {each["name"]: each for each in engine.ask("/health")[1]["checks"]}
            return not checks["actors"]["is_passing"] and actor in checks["actors"]["message"]

        self.assertTrue(engine.becomes(60, is_named), engine.ask("/health"))

        def is_told() -> bool:
            events = engine.ask("/api/v1/events?kind=actor_stuck")[1]["items"]
            return any("actor_stuck" in json.dumps(each) and '"critical"' in json.dumps(each)
                       and actor in json.dumps(each) for each in events)

        self.assertTrue(engine.becomes(60, is_told), engine.ask("/api/v1/events"))
        code, took, errors = engine.end()
        self.assertEqual(code, LEFT_BEHIND, errors)
        self.assertLess(took, 5 + SLACK_S)
        self.assertIn(actor, errors.strip().splitlines()[-1])

    def test_a_station_that_never_returns_is_critical_and_does_not_keep_the_process(self):
        self.expect_said_and_ended(self.hang("station:CP-001"), "station:CP-001")

    def test_a_site_that_never_returns_is_critical_and_does_not_keep_the_process(self):
        self.expect_said_and_ended(self.hang("site:autonomous"), "site:autonomous")

    def test_an_engine_whose_only_worker_never_returns_still_says_so_and_ends(self):
        self.expect_said_and_ended(self.hang("site:autonomous", "--threads", "1"),
                                   "engine:engine-1")

    def test_an_engine_in_order_ends_at_once_with_0(self):
        engine = self.hang("")
        self.assertTrue(engine.becomes(60, lambda: engine.ask("/health/ready")[0] == 200))
        code, took, errors = engine.end()
        self.assertEqual(code, 0, errors)
        self.assertNotIn("ended without", errors)
        self.assertLess(took, 3 + SLACK_S)


if __name__ == "__main__":
    unittest.main()
