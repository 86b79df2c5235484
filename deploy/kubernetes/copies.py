#!/usr/bin/env python3
"""Writes the manifests that hold copies of other files of this repository.

    deploy/kubernetes/copies.py

sites.yaml holds examples/depot.toml and examples/garage.toml, monitoring.yaml the alerts of
deploy/prometheus/rules.yml. A test compares: run this after one of them has changed.
"""

from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
SITES = ("depot", "garage")

SITES_HEAD = """\
# The site files of every engine node, made by deploy/kubernetes/copies.py: put your own here. After
# a change: kubectl -n busbar rollout restart statefulset busbar-engine
apiVersion: v1
kind: ConfigMap
metadata:
  name: busbar-sites
  namespace: busbar
data:
"""

MONITORING_HEAD = """\
# Scraping and alerts for the Prometheus operator, made by deploy/kubernetes/copies.py.
apiVersion: monitoring.coreos.com/v1
kind: ServiceMonitor
metadata:
  name: busbar-engine
  namespace: busbar
spec:
  selector:
    matchLabels:
      app.kubernetes.io/name: busbar-engine
  endpoints:
    - port: http
      path: /metrics
      interval: 5s
---
apiVersion: monitoring.coreos.com/v1
kind: PrometheusRule
metadata:
  name: busbar
  namespace: busbar
spec:
"""


def indented(text: str, by: int) -> str:
    return "".join(" " * by + line if line.strip() else line
                   for line in text.splitlines(keepends=True))


def sites_text() -> str:
    files = (f"  {site}.toml: |\n" + indented((ROOT / f"examples/{site}.toml").read_text(), 4)
             for site in SITES)
    return SITES_HEAD + "".join(files)


def monitoring_text() -> str:
    return MONITORING_HEAD + indented((ROOT / "deploy/prometheus/rules.yml").read_text(), 2)


COPIES = {"sites.yaml": sites_text, "monitoring.yaml": monitoring_text}

if __name__ == "__main__":
    for name, text in COPIES.items():
        (HERE / name).write_text(text())
