"""Two engine processes share sites on a real broker: one stands still for 15 s while it commands, the
other takes its sites over, the first wakes. No command of the one that stood still reaches a station,
sessions are kept and billed once, counters state what happened; then one is killed (OWN-2, OWN-5).

BUSBAR_BINARY names the binary. All servers listen on free ports of the loopback and are stopped.
"""

import os
import re
import signal
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import kafka_demo_system_test as servers
import kafka_topic
import log_records
import session_ledger
import two_engines_system_test as engines
from waiting import SLACK_S, wait_for

COMMANDS = "busbar.commands.v1"
PAUSE_S = 15
TAKEN_WITHIN_S = 12
# Batches that the producer of a node holds when the node is stopped.
HELD_AT_MOST = len(engines.SITES)
STOPPED_BEFORE = b"stop refused: no session"


class paused_engine_system_test(unittest.TestCase):
    base = engines.two_engines_system_test
    setUp, start, end, printed = base.setUp, base.start, staticmethod(base.end), base.printed
    start_running = base.start_running
    start_broker, ends_cleanly = base.start_broker, base.ends_cleanly
    site_files, start_engine, start_fleets = base.site_files, base.start_engine, base.start_fleets
    are_shared = base.are_shared
    del base

    def partitions(self) -> list[list[bytes]]:
        with kafka_topic.topic(self.address, COMMANDS, kafka_topic.CONSUMER) as source:
            return [source.values(each) for each in range(servers.PARTITIONS)]

    def counted_by_fleets(self) -> int:
        """Batches of commands that the fleets dropped; they state it when they end."""
        return sum(int(re.search(r"(\d+) batches of commands under no fence",
                                 self.log_of[f"fleet_{site}"].read_text()).group(1))
                   for site in self.files)

    def test_OWN_2_OWN_5_an_engine_that_stood_still_commands_nothing_until_it_has_looked(self):
        if kafka_topic.library() is None:
            self.skipTest("needs librdkafka (Debian package librdkafka1)")
        self.start_broker("broker")
        self.files = self.site_files()
        one, other = self.start_engine("engine-1"), self.start_engine("engine-2")
        self.start_fleets()
        wait_for("sites that are shared", lambda: self.are_shared((one, other)),
                 engines.SHARED_WITHIN_S)
        wait_for("open sessions at both", lambda: all(
            each.metric("busbar_sessions_accepted_total") > 0 for each in (one, other)))
        self.one_stands_still(one, other)
        self.what_it_wrote_before_comes_again()
        self.one_is_killed(other, one)
        self.everything_was_told_once(one)

    def one_stands_still(self, one: engines.running_engine, other: engines.running_engine):
        lost = one.planned()
        os.kill(one.process.pid, signal.SIGSTOP)
        began = time.monotonic()
        wait_for(f"{other.name} plans all sites", lambda: other.planned() == set(self.files),
                 TAKEN_WITHIN_S + SLACK_S)
        print(f"all planned {time.monotonic() - began:.1f} s after SIGSTOP", file=sys.stderr)
        time.sleep(max(0, began + PAUSE_S - time.monotonic()))
        os.kill(one.process.pid, signal.SIGCONT)
        # It is back in its group, and commands what the group gives it, under fences of its own.
        wait_for("sites that are shared", lambda: self.are_shared((one, other)),
                 engines.SHARED_WITHIN_S)
        withheld = one.metric("busbar_log_commands_withheld_silent_total") + \
            one.metric("busbar_log_commands_withheld_unfenced_total")
        print(f"{one.name}: {withheld:.0f} batches withheld, "
              f"{one.metric('busbar_log_fences_written_total'):.0f} fences", file=sys.stderr)
        self.assertLessEqual(lost, one.planned() | other.planned())
        self.assertEqual(one.metric("busbar_dead_letters_total"), 0)
        written = sum(len(log_records.unfenced(each)) for each in self.partitions())
        print(f"{written} batches of commands under no fence", file=sys.stderr)
        self.assertLessEqual(written, HELD_AT_MOST)

    def what_it_wrote_before_comes_again(self):
        """As a producer would send it that was cut off: no station may obey it."""
        for partition, records in enumerate(self.partitions()):
            old = [each for each in records if not log_records.is_fence(each)]
            fences = [each for each in records if log_records.is_fence(each)]
            if len(fences) < 2:
                continue
            with kafka_topic.topic(self.address, COMMANDS, kafka_topic.PRODUCER) as sink:
                sink.write(partition, session_ledger.text_of(old[0], 0).encode(), old[0])

    def one_is_killed(self, killed: engines.running_engine, stays: engines.running_engine):
        began = time.monotonic()
        killed.process.kill()
        wait_for(f"{stays.name} plans all sites", lambda: stays.planned() == set(self.files),
                 TAKEN_WITHIN_S + SLACK_S)
        print(f"all planned {time.monotonic() - began:.1f} s after SIGKILL", file=sys.stderr)
        completed = stays.metric("busbar_sessions_completed_total")
        wait_for("sessions that complete after the move", lambda: stays.metric(
            "busbar_sessions_completed_total") > completed + len(self.files))

    def everything_was_told_once(self, stays: engines.running_engine):
        for fleet in self.fleets:
            self.ends_cleanly(fleet)
        self.assertEqual(stays.metric("busbar_dead_letters_total"), 0)
        # A station refuses commands of an older epoch or number: none has come to one. A stop whose answer the
        # old owner did not read is sent again by the next one, to a station whose session has ended.
        events = kafka_topic.read_topic(self.address, engines.EVENTS, servers.PARTITIONS)
        self.assertEqual([each for each in events if b"epoch_taken" in each], [])
        self.assertEqual([each for each in events if b"command_refused" in each
                          and STOPPED_BEFORE not in each], [])
        written = sum(len(log_records.unfenced(each)) for each in self.partitions())
        self.assertGreater(written, 0)
        self.assertEqual(self.counted_by_fleets(), written)
        self.ends_cleanly(stays.process)
        told = session_ledger.ledger(
            kafka_topic.read_topic(self.address, servers.SESSIONS, servers.PARTITIONS),
            session_ledger.site_and_session_of)
        self.assertGreater(len(told), len(self.files))
        self.assertEqual({each: dict(facts) for each, facts in told.items()
                          if facts["ACCEPTED"] != 1 or facts["COMPLETED"] > 1}, {})


if __name__ == "__main__":
    unittest.main()
