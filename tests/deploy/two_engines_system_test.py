"""Two engine processes of one group share sites on a real broker: one ends in an orderly way, the other
plans all sites within 10 s, sessions are billed once, stations obey no two engines (OWN-1).

BUSBAR_BINARY names the binary, BUSBAR_TURNS states how often one engine ends; each but the last comes back (2).
All servers listen on free ports of the loopback and are stopped.
"""

import json
import os
import re
import sys
import time
import unittest
import urllib.error
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import kafka_demo_system_test as servers
import kafka_topic
import session_ledger
from one_node import ASKS_AS_A_NODE
from waiting import ANSWERS_WITHIN_S, SLACK_S, wait_for

# In the partitions 0, 3, 6 and 9 of 12: two of each half, and two of each parity.
SITES = ("yard-24", "yard-19", "yard-13", "yard-17")
TURNS = int(os.environ.get("BUSBAR_TURNS", "2"))
PLANNED_WITHIN_S = 10
SHARED_WITHIN_S = 90
EVENTS = "busbar.events.v1"


class running_engine:
    """An engine process and what it says."""

    def __init__(self, name: str, process, page: str):
        self.name, self.process, self.page = name, process, page

    def get(self, path: str, headers: dict | None = None) -> tuple[int, str]:
        asked = urllib.request.Request(self.page + path, headers=headers or {})
        try:
            with urllib.request.urlopen(asked, timeout=ANSWERS_WITHIN_S) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, refusal.read().decode()

    def sites(self) -> dict[str, dict]:
        """Those that it holds itself."""
        return {each["site"]: each for each in self.items("/api/v1/sites", ASKS_AS_A_NODE)}

    def items(self, path: str, headers: dict | None = None) -> list[dict]:
        """Of a list; any other answer than 200 is an OSError, for which a wait goes on."""
        status, text = self.get(path, headers)
        if status != 200:
            raise OSError(f"{self.name} answered {status} to {path}: {text}")
        return json.loads(text)["items"]

    def planned(self) -> set[str]:
        return {site for site, each in self.sites().items() if each["plan_number"] > 0}

    def owners(self) -> dict[str, tuple[str, str]]:
        """By site: the node that owns it and where that answers, as this node has read them."""
        return {site: (each["owner"], each["address"]) for each in self.items("/api/v1/cluster/shards?limit=5000")
                if each["owner"] for site in each["sites"]}

    def metric(self, name: str) -> float:
        lines = [line for line in self.get("/metrics")[1].splitlines()
                 if re.match(re.escape(name) + r"\W", line)]
        return sum(float(line.rsplit(" ", 1)[1]) for line in lines)


class two_engines_system_test(unittest.TestCase):
    demo = servers.kafka_demo_system_test
    setUp, start, end, printed = demo.setUp, demo.start, staticmethod(demo.end), demo.printed
    start_running = demo.start_running
    start_broker, ends_cleanly, unbilled = demo.start_broker, demo.ends_cleanly, demo.unbilled
    del demo

    def site_files(self) -> dict[str, Path]:
        text = servers.SITE.read_text()
        files = {}
        for site in SITES:
            files[site] = self.folder / f"{site}.toml"
            files[site].write_text(re.sub(r'(?m)^id = "[^"]*"', f'id = "{site}"', text, count=1))
        return files

    def start_engine(self, name: str) -> running_engine:
        run = f"{name}_{len(self.log_of)}"
        arguments = [each for path in self.files.values() for each in ("--site", path)]
        process, page = self.start_running(
            run, servers.PAGE, os.environ["BUSBAR_BINARY"], "engine", "--name", name, *arguments,
            "--log", f"kafka://{self.address}", "--port", 0, "--sessions-per-driver", 100)
        return running_engine(name, process, page)

    def start_fleets(self):
        self.fleets = [self.start(f"fleet_{site}", os.environ["BUSBAR_BINARY"], "fleet", path,
                                  "--preset", "autonomous", "--log", f"kafka://{self.address}")
                       for site, path in self.files.items()]

    def are_shared(self, engines) -> bool:
        held = [each.planned() for each in engines]
        return all(held) and sorted(site for sites in held for site in sites) == sorted(self.files)

    def test_OWN_1_the_engine_that_stays_plans_the_sites_of_the_one_that_ends(self):
        if kafka_topic.library() is None:
            self.skipTest("needs librdkafka (Debian package librdkafka1)")
        self.start_broker("broker")
        self.files = self.site_files()
        engines = [self.start_engine("engine-1"), self.start_engine("engine-2")]
        self.start_fleets()
        for turn in range(TURNS):
            wait_for("sites that are shared", lambda: self.are_shared(engines), SHARED_WITHIN_S)
            wait_for("open sessions at both", lambda: all(
                each.metric("busbar_sessions_accepted_total") > 0 for each in engines))
            self.both_know_the_owners(engines)
            self.the_other_answers_for_its_own(*engines)
            ended, stays = engines
            self.one_ends(ended, stays)
            engines = [stays, self.start_engine(ended.name)] if turn + 1 < TURNS else [stays]
        self.everything_was_told_once(engines[0])

    def both_know_the_owners(self, engines):
        held = {site: (each.name, each.page) for each in engines for site in each.planned()}
        for each in engines:
            wait_for(f"{each.name} knows where each owner answers",
                     lambda each=each: each.owners() == held)
            known = {other.name: other is each for other in engines}
            wait_for(f"{each.name} knows all nodes", lambda each=each, known=known: known == {
                node["node"]: node["is_this_one"]
                for node in json.loads(each.get("/api/v1/cluster")[1])["nodes"]})

    def the_other_answers_for_its_own(self, one: running_engine, other: running_engine):
        site = sorted(other.sites())[0]
        # A node that has the processor late is not waited for by another one for ever (504).
        status, text = wait_for(f"an answer of {other.name}", lambda: [
            answer for answer in [one.get(f"/api/v1/sites/{site}")] if answer[0] != 504])[0]
        self.assertEqual((status, json.loads(text)["owner"]), (200, other.name), text)
        self.assertEqual(other.get(f"/api/v1/sites/{site}")[0], 200)
        for each in (one, other):
            self.assertEqual(each.metric("busbar_dead_letters_total"), 0, each.name)

    def one_ends(self, ended: running_engine, stays: running_engine):
        began = time.monotonic()
        ended.process.terminate()
        wait_for(f"{stays.name} plans all sites", lambda: stays.planned() == set(self.files),
                 PLANNED_WITHIN_S + SLACK_S)
        print(f"all planned {time.monotonic() - began:.1f} s after SIGTERM", file=sys.stderr)
        self.assertEqual(ended.process.wait(timeout=servers.ENDS_WITHIN_S + SLACK_S), 0)

    def everything_was_told_once(self, stays: running_engine):
        wait_for("sessions that complete after the move",
                 lambda: stays.metric("busbar_sessions_completed_total") > len(SITES))
        for fleet in self.fleets:
            self.ends_cleanly(fleet)
        events = kafka_topic.read_topic(self.address, EVENTS, servers.PARTITIONS)
        self.assertEqual([each for each in events if b"epoch_taken" in each], [])
        for counter in ("busbar_commands_refused_total", "busbar_dead_letters_total"):
            self.assertEqual(stays.metric(counter), 0, counter)
        self.ends_cleanly(stays.process)
        told = session_ledger.ledger(
            kafka_topic.read_topic(self.address, servers.SESSIONS, servers.PARTITIONS),
            session_ledger.site_and_session_of)
        self.assertGreater(len(told), len(SITES))
        self.assertEqual({each: dict(facts) for each, facts in told.items()
                          if facts["ACCEPTED"] != 1 or facts["COMPLETED"] > 1}, {})


if __name__ == "__main__":
    unittest.main()
