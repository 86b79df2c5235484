"""Three engine nodes, a broker, six sites, a fleet under its auditor, and a seeded schedule of faults: `make cluster`.

BUSBAR_BINARY names the binary, BUSBAR_FAULTS states how many faults (11, one of each kind), BUSBAR_SEED the seed (1),
BUSBAR_SLACK_S what a loaded machine may add to a goal (10), BUSBAR_HISTORY a file that keeps the history. All servers
listen on free ports of the loopback and are stopped.
"""

import contextlib
import json
import os
import random
import sys
import time
import unittest
import urllib.error
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import checkers
import cluster as nodes
import faults
from history import history, observer

import kafka_demo_system_test as servers
import kafka_topic
import kept_checks
import log_records
from kill_system_test import TOPICS, in_force, wanted
from waiting import ANSWERS_WITHIN_S, SLACK_S, wait_for

COUNT = int(os.environ.get("BUSBAR_FAULTS", "11"))
SEED = int(os.environ.get("BUSBAR_SEED", "1"))
ANSWER_S = 10
# For so long a node that wakes may still plan a site before it finds another node's fence.
CONTESTED_S = 5


class promises:
    """Orders that a node answered with 2xx, each to be in force at the end."""

    def __init__(self, under: nodes.cluster, chance: random.Random):
        self.under, self.chance, self.kept = under, chance, {}

    def order(self):
        site = self.chance.choice(nodes.SITES)
        body = {"node": self.chance.choice(("t1", "f-dc")),
                "limit_ma": self.chance.randint(300, 490) * 1000}
        for node in self.under.live():
            if self.post(node, site, body) in (200, 202):
                self.kept[(site, body["node"])] = body
                return

    def post(self, node: str, site: str, body: dict) -> int:
        asked = urllib.request.Request(
            f"{self.under.page_of[node]}/api/v1/sites/{site}/site-constraints",
            json.dumps(body).encode(), {"content-type": "application/json"})
        try:
            with urllib.request.urlopen(asked, timeout=ANSWERS_WITHIN_S) as answer:
                return answer.status
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code
        except OSError:
            return 0

    def broken(self) -> list[str]:
        found = []
        for (site, place), body in self.kept.items():
            answer = self.asked(site)
            if answer is None or in_force(answer, place) != wanted(body):
                found.append(f"{site} {place}: {body} is not in force")
        return found

    def asked(self, site: str):
        for node in self.under.live():
            with contextlib.suppress(OSError):
                return self.under.get(node, f"/api/v1/sites/{site}/site-constraints")
        return None


class cluster_system_test(unittest.TestCase):
    maxDiff = None
    demo = servers.kafka_demo_system_test
    setUp, start, end, printed = demo.setUp, demo.start, staticmethod(demo.end), demo.printed
    start_running = demo.start_running
    ends_cleanly = demo.ends_cleanly
    del demo

    def records(self, topic: str) -> list[bytes]:
        return kafka_topic.read_topic(self.address, TOPICS[topic], servers.PARTITIONS)

    def test_sites_stay_planned_by_one_node_each_through_faults(self):
        if kafka_topic.library() is None:
            self.skipTest("needs librdkafka (Debian package librdkafka1)")
        chance = random.Random(SEED)
        kept = history(os.environ.get("BUSBAR_HISTORY", self.folder / "history.jsonl"))
        self.addCleanup(kept.close)
        under = nodes.cluster(self, kept)
        under.start()
        under.await_settled()
        told = promises(under, chance)
        with contextlib.ExitStack() as watched:
            for node in nodes.NODES:
                watched.enter_context(
                    observer(kept, node, lambda node=node: under.page_of[node]))
            wait_for("sessions", lambda: self.sessions(under) > len(nodes.SITES))
            under.measure()
            for fault in faults.schedule(chance, COUNT):
                told.order()
                faults.inject(under, fault, chance)
        under.await_rest()
        self.judge(under, kept.seen(), told)

    def sessions(self, under: nodes.cluster) -> int:
        return sum(len(under.get(node, "/api/v1/sessions?state=open&limit=1000")["items"])
                   for node in under.live())

    def open_sessions(self, under: nodes.cluster) -> set[tuple[str, str]]:
        return {(each["site"], each["session"]) for node in under.live()
                for each in under.get(node, "/api/v1/sessions?state=open&limit=1000")["items"]}

    def judge(self, under: nodes.cluster, seen: list[dict], told: promises):
        broken = told.broken()
        # Its last act is the verdict; exit 1 says that it has findings, which are named below.
        under.fleet.terminate()
        under.fleet.wait(timeout=servers.ENDS_WITHIN_S + SLACK_S)
        verdict = json.loads(under.verdict_path.read_text())
        findings = {"silent": checkers.slow_faults(seen, nodes.SITES, SLACK_S),
                    "two owners": checkers.two_owners(seen, CONTESTED_S + SLACK_S),
                    "growth": checkers.growth(seen), "errors": checkers.refused_calls(seen),
                    "audit": checkers.audit_findings(verdict), "orders": broken,
                    **self.findings_of_the_log(under)}
        self.report(seen, verdict, findings)
        self.report_sessions(findings)
        self.report_answers(findings["answers"])
        under.end_all()
        self.assertEqual({each: found[:8] for each, found in findings.items() if found}, {})

    def findings_of_the_log(self, under: nodes.cluster) -> dict[str, list[str]]:
        # Before the first of the topics is read: a request of afterwards may have its answer after them.
        asked_before = time.time_ns() // 1000 - ANSWER_S * 1_000_000
        still_open = self.open_sessions(under)
        told = kafka_topic.read_partitions(self.address, TOPICS["sessions"], servers.PARTITIONS)
        facts = log_records.facts_that_count(told)
        still_open |= self.open_sessions(under)
        self.partitions = told
        answers = self.records("results")
        commands = [each for record in self.records("commands")
                    for each in log_records.session_commands_of(record)]
        self.told = [log_records.fact_of(each) for partition in told for each in partition
                     if not log_records.is_mark(each)], commands
        registers = {}
        for record in answers:
            registers |= log_records.registers_of(record)
        requests = [log_records.request_of(each) for each in self.records("requests")]
        self.counted = {"sessions": len(kept_checks.by_session(facts)), "requests": len(requests),
                        "commands": len(commands)}
        self.counted["bills"], bills = kept_checks.wrong_bills(facts, commands, registers)
        return {"commanders": checkers.two_commanders(checkers.accepted_of(each) for each in answers),
                "lost": kept_checks.lost_sessions(facts, still_open),
                "doubled": kept_checks.doubled_sessions(facts),
                "falling": kept_checks.falling_energy(facts), "bills": bills,
                "answers": kept_checks.wrong_answers(facts, requests, asked_before),
                "unsaid": kept_checks.unsaid_starts(facts, commands)}

    def report_sessions(self, findings: dict[str, list[str]]):
        """What the log holds of each session that a finding names, also what does not count."""
        facts, commands = self.told
        text = " ".join(each for found in findings.values() for each in found[:8])
        named = {word.strip(":,()") for word in text.split()}
        for (site, session), told in kept_checks.by_session(facts).items():
            if session not in named or site not in named:
                continue
            for fact in told:
                print(f"  {site} {session} {fact.at_us} {fact.kind} {fact.energy_wh} Wh, "
                      f"fence {fact.fence} {fact.why}", file=sys.stderr)
            for each in commands:
                if each.session == session and each.key[0] == site:
                    print(f"  {site} {session} command {each.key[1:]} kind {each.kind}", file=sys.stderr)

    def report_answers(self, found: list[str]):
        """Of each shard with a request that was answered twice or never: what the log holds of it, by time."""
        named = {tuple(each.split(":")[0].split()[:2]) for each in found}
        if not named:
            return
        requests = self.by_partition(TOPICS["requests"])
        states = self.by_partition("busbar.sites.v1")
        for shard, facts in enumerate(self.partitions):
            asked = [(request.asked_at_us, f"request {offset} {request.request}")
                     for offset, request in enumerate(map(log_records.request_of, requests[shard]))
                     if (request.site, request.request) in named]
            if not asked:
                continue
            lines = asked + [self.line_of(offset, each) for offset, each in enumerate(facts)
                             if log_records.is_mark(each) or self.is_answer(each, named)]
            lines += [(state.at_us, f"state of {state.owner}: sessions before {state.sessions_position}, "
                       f"requests before {state.requests_position}")
                      for state in map(log_records.state_of, states[shard])]
            print(f"shard {shard}:", *(f"  {at_us} {text}" for at_us, text in sorted(lines)),
                  sep="\n", file=sys.stderr)

    def by_partition(self, topic: str) -> list[list[bytes]]:
        return kafka_topic.read_partitions(self.address, topic, servers.PARTITIONS)

    @staticmethod
    def is_answer(record: bytes, named: set[tuple[str, str]]) -> bool:
        fact = log_records.fact_of(record)
        return fact.kind in ("ACCEPTED", "DENIED") and (fact.site, fact.request) in named

    @staticmethod
    def line_of(offset: int, record: bytes) -> tuple[int, str]:
        if log_records.is_mark(record):
            mark = log_records.mark_of(record)
            return mark.since_us, f"fact {offset} mark of {mark.owner} {mark.node}"
        fact = log_records.fact_of(record)
        return fact.at_us, (f"fact {offset} {fact.kind} {fact.request} {fact.session} "
                            f"fence {fact.fence} {fact.why}")

    def report(self, seen: list[dict], verdict: dict, findings: dict[str, list[str]]):
        print(f"\nseed {SEED}: {self.counted}, "
              f"{sum(site['looks'] for site in verdict['sites'])} looks of the auditor", file=sys.stderr)
        for span in checkers.spans(seen):
            silent = checkers.silences(seen, nodes.SITES, span)
            worst = max(silent, key=silent.get)
            mark = "" if silent[worst] <= span["goal_s"] else "  above its goal"
            print(f"  {span['fault']:<16} longest silence {silent[worst]:5.1f} s ({worst}), "
                  f"goal {span['goal_s']:>2} s{mark}", file=sys.stderr)
        print(f"  findings {({each: len(found) for each, found in findings.items()})}",
              file=sys.stderr)


if __name__ == "__main__":
    unittest.main()
