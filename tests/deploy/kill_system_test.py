"""An engine that is killed again and again loses nothing that it promised (KEEP-1, LIFE-1): real broker, real
engine, six sites of ten points with sessions of about 12 s, `kill -9` at moments drawn from a seed.

BUSBAR_BINARY names the binary, BUSBAR_KILLS states how often (6), BUSBAR_SEED the seed (1), BUSBAR_PLANNED_S within
how many seconds of its start an engine has planned every site (90: other programs may use the machine; alone it
takes less than 2). All servers listen on free ports of the loopback and are stopped.
"""

import contextlib
import json
import os
import random
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
import kept_checks
import log_records
from waiting import ANSWERS_WITHIN_S, wait_for

SITES = tuple(f"yard-{each}" for each in range(1, 7))
KILLS = int(os.environ.get("BUSBAR_KILLS", "6"))
SEED = int(os.environ.get("BUSBAR_SEED", "1"))
# Between an engine's first plan of every site and its end: a session is half a dozen such times long.
LIVES_S = (0.2, 6.0)
PLANNED_WITHIN_S = float(os.environ.get("BUSBAR_PLANNED_S", "90"))
FIRST_PLAN_S = 90
ENDED_WITHIN_S = 90
# Before these kills a station is reserved: it takes no other driver for the rest of the test.
RESERVED_AT = range(0, KILLS, max(2, KILLS // 10))
# Requests that are not older are written a second time.
AGAIN_S = 5
# Until a request must have its answer.
ANSWER_S = 10
TOPICS = {"commands": "busbar.commands.v1", "results": "busbar.results.v1",
          "requests": "busbar.requests.v1", "sessions": servers.SESSIONS}


class orders:
    """Orders of an operator at random places; of each place the newest that was answered 2xx counts."""

    def __init__(self, chance: random.Random):
        self.chance, self.promised = chance, {}

    def one(self) -> tuple[str, str, dict]:
        """A place, what is put there and its body."""
        site = self.chance.choice(SITES)
        kind = self.chance.choice(("limit", "limit", "shedding", "station"))
        if kind == "shedding":
            return f"/api/v1/sites/{site}/load-shedding", "level", {"level": self.chance.randint(0, 2)}
        if kind == "station":
            station = f"CP-{self.chance.randint(1, 6):03}"
            amperes = self.chance.randint(20, 31) * 1000
            return (f"/api/v1/stations/{station}/phase-currents?site={site}", "l1_ma",
                    {"l1_ma": amperes, "l2_ma": amperes, "l3_ma": amperes, "duration_s": 80_000})
        return (f"/api/v1/sites/{site}/site-constraints", "limit_ma",
                {"node": self.chance.choice(("t1", "f-dc")),
                 "limit_ma": self.chance.randint(300, 490) * 1000})

    def keep(self, path: str, body: dict):
        self.promised[(path, body.get("node", ""))] = body

    def broken(self, get) -> list[str]:
        """What is not in force, by the API's own answers."""
        return [f"{path} {body}: {found}" for (path, node), body in self.promised.items()
                for found in [in_force(get(path), node)] if found != wanted(body)]


def wanted(body: dict):
    if "level" in body:
        return body["level"]
    return body["limit_ma"] if "limit_ma" in body else body["l1_ma"]


def in_force(answer: dict, node: str):
    if "level" in answer:
        return answer["level"] if answer["is_forced"] else None
    if not node:
        limit = answer["connectors"][0]["constraint"]
        return limit and limit["limit_ma"] and max(limit["limit_ma"])
    of_node = next(each for each in answer["items"] if each["node"] == node)
    orders_there = [each for each in of_node["sources"] if each["source"] == "operator"]
    return orders_there[0]["ma"][0] if orders_there else None


class kill_system_test(unittest.TestCase):
    maxDiff = None
    demo = servers.kafka_demo_system_test
    setUp, start, end, printed = demo.setUp, demo.start, staticmethod(demo.end), demo.printed
    start_running = demo.start_running
    start_broker, ends_cleanly = demo.start_broker, demo.ends_cleanly
    del demo

    def site_files(self) -> dict[str, Path]:
        text = servers.SITE.read_text()
        files = {site: self.folder / f"{site}.toml" for site in SITES}
        for site, path in files.items():
            path.write_text(re.sub(r'(?m)^id = "[^"]*"', f'id = "{site}"', text, count=1))
        return files

    def start_engine(self):
        run = f"engine_{len(self.log_of)}"
        arguments = [each for path in self.files.values() for each in ("--site", path)]
        began = time.monotonic()
        self.engine, self.page = self.start_running(
            run, servers.PAGE, os.environ["BUSBAR_BINARY"], "engine", *arguments, "--log",
            f"kafka://{self.address}", "--port", 0, "--sessions-per-driver", 100)
        wait_for("a plan of every site", self.are_planned,
                 PLANNED_WITHIN_S if self.first_plans_s else FIRST_PLAN_S)
        self.first_plans_s.append(time.monotonic() - began)

    def get(self, path: str) -> dict:
        with urllib.request.urlopen(self.page + path, timeout=ANSWERS_WITHIN_S) as answer:
            return json.loads(answer.read().decode())

    def post(self, path: str, body: dict) -> int:
        asked = urllib.request.Request(self.page + path, json.dumps(body).encode(),
                                       {"content-type": "application/json"})
        try:
            with urllib.request.urlopen(asked, timeout=ANSWERS_WITHIN_S) as answer:
                return answer.status
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code

    def are_planned(self) -> bool:
        items = self.get("/api/v1/sites")["items"]
        return len(items) == len(SITES) and all(each["plan_number"] > 0 for each in items)

    def open_sessions(self) -> set[tuple[str, str]]:
        return {(each["site"], each["session"])
                for each in self.get("/api/v1/sessions?state=open&limit=1000")["items"]}

    def records(self, topic: str) -> list[bytes]:
        return kafka_topic.read_topic(self.address, TOPICS[topic], servers.PARTITIONS)

    def test_KEEP_1_a_killed_engine_loses_no_session_no_order_and_no_answer(self):
        if kafka_topic.library() is None:
            self.skipTest("needs librdkafka (Debian package librdkafka1)")
        chance, self.first_plans_s = random.Random(SEED), []
        told = orders(chance)
        self.start_broker("broker")
        self.files = self.site_files()
        self.start_engine()
        fleets = [self.start(f"fleet_{site}", os.environ["BUSBAR_BINARY"], "fleet", path,
                             "--preset", "autonomous", "--log", f"kafka://{self.address}")
                  for site, path in self.files.items()]
        wait_for("sessions", lambda: len(self.open_sessions()) > len(SITES))
        broken, self.killed_at_us = [], []
        for _ in range(KILLS):
            time.sleep(chance.uniform(*LIVES_S))
            self.order_and_kill(told)
            self.killed_at_us.append(time.time_ns() // 1000)
            self.start_engine()
            broken += told.broken(self.get)
        self.deliver_again()
        stuck = self.stuck_sessions()
        for fleet in fleets:
            self.ends_cleanly(fleet)
        print(f"killed at {self.killed_at_us}", file=sys.stderr)
        self.no_promise_is_broken(broken, stuck)

    def order_and_kill(self, told: orders):
        path, _, body = told.one()
        if self.post(path, body) in (200, 202):
            told.keep(path, body)
        if len(self.killed_at_us) in RESERVED_AT:
            self.reserve(told.chance)
        self.engine.kill()
        self.engine.wait(timeout=servers.GONE_WITHIN_S)

    def reserve(self, chance: random.Random):
        """No other driver may have the station any more (kept_checks.broken_reservations)."""
        number = len(self.killed_at_us)
        self.post("/api/v1/requests", {
            "kind": "reserve", "site": SITES[number % len(SITES)], "driver": f"guest-{number}",
            "station": f"CP-{chance.randint(1, 6):03}"})

    def deliver_again(self):
        """Requests of a moment ago stand in the log once more, as after a producer's retry."""
        since_us = time.time_ns() // 1000 - AGAIN_S * 1_000_000
        again = [each for each in self.records("requests")
                 if log_records.request_of(each).asked_at_us > since_us]
        known_before = self.requests_taken("_repeated")
        with kafka_topic.topic(self.address, TOPICS["requests"], kafka_topic.PRODUCER) as sink:
            for record in again:
                sink.write(0, log_records.request_of(record).site.encode(), record)
        self.repeated = len(again)
        # New ones come between them: those that were known are waited for, and counted below.
        with contextlib.suppress(AssertionError):
            wait_for("requests that stand in the log twice",
                     lambda: self.requests_taken("_repeated") - known_before >= len(again))
        self.known_again = self.requests_taken("_repeated") - known_before

    def requests_taken(self, which: str) -> int:
        """Those that this engine has read and knew already: "_repeated"."""
        with urllib.request.urlopen(self.page + "/metrics", timeout=ANSWERS_WITHIN_S) as answer:
            return sum(int(each) for each in re.findall(
                rf"(?m)^busbar_requests{which}_total (\d+)", answer.read().decode()))

    def stuck_sessions(self) -> list[str]:
        """Sessions that were open after the last kill and are not over after several times their length."""
        before = self.open_sessions()
        with contextlib.suppress(AssertionError):  # named below
            wait_for("the end of sessions", lambda: not before & self.open_sessions(),
                     ENDED_WITHIN_S)
        return sorted(f"{site} {session}: open for {ENDED_WITHIN_S} s"
                      for site, session in before & self.open_sessions())

    def no_promise_is_broken(self, broken: list[str], stuck: list[str]):
        # A session may end, or be accepted, while the topics are read, and a request may be answered.
        asked_before = time.time_ns() // 1000 - ANSWER_S * 1_000_000
        still_open = self.open_sessions()
        facts = [log_records.fact_of(each) for each in self.records("sessions")
                 if not log_records.is_mark(each)]
        still_open |= self.open_sessions()
        commands = [each for record in self.records("commands")
                    for each in log_records.session_commands_of(record)]
        registers = {}
        for record in self.records("results"):
            registers |= log_records.registers_of(record)
        requests = [log_records.request_of(each) for each in self.records("requests")]
        compared, bills = kept_checks.wrong_bills(facts, commands, registers)
        findings = {"lost": kept_checks.lost_sessions(facts, still_open),
                    "doubled": kept_checks.doubled_sessions(facts),
                    "falling": kept_checks.falling_energy(facts),
                    "bills": bills,
                    "answers": kept_checks.wrong_answers(facts, requests, asked_before),
                    "unsaid": kept_checks.unsaid_starts(facts, commands),
                    "reservations": kept_checks.broken_reservations(facts),
                    "unknown": [f"{self.known_again} of {self.repeated} requests were known by their ids"
                                ] * (self.known_again < self.repeated),
                    "orders": broken, "stuck": stuck}
        sessions = len(kept_checks.by_session(facts))
        # The first start makes the topics and waits for the group's first members.
        again_s = sorted(self.first_plans_s[1:])
        print(f"{KILLS} kills, seed {SEED}: {sessions} sessions, {len(requests)} requests, "
              f"{self.repeated} of them twice, {self.known_again} of these known by their ids, "
              f"{self.reserved_in(facts)} reservations, {compared} bills compared; "
              f"all planned {again_s[len(again_s) // 2]:.1f} s after a start again, "
              f"{again_s[-1]:.1f} s at most; findings "
              f"{({each: len(found) for each, found in findings.items()})}", file=sys.stderr)
        self.assertGreater(sessions, KILLS)
        self.assertGreater(compared, sessions // 2)
        self.assertEqual({each: found[:8] for each, found in findings.items() if found}, {})

    @staticmethod
    def reserved_in(facts) -> int:
        return sum(each.kind == "ACCEPTED" and not each.session for each in facts)


if __name__ == "__main__":
    unittest.main()
