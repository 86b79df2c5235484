"""On a real broker, commands of an epoch that the engine has not given: stations obey them, and the
engine takes a newer epoch, says so, and is obeyed again; also one that starts afterwards (OWN-1).

BUSBAR_BINARY names the binary. All servers listen on free ports of the loopback and are stopped.
"""

import json
import struct
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import kafka_demo_system_test as servers
import kafka_topic
import log_records
from waiting import wait_for

COMMANDS, SITE = "busbar.commands.v1", "autonomous"


def of_epoch(batch: bytes, epoch: int) -> bytes:
    """The same batch of commands with another `owner`: field 2 of the root table of a FlatBuffer
    (messages/schema/commands.fbs)."""
    table = struct.unpack_from("<I", batch, 0)[0]
    fields = table - struct.unpack_from("<i", batch, table)[0]
    owner = table + struct.unpack_from("<H", batch, fields + 4 + 2 * 2)[0]
    return batch[:owner] + struct.pack("<Q", epoch) + batch[owner + 8:]


class forged_epoch_system_test(unittest.TestCase):
    demo = servers.kafka_demo_system_test
    setUp, start, end, printed = demo.setUp, demo.start, staticmethod(demo.end), demo.printed
    start_running = demo.start_running
    ask, metric, items, readiness = demo.ask, demo.metric, demo.items, demo.readiness
    await_more = demo.await_more
    start_broker, start_demo = demo.start_broker, demo.start_demo
    del demo

    def epoch(self) -> int:
        return json.loads(self.ask(f"/api/v1/sites/{SITE}"))["epoch"]

    def forge(self, epoch: int):
        """The newest batch of the engine's commands once more, as of another epoch."""
        with kafka_topic.topic(self.address, COMMANDS, kafka_topic.CONSUMER) as source:
            for partition in range(servers.PARTITIONS):
                if batches := [each for each in source.values(partition)
                               if not log_records.is_fence(each)]:
                    break
        with kafka_topic.topic(self.address, COMMANDS, kafka_topic.PRODUCER) as sink:
            sink.write(partition, SITE.encode(), of_epoch(batches[-1], epoch))

    def is_obeyed_under(self, epoch: int):
        wait_for(f"epoch {epoch}", lambda: self.epoch() == epoch)
        self.await_more("busbar_results_total", 2)  # answers to that epoch's commands alone

    def test_OWN_1_after_a_forged_epoch_the_engine_is_obeyed_again_also_after_its_restart(self):
        if kafka_topic.library() is None:
            self.skipTest("needs librdkafka (Debian package librdkafka1)")
        self.start_demo()
        wait_for("readiness", lambda: self.readiness() == 200)
        self.await_more("busbar_results_total", 2)
        self.forge(999_999)
        self.is_obeyed_under(1_000_000)
        self.assertEqual(self.metric("busbar_epochs_taken_total"), 1)
        [event] = wait_for("the event", lambda: self.items("events?kind=epoch_taken"))
        self.assertEqual(event["level"], "critical")
        self.assertIn("critical epoch_taken", self.log_of["engine"].read_text())
        # Stations' own events are lines, too: they refuse what is older than the epoch they obey.
        self.forge(1)
        wait_for("a line of a station's event",
                 lambda: "warning command_refused" in self.log_of["engine"].read_text())
        self.assertEqual(self.epoch(), 1_000_000)
        self.end(self.engine)
        self.forge(2_000_000)
        self.engine, self.page = self.start_running(
            "successor", servers.PAGE, servers.os.environ["BUSBAR_BINARY"], "engine", "--site",
            servers.SITE, "--log", f"kafka://{self.address}", "--port", 0)
        self.is_obeyed_under(2_000_001)


if __name__ == "__main__":
    unittest.main()
