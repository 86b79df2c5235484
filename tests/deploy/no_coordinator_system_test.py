"""A broker that has no coordinator for groups yet: an engine that starts waits for it, and takes no
core meanwhile.

BUSBAR_BINARY names the binary. All servers listen on free ports of the loopback and are stopped.
"""

import os
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import kafka_demo_system_test as servers
from waiting import wait_for

# Longer than the 5 s after which a first try is given up.
WAITS_S = 15
CORE_SHARE_MAX = 0.08


def core_seconds_of(process: subprocess.Popen) -> float:
    fields = Path(f"/proc/{process.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class no_coordinator_system_test(unittest.TestCase):
    demo = servers.kafka_demo_system_test
    setUp, start, end, printed = demo.setUp, demo.start, staticmethod(demo.end), demo.printed
    del demo

    def test_an_engine_waits_for_it_without_taking_a_core(self):
        # The topic of groups is never made: one broker is no three.
        self.start("broker", servers.ROOT / "deploy" / "kafka" / "start.sh",
                   "--data", self.folder / "data",
                   "--override", "offsets.topic.replication.factor=3")
        address = self.printed("broker", r"ready (\S+)")
        engine = self.start("engine", os.environ["BUSBAR_BINARY"], "engine", "--site", servers.SITE,
                            "--log", f"kafka://{address}", "--port", 0)
        # The topics are made before the group is asked.
        wait_for("topics", lambda: "replication factor" in self.log_of["broker"].read_text())
        begin = core_seconds_of(engine)
        with self.assertRaises(subprocess.TimeoutExpired, msg=self.log_of["engine"].read_text()):
            engine.wait(timeout=WAITS_S)
        share = (core_seconds_of(engine) - begin) / WAITS_S
        print(f"\n{share:.3f} of a core", file=sys.stderr)
        self.assertLess(share, CORE_SHARE_MAX)
        engine.terminate()
        self.assertEqual(engine.wait(timeout=2 * servers.ENDS_WITHIN_S), 0)


if __name__ == "__main__":
    unittest.main()
