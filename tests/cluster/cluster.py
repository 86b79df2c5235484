"""A broker, engine nodes of one group, and a fleet under its auditor: processes, and what is done to them."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "deploy"))

import kafka_demo_system_test as servers  # noqa: E402
from relay import free_ports, listeners_of, relay  # noqa: E402
from one_node import own  # noqa: E402
from waiting import ANSWERS_WITHIN_S, SLACK_S, wait_for  # noqa: E402

# In the partitions 0, 2, 4, 6, 8 and 10 of 12.
SITES = ("yard-24", "yard-3", "yard-10", "yard-13", "yard-12", "yard-15")
NODES = ("engine-1", "engine-2", "engine-3")
SETTLED_WITHIN_S = 90
# A member that comes back asks for its share some seconds later: sites move once more.
REST_S = 6


class cluster:
    """`test` starts and ends processes (servers.kafka_demo_system_test); `kept` is the history."""

    def __init__(self, test, kept):
        self.test, self.kept = test, kept
        self.processes, self.page_of, self.run_of, self.runs = {}, {}, {}, 0
        # Nodes that the last fault allows to end by themselves.
        self.may_end = set()
        self.folder = test.folder / "sites"
        self.verdict_path = test.folder / "verdict.json"

    def start_broker(self):
        """Each node has a listener of its own behind a relay; all others have the plain one."""
        plain, controller, *ports = free_ports(2 + 2 * len(NODES))
        own, relayed = ports[:len(NODES)], ports[len(NODES):]
        settings = listeners_of(NODES, dict(zip(NODES, own)), dict(zip(NODES, relayed)), plain,
                                controller)
        overrides = [each for setting in settings for each in ("--override", setting)]
        self.test.start("broker", servers.ROOT / "deploy/kafka/start.sh", "--data",
                        self.test.folder / "data", "--port", plain, *overrides)
        self.test.address = self.test.printed("broker", r"(?m)^ready (\S+)$")
        self.log = f"kafka://{self.test.address}"
        self.link_of = {node: relay(at, target) for node, at, target in zip(NODES, relayed, own)}
        for link in self.link_of.values():
            self.test.addCleanup(link.close)

    def start(self):
        self.start_broker()
        self.folder.mkdir()
        text = servers.SITE.read_text()
        for site in SITES:
            (self.folder / f"{site}.toml").write_text(
                re.sub(r'(?m)^id = "[^"]*"', f'id = "{site}"', text, count=1))
        for node in NODES:
            self.start_node(node)
            # Its broker, which has just started and makes the topics, may be too slow for it.
            self.may_end.add(node)
        self.fleet = self.test.start("fleet", os.environ["BUSBAR_BINARY"], "fleet", self.folder,
                                     "--preset", "autonomous", "--log", self.log, "--audit",
                                     "--verdict", self.verdict_path)

    def launch(self, node: str) -> tuple[str, subprocess.Popen]:
        """A process of that name, and what its lines are kept under."""
        run = self.next_run(node)
        return run, self.test.start(run, *self.command(node))

    def next_run(self, node: str) -> str:
        self.runs += 1
        return f"{node}_{self.runs}"

    def command(self, node: str) -> list:
        return [os.environ["BUSBAR_BINARY"], "engine", "--name", node, "--site", self.folder, "--log",
                f"kafka://127.0.0.1:{self.link_of[node].port}", "--port", 0, "--sessions-per-driver", 100,
                "--log-level", "warning"]

    def start_node(self, node: str):
        run = self.next_run(node)
        self.processes[node], self.page_of[node] = self.test.start_running(
            run, r"(?m)^(http://127\.0\.0\.1:\d+)", *self.command(node))
        self.run_of[node] = run

    def is_over(self, node: str) -> bool:
        return self.processes[node].poll() is not None

    def start_again_what_ended(self):
        for node in self.may_end:
            if self.page_of[node] and self.is_over(node):
                self.page_of[node] = None
                self.start_node(node)

    def signal(self, node: str, number: signal.Signals):
        self.processes[node].send_signal(number)

    def kill(self, node: str):
        self.page_of[node] = None
        self.processes[node].kill()
        self.processes[node].wait(timeout=servers.GONE_WITHIN_S)

    def leave(self, node: str):
        """In an orderly way; fails where the node does not end in time."""
        self.processes[node].terminate()
        ended = self.processes[node].wait(timeout=servers.ENDS_WITHIN_S + SLACK_S)
        self.page_of[node] = None
        lines = self.test.log_of[self.run_of[node]].read_text().splitlines()[-20:]
        self.test.assertEqual(ended, 0, f"{node} ended with {ended}; it said: {lines}")

    def end_all(self):
        """One after the other, each once the sites of the one before are settled; each ends in order."""
        for node in self.live():
            self.leave(node)
            if self.live():
                self.await_settled()

    def live(self) -> list[str]:
        return [node for node, page in self.page_of.items() if page]

    def sites_of(self, node: str) -> set[str]:
        """The sites that a node holds and has planned."""
        return {each["site"] for each in self.get(node, "/api/v1/sites")["items"]
                if each["plan_number"] > 0}

    def get(self, node: str, path: str) -> dict:
        with urllib.request.urlopen(own(self.page_of[node] + path), timeout=ANSWERS_WITHIN_S) as answer:
            return json.load(answer)

    def is_settled(self) -> bool:
        """Every site has one owner. A node may hold none: partitions are spread evenly, sites by their ids."""
        self.start_again_what_ended()
        held = [site for node in self.live() for site in self.sites_of(node)]
        return sorted(held) == sorted(SITES)

    def await_settled(self):
        wait_for("every site with one owner", self.is_settled, SETTLED_WITHIN_S)

    def await_rest(self):
        """The group has shared out what it had to share out: for `REST_S` every site is with the same owner."""
        seen, since = None, time.monotonic()

        def is_at_rest():
            nonlocal seen, since
            now = {node: self.sites_of(node) for node in self.live()} if self.is_settled() else None
            if now is None or now != seen:
                seen, since = now, time.monotonic()
            return time.monotonic() - since > REST_S
        wait_for("every site at rest", is_at_rest, SETTLED_WITHIN_S + 2 * REST_S)

    def measure(self):
        for node in self.live():
            process = self.processes[node].pid
            status = Path(f"/proc/{process}/status").read_text()
            self.kept.add("size", node=node, process=process,
                          rss_kib=int(re.search(r"VmRSS:\s+(\d+)", status).group(1)),
                          files=len(os.listdir(f"/proc/{process}/fd")))
