"""The shell scripts of deploy/ are free of what shellcheck knows, and refuse wrong arguments."""

import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = sorted((ROOT / "deploy").glob("*/*.sh"))
DEMO = ROOT / "deploy" / "cluster" / "demo.sh"
WRONG_ARGUMENTS = 2


class scripts_test(unittest.TestCase):
    def check(self, *files: Path) -> subprocess.CompletedProcess:
        if shutil.which("shellcheck") is None:
            self.skipTest("needs shellcheck (Debian package shellcheck)")
        return subprocess.run(["shellcheck", *files], capture_output=True, text=True, check=False)

    def test_shellcheck_finds_nothing(self):
        self.assertGreaterEqual(len(SCRIPTS), 3)
        done = self.check(*SCRIPTS)
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_shellcheck_finds_a_fault(self):
        with tempfile.TemporaryDirectory(prefix="busbar_script_") as folder:
            planted = Path(folder, "demo.sh")
            planted.write_text(DEMO.read_text().replace('rm -rf "$work"', "rm -rf $work"))
            self.assertIn("SC2086", self.check(planted).stdout)

    def test_the_cluster_demo_refuses_wrong_arguments(self):
        for arguments, words in [([], "the first argument is the built program"),
                                 (["/nowhere"], "the first argument is the built program"),
                                 (["/bin/true", "0"], "NODES is '0', allowed are 1 to 9"),
                                 (["/bin/true", "ten"], "NODES is 'ten', allowed are 1 to 9")]:
            done = subprocess.run([DEMO, *arguments], capture_output=True, text=True, check=False)
            self.assertEqual(done.returncode, WRONG_ARGUMENTS, done.stderr)
            self.assertIn(words, done.stderr)


if __name__ == "__main__":
    unittest.main()
