"""An engine node is drained and put back by `busbar cluster` while sessions go on, on a real broker: the other one
plans its sites, it stays ready and answers for all, and each session is billed once.

BUSBAR_BINARY names the binary. All servers listen on free ports of the loopback and are stopped.
"""

import json
import os
import subprocess
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import kafka_topic
import two_engines_system_test as engines_of
from waiting import SLACK_S, wait_for, wait_for_none

SHARED_WITHIN_S = engines_of.SHARED_WITHIN_S


def cluster(command: str, engine, node: str = "") -> tuple[int, str]:
    """`busbar cluster`: its exit code, and what it prints."""
    ran = subprocess.run([os.environ["BUSBAR_BINARY"], "cluster", command, *([node] if node else []),
                          "--engine", engine.page], capture_output=True, text=True, timeout=90)
    return ran.returncode, ran.stdout + ran.stderr


class drain_system_test(unittest.TestCase):
    base = engines_of.two_engines_system_test
    setUp, start, end, printed = base.setUp, base.start, staticmethod(base.end), base.printed
    start_running = base.start_running
    start_broker, ends_cleanly, site_files = base.start_broker, base.ends_cleanly, base.site_files
    start_engine, start_fleets, are_shared = base.start_engine, base.start_fleets, base.are_shared
    everything_was_told_once = base.everything_was_told_once
    del base

    def test_OWN_1_a_drained_node_holds_no_site_and_answers_until_it_is_put_back(self):
        if kafka_topic.library() is None:
            self.skipTest("needs librdkafka (Debian package librdkafka1)")
        self.start_broker("broker")
        self.files = self.site_files()
        stays, goes = engines = [self.start_engine("engine-1"), self.start_engine("engine-2")]
        self.start_fleets()
        wait_for("sites that are shared", lambda: self.are_shared(engines), SHARED_WITHIN_S)
        wait_for("open sessions at both", lambda: all(
            each.metric("busbar_sessions_accepted_total") > 0 for each in engines))
        self.drained(stays, goes)
        self.refused(stays, goes)
        self.put_back(stays, goes)
        self.ends_cleanly(goes.process)
        wait_for("all sites at one", lambda: stays.planned() == set(self.files), SHARED_WITHIN_S)
        self.everything_was_told_once(stays)

    def drained(self, stays, goes):
        """The order comes to the other node, and is passed on."""
        wait_for("the address of the other", lambda: len(
            json.loads(stays.get("/api/v1/cluster")[1])["nodes"]) == 2)
        code, text = cluster("drain", stays, goes.name)
        self.assertEqual((code, json.loads(text)), (0, {"node": goes.name, "is_drained": True}))
        began = time.monotonic()
        wait_for(f"{stays.name} plans all sites", lambda: stays.planned() == set(self.files),
                 engines_of.PLANNED_WITHIN_S + SLACK_S)
        print(f"all planned {time.monotonic() - began:.1f} s after the order", file=sys.stderr)
        wait_for("nothing is held", lambda: goes.sites() == {})
        self.assertEqual(goes.get("/health/ready")[0], 200)
        self.assertIn("is drained", goes.get("/health")[1])
        # It reads who owns them now from the log, as all nodes do.
        wait_for_none(f"{goes.name} names the owner of each site", lambda: {
            site: answer for site in self.files
            for answer in [goes.get(f"/api/v1/sites/{site}")]
            if answer[0] != 200 or json.loads(answer[1])["owner"] != stays.name})

    def refused(self, stays, goes):
        code, text = cluster("drain", stays, stays.name)
        self.assertEqual(code, 1, text)
        self.assertIn("no other engine node holds sites", text)
        code, text = cluster("drain", goes, "engine-9")
        self.assertEqual(code, 1, text)
        self.assertIn("engine node 'engine-9' is not known here", text)
        self.assertIn("no http://HOST:PORT or https://HOST:PORT", subprocess.run(
            [os.environ["BUSBAR_BINARY"], "cluster", "show", "--engine", "ftp://nowhere"],
            capture_output=True, text=True).stderr)

    def put_back(self, stays, goes):
        nodes = {each["node"]: each for each in json.loads(cluster("show", goes)[1])["nodes"]}
        self.assertTrue(nodes[goes.name]["is_drained"])
        code, text = cluster("return", stays, goes.name)
        self.assertEqual((code, json.loads(text)), (0, {"node": goes.name, "is_drained": False}))
        began = time.monotonic()
        wait_for("sites that are shared again", lambda: self.are_shared([stays, goes]),
                 SHARED_WITHIN_S)
        print(f"shared again {time.monotonic() - began:.1f} s after it was put back", file=sys.stderr)


if __name__ == "__main__":
    unittest.main()
