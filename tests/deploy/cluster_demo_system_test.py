"""`make demo NODES=3`: three nodes share six sites, a killed node's sites go to the others, and SIGTERM
leaves neither a process nor a file behind.

BUSBAR_BINARY names the binary. All servers listen on free ports of the loopback and are stopped.
"""

import json
import os
import re
import signal
import sys
import time
import unittest
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import kafka_demo_system_test as servers
from one_node import own
from waiting import wait_for

SITES = 6
# The group's session time-out after a kill (6 s), a rebalance, and what a loaded machine adds.
TAKEN_OVER_WITHIN_S = 30


class cluster_demo_system_test(unittest.TestCase):
    demo = servers.kafka_demo_system_test
    setUp, start, end, printed = demo.setUp, demo.start, staticmethod(demo.end), demo.printed
    del demo

    def planned(self, page: str) -> set[str]:
        """The sites that a node holds and has planned."""
        with urllib.request.urlopen(own(page + "/api/v1/sites"), timeout=5) as answer:
            return {each["site"] for each in json.load(answer)["items"] if each["plan_number"] > 0}

    def shared(self, pages: list[str]) -> bool:
        """Every site has one owner, every node a site."""
        held = [self.planned(page) for page in pages]
        return all(held) and len(set.union(*held)) == sum(map(len, held)) == SITES

    def test_the_sites_of_a_killed_node_go_to_the_others_and_nothing_stays_behind(self):
        script = self.start("demo", servers.ROOT / "deploy/cluster/demo.sh",
                            os.environ["BUSBAR_BINARY"], 3, 0)
        self.printed("demo", r"(\d+ sites with their stations run)")
        found = re.findall(r"(engine-\d) \(process (\d+)\) has its page at (\S+)",
                           self.log_of["demo"].read_text())
        processes = {page: int(process) for _, process, page in found}
        self.assertEqual(len(processes), 3, found)
        wait_for("sites of three nodes", lambda: self.shared(list(processes)))
        killed, *others = processes
        os.kill(processes[killed], signal.SIGKILL)
        began = time.monotonic()
        wait_for("sites of two nodes", lambda: self.shared(others), TAKEN_OVER_WITHIN_S)
        print(f"\nall planned {time.monotonic() - began:.1f} s after the kill", file=sys.stderr)
        script.terminate()
        self.assertEqual(script.wait(timeout=2 * servers.ENDS_WITHIN_S), 0)
        wait_for("no process left", lambda: not servers.processes_of(script.pid))
        self.assertEqual(list(self.folder.glob("tmp.*")), [], "scratch is left behind")


if __name__ == "__main__":
    unittest.main()
