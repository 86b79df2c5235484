"""Every query of the dashboards returns data from a real Prometheus that scrapes a running demo.

BUSBAR_BINARY names the binary. Both servers listen on free ports of the loopback and are stopped.
"""

import json
import math
import os
import re
import shutil
import socket
import subprocess
import sys
import tempfile
import unittest
import urllib.parse
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from waiting import ANSWERS_WITHIN_S, wait_for, wait_for_none

ROOT = Path(__file__).resolve().parents[2]
DASHBOARDS = ROOT / "deploy" / "grafana" / "dashboards"
RATE_INTERVAL = "10s"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class grafana_system_test(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if shutil.which("prometheus") is None:
            raise unittest.SkipTest("needs prometheus (Debian package prometheus)")
        cls.folder = tempfile.TemporaryDirectory(prefix="busbar_grafana_")
        cls.processes = []
        try:
            cls.demo_port = cls.start_demo()
            cls.start_prometheus()
        except BaseException:
            cls.tearDownClass()
            raise

    @classmethod
    def tearDownClass(cls):
        for process in reversed(cls.processes):
            process.terminate()
        for process in cls.processes:
            process.wait(timeout=60)
        cls.folder.cleanup()

    @classmethod
    def start(cls, arguments: list[str], log: str) -> Path:
        path = Path(cls.folder.name) / log
        with open(path, "w", encoding="utf-8") as output:
            cls.processes.append(subprocess.Popen(arguments, stdout=output,
                                                  stderr=subprocess.STDOUT))
        return path

    @classmethod
    def start_demo(cls) -> int:
        output = cls.start([os.environ["BUSBAR_BINARY"], "demo", "--port", "0"], "demo.log")
        address = re.compile(r"http://127\.0\.0\.1:(\d+)")
        return int(wait_for("the demo's address",
                            lambda: address.search(output.read_text())).group(1))

    @classmethod
    def start_prometheus(cls):
        config = Path(cls.folder.name) / "prometheus.yml"
        config.write_text(f"""
global: {{scrape_interval: 500ms, evaluation_interval: 1s}}
rule_files: ["{ROOT}/deploy/prometheus/rules.yml"]
scrape_configs:
  - job_name: busbar
    static_configs: [{{targets: ["127.0.0.1:{cls.demo_port}"]}}]
""")
        port = free_port()
        cls.api = f"http://127.0.0.1:{port}/api/v1/"
        cls.start(["prometheus", f"--config.file={config}",
                   f"--storage.tsdb.path={cls.folder.name}/data",
                   f"--web.listen-address=127.0.0.1:{port}"], "prometheus.log")
        wait_for("a first scrape", lambda: cls.query("up == 1"))

    @classmethod
    def ask(cls, path: str):
        with urllib.request.urlopen(cls.api + path, timeout=ANSWERS_WITHIN_S) as answer:
            return json.load(answer)["data"]

    @classmethod
    def query(cls, expression: str) -> list:
        return cls.ask("query?" + urllib.parse.urlencode({"query": expression}))["result"]

    def has_number(self, expression: str) -> bool:
        return any(not math.isnan(float(each["value"][1])) for each in self.query(expression))

    def variables(self, dashboard: dict) -> dict[str, str]:
        """One value that exists for each variable, found as Grafana finds them."""
        values = {"__rate_interval": RATE_INTERVAL}
        for each in dashboard["templating"]["list"]:
            asked = re.fullmatch(r"label_values\((.+), (\w+)\)", each["query"]["query"])
            expression = self.with_values(asked.group(1), values)
            found = wait_for(each["name"], lambda e=expression: self.query(e))
            values[each["name"]] = found[0]["metric"][asked.group(2)]
        return values

    @staticmethod
    def with_values(expression: str, values: dict[str, str]) -> str:
        for name, value in values.items():
            expression = expression.replace("$" + name, value)
        return expression

    def test_every_query_of_every_dashboard_returns_data(self):
        asked = 0
        for file in sorted(DASHBOARDS.glob("*.json")):
            dashboard = json.loads(file.read_text())
            values = self.variables(dashboard)
            for panel in dashboard["panels"]:
                for target in panel["targets"]:
                    expression = self.with_values(target["expr"], values)
                    self.assertNotIn("$", expression)
                    with self.subTest(dashboard=file.stem, panel=panel["title"]):
                        wait_for(expression, lambda e=expression: self.has_number(e))
                    asked += 1
        self.assertGreater(asked, 50)

    def test_the_rules_are_loaded_and_no_critical_alert_fires(self):
        rules = [rule for group in wait_for("rules", lambda: self.ask("rules")["groups"])
                 for rule in group["rules"]]
        self.assertEqual([rule["name"] for rule in rules if rule.get("lastError")], [])
        # A demo that had the processor late is late for some seconds: no alert goes on firing.
        wait_for_none("no critical alert", self.critical_alerts)

    def critical_alerts(self) -> list[str]:
        return [rule["name"] for group in self.ask("rules")["groups"] for rule in group["rules"]
                if rule["state"] == "firing" and rule["labels"]["severity"] == "critical"]


if __name__ == "__main__":
    unittest.main()
