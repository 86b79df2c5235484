"""The systemd units are well-formed, hardened, and state what the binary does.

BUSBAR_BINARY names the binary.
"""

import os
import re
import shutil
import subprocess
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUSBAR = os.environ.get("BUSBAR_BINARY", str(ROOT / "build/dev/busbar"))
SYSTEMD = ROOT / "deploy" / "systemd"
UNITS = {"busbar-engine@": "engine-1", "busbar-fleet@": "depot"}
EXPOSURE_MAX = 2.0
INSTALLED = "/usr/bin/busbar"


def text_of(unit: str) -> str:
    return (SYSTEMD / f"{unit}.service").read_text()


def setting(text: str, name: str) -> str:
    return re.search(rf"(?m)^{name}=(.*)$", text).group(1)


class systemd_test(unittest.TestCase):
    def analyze(self, text: str, unit: str, *command: str,
                drop_in: str = "") -> subprocess.CompletedProcess:
        """`systemd-analyze` on a unit whose program is the built one."""
        if shutil.which("systemd-analyze") is None:
            self.skipTest("needs systemd-analyze (Debian package systemd)")
        with tempfile.TemporaryDirectory(prefix="busbar_units_") as folder:
            Path(folder, f"{unit}.service").write_text(text.replace(INSTALLED, BUSBAR))
            if drop_in:
                Path(folder, f"{unit}.service.d").mkdir()
                Path(folder, f"{unit}.service.d", "kafka.conf").write_text(
                    drop_in.replace(INSTALLED, BUSBAR))
            instance = Path(folder, f"{unit}{UNITS[unit]}.service")
            return subprocess.run(["systemd-analyze", *command, str(instance)], text=True,
                                  capture_output=True, check=False)

    def verified(self, unit: str, text: str) -> str:
        """What systemd finds wrong."""
        done = self.analyze(text, unit, "verify", "--man=no")
        return done.stdout + done.stderr + (f"exit {done.returncode}" if done.returncode else "")

    def exposure(self, unit: str, text: str) -> float:
        done = self.analyze(text, unit, "security", "--offline=true", "--threshold=100")
        return float(re.search(r"exposure level for \S+: ([\d.]+)", done.stdout).group(1))

    def test_systemd_finds_nothing_wrong_with_the_units(self):
        for unit in UNITS:
            with self.subTest(unit=unit):
                self.assertEqual(self.verified(unit, text_of(unit)), "")

    def test_systemd_finds_nothing_wrong_with_the_drop_in_for_kafka(self):
        unit, drop_in = "busbar-engine@", (SYSTEMD / "kafka.conf").read_text()
        for text, is_right in [(drop_in, True),
                               (drop_in.replace("LoadCredential", "LoadCredentials"), False),
                               (drop_in.replace("ExecStart=\n", ""), False)]:
            done = self.analyze(text_of(unit), unit, "verify", "--man=no", drop_in=text)
            self.assertEqual(done.stdout + done.stderr == "", is_right, done.stderr)

    def test_a_misspelt_setting_is_found(self):
        for unit in UNITS:
            text = text_of(unit).replace("ProtectHome=", "ProtectHomes=")
            self.assertIn("ProtectHomes", self.verified(unit, text))

    def test_the_units_are_hardened(self):
        for unit in UNITS:
            with self.subTest(unit=unit):
                self.assertLessEqual(self.exposure(unit, text_of(unit)), EXPOSURE_MAX)

    def test_a_unit_that_may_call_everything_is_exposed(self):
        for unit in UNITS:
            text = re.sub(r"(?m)^(SystemCall|Restrict|Protect|DynamicUser).*\n", "", text_of(unit))
            self.assertGreater(self.exposure(unit, text), EXPOSURE_MAX)

    def test_the_manual_that_the_units_name_is_there(self):
        for unit in UNITS:
            name = Path(setting(text_of(unit), "Documentation")).name
            self.assertTrue((ROOT / "docs" / name).is_file(), name)

    def test_a_restart_does_not_follow_bad_input_and_a_newer_process_of_the_same_name(self):
        for unit in UNITS:
            self.assertEqual(setting(text_of(unit), "Restart"), "always")
            self.assertEqual(setting(text_of(unit), "RestartPreventExitStatus"), "2 3")

    def test_systemd_waits_longer_than_the_process_may_take(self):
        engine = text_of("busbar-engine@")
        # docs/operations.md: a start ends after 75 s at the latest, an end takes 5 s.
        self.assertGreater(int(setting(engine, "TimeoutStartSec")), 75)
        for unit in UNITS:
            self.assertGreater(int(setting(text_of(unit), "TimeoutStopSec")), 5)


if __name__ == "__main__":
    unittest.main()
