"""Every path that a probe, a scraper or a health check of the delivered files asks is answered by a running
engine: as long as it starts, once it is ready, and while its log is away.

BUSBAR_BINARY names the binary.
"""

import os
import re
import socket
import subprocess
import sys
import unittest
import urllib.error
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import manifests
from waiting import ANSWERS_WITHIN_S, wait_for

ROOT = manifests.ROOT
BUSBAR = os.environ.get("BUSBAR_BINARY", str(ROOT / "build/dev/busbar"))
SITE = str(ROOT / "examples/autonomous.toml")


def probe_paths(kind: str) -> set[str]:
    return {each[kind]["httpGet"]["path"] for each in manifests.containers() if kind in each}


def all_paths() -> set[str]:
    health = re.search(r"http://127\.0\.0\.1:8000(/\S+)\"", (manifests.COMPOSE / "Dockerfile").read_text())
    (monitor,) = manifests.of_kind("ServiceMonitor")
    scraped = {each["path"] for each in monitor["spec"]["endpoints"]}
    probes = (probe_paths(f"{kind}Probe") for kind in ("startup", "readiness", "liveness"))
    return set.union({health.group(1)}, scraped, *probes)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


class probes_system_test(unittest.TestCase):
    def start(self, *arguments: str):
        self.port = free_port()
        process = subprocess.Popen(
            [BUSBAR, "engine", "--site", SITE, "--port", str(self.port), *arguments],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.addCleanup(process.wait)
        self.addCleanup(process.kill)
        wait_for("a server, or an end", lambda: process.poll() is not None or self.status("/health/live"))

    def status(self, path: str) -> int:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=ANSWERS_WITHIN_S) as answer:
                return answer.status
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code

    def statuses(self, kind: str) -> set[int]:
        return {self.status(path) for path in probe_paths(kind)}

    def test_a_ready_engine_answers_every_path_with_200(self):
        self.start()
        self.assertGreaterEqual(len(all_paths()), 3)
        for path in sorted(all_paths()):
            wait_for(f"200 of {path}", lambda path=path: self.status(path) == 200)

    def test_a_path_that_the_engine_lacks_is_found(self):
        self.start()
        self.assertEqual(self.status("/healthz"), 404)

    def test_an_engine_without_its_log_lives_has_started_and_is_not_ready(self):
        def statuses() -> list[set[int]]:
            """Of a start that gives up after some seconds: on a loaded machine before the third is asked."""
            self.start("--log", f"kafka://127.0.0.1:{free_port()}")
            return [self.statuses(f"{kind}Probe") for kind in ("readiness", "liveness", "startup")]

        self.assertEqual(wait_for("an answer to each probe", statuses), [{503}, {200}, {200}])


if __name__ == "__main__":
    unittest.main()
