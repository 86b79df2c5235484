"""The alerts and dashboards fit the metrics that the engine has and the manual that explains them."""

import json
import re
import shutil
import subprocess
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PROMETHEUS = ROOT / "deploy" / "prometheus"
METRIC = re.compile(r"\b(?:busbar|process)_[a-z_0-9]+\b")
HISTOGRAM_SUFFIX = re.compile(r"_(?:bucket|sum|count)$")


def metrics_of_the_engine() -> set[str]:
    sources = (ROOT / "adapters" / "metrics").glob("*_families.cpp")
    named = {name for file in sources for name in METRIC.findall(file.read_text())}
    counted = [ROOT / "adapters" / "http" / "server" / "http_server.cpp",
               ROOT / "adapters" / "tls" / "listener_certificates.cpp"]
    statistics = [name for file in counted
                  for name in re.findall(r'\{"([a-z0-9_]+)", as_double', file.read_text())]
    page = METRIC.findall((ROOT / "adapters" / "metrics" / "metric_page.cpp").read_text())
    return (named | set(page) | {"busbar_http_" + name for name in statistics}
            | {"busbar_ocpp_certificate_expires_seconds"})


def alerts() -> list[str]:
    return re.findall(r"- alert: (\w+)", (PROMETHEUS / "rules.yml").read_text())


def expressions_of_dashboards() -> list[str]:
    files = sorted((ROOT / "deploy" / "grafana" / "dashboards").glob("*.json"))
    return [target["expr"] for file in files for panel in json.loads(file.read_text())["panels"]
            for target in panel["targets"]]


class alerts_test(unittest.TestCase):
    def run_promtool(self, *arguments: str) -> None:
        if shutil.which("promtool") is None:
            self.skipTest("needs promtool (Debian package prometheus)")
        done = subprocess.run(["promtool", *arguments], cwd=PROMETHEUS, capture_output=True,
                              text=True, check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_promtool_accepts_configuration_and_rules(self):
        self.run_promtool("check", "config", "prometheus.yml")
        self.run_promtool("check", "rules", "--lint=all", "--lint-fatal", "rules.yml")

    def test_every_alert_fires_and_is_quiet_when_it_should(self):
        self.run_promtool("test", "rules", "rules_test.yml")

    def test_every_group_is_evaluated_every_5_s_whatever_the_default_of_prometheus(self):
        groups = re.split(r"^  - name: ", (PROMETHEUS / "rules.yml").read_text(), flags=re.M)[1:]
        self.assertEqual([group.split("\n")[0] for group in groups
                          if not re.match(r"\w+\n    interval: 5s\n", group)], [])

    def test_every_alert_has_both_of_its_unit_tests(self):
        tests = re.findall(r"- name: (.+)", (PROMETHEUS / "rules_test.yml").read_text())
        wanted = [f"{name} {what}" for name in alerts() for what in ("fires", "is quiet")]
        self.assertEqual(sorted(tests), sorted(wanted))

    def test_every_alert_is_explained_in_the_manual_and_no_other_is(self):
        manual = (ROOT / "docs" / "operations.md").read_text()
        self.assertEqual(sorted(re.findall(r"^### (Busbar\w+)$", manual, re.M)), sorted(alerts()))

    def test_alerts_and_dashboards_use_only_metrics_that_exist(self):
        known = metrics_of_the_engine()
        rules = (PROMETHEUS / "rules.yml").read_text()
        for text in [rules, *expressions_of_dashboards()]:
            for name in METRIC.findall(text):
                plain = HISTOGRAM_SUFFIX.sub("", name) if name not in known else name
                self.assertTrue(plain in known or plain.startswith("busbar_log_"), name)

    def test_every_metric_is_in_the_manual(self):
        manual = (ROOT / "docs" / "operations.md").read_text()
        missing = [name for name in sorted(metrics_of_the_engine())
                   if not name.startswith(("busbar_http_", "busbar_ocpp_")) and f"`{name}`" not in manual]
        self.assertEqual(missing, [])


if __name__ == "__main__":
    unittest.main()
