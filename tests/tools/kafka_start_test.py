"""deploy/kafka/start.sh says what is missing or wrong before it starts anything."""

import os
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

SCRIPT = Path(__file__).resolve().parents[2] / "deploy" / "kafka" / "start.sh"
NEEDED = ["bash", "dirname", "cat", "mkdir", "touch", "flock", "sed"]


class Start(unittest.TestCase):
    def run_with(self, programs: list, arguments: list):
        with tempfile.TemporaryDirectory() as folder:
            for name in programs:
                os.symlink(shutil.which(name), Path(folder) / name)
            return subprocess.run(["bash", SCRIPT, *arguments], env={"PATH": folder},
                                  capture_output=True, text=True, timeout=60)

    def assert_refused(self, done, words: str):
        self.assertEqual(done.returncode, 2, done.stderr)
        self.assertIn(words, done.stderr)

    def test_a_missing_java_is_named_with_its_package(self):
        self.assert_refused(self.run_with(NEEDED, []), "java is missing: install openjdk-17")

    def test_unknown_options_and_missing_values_are_refused(self):
        self.assert_refused(self.run_with(NEEDED, ["--prot", "1"]), "'--prot' is unknown")
        self.assert_refused(self.run_with(NEEDED, ["--port"]), "'--port' is unknown or has no value")

    def test_a_cluster_has_one_broker_or_three_and_each_of_three_is_made_by_it(self):
        self.assert_refused(self.run_with(NEEDED, ["--brokers", "2"]), "allowed are 1 and 3")
        self.assert_refused(self.run_with(NEEDED, ["--brokers", "3", "--port", "9092"]),
                            "--brokers 3 takes neither --port nor --broker")
        self.assert_refused(self.run_with(NEEDED, ["--broker", "2", "--data", "/nowhere"]),
                            "/nowhere holds no such broker; --brokers 3 makes them")


if __name__ == "__main__":
    unittest.main()
