"""What happened in a run, a line of JSON each: faults, plans as every node's API shows them, calls.

{"t": 12.345, "kind": "fault", "fault": "kill", "phase": "begins"|"ends", "goal_s": 12, ...}
{"t": 12.345, "kind": "cut", "node": "engine-1", "is_cut": true}                  what it plans now reaches no station
{"t": 12.345, "kind": "plan", "node": "engine-1", "site": "yard-3", "plan": 17}   a plan number not seen before
{"t": 12.345, "kind": "call", "node": "engine-1", "status": 200, "ms": 3}         0: no answer
{"t": 12.345, "kind": "size", "node": "engine-1", "process": 77, "rss_kib": 90000, "files": 60}
"""

import json
import sys
import threading
import time
import urllib.error
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "deploy"))

from one_node import own  # noqa: E402

ASKS_EVERY_S = 0.1
PATIENCE_S = 2


class history:
    def __init__(self, path):
        self.began, self.lock, self.lines = time.monotonic(), threading.Lock(), []
        self.file = open(path, "w", encoding="utf-8")

    def add(self, kind: str, **what):
        with self.lock:
            line = {"t": round(time.monotonic() - self.began, 3), "kind": kind, **what}
            self.lines.append(line)
            self.file.write(json.dumps(line) + "\n")
            self.file.flush()

    def seen(self) -> list[dict]:
        with self.lock:
            return list(self.lines)

    def close(self):
        self.file.close()


class observer:
    """Asks one node after the other for its sites, all the time, and keeps what it sees."""

    def __init__(self, kept: history, node: str, page_of):
        self.kept, self.node, self.page_of = kept, node, page_of
        self.shall_stop, self.newest = threading.Event(), {}
        self.thread = threading.Thread(target=self.run)

    def __enter__(self):
        self.thread.start()
        return self

    def __exit__(self, *_):
        self.shall_stop.set()
        self.thread.join()

    def run(self):
        while not self.shall_stop.wait(ASKS_EVERY_S):
            page = self.page_of()
            if page:
                self.look(page)

    def look(self, page: str):
        began = time.monotonic()
        try:
            with urllib.request.urlopen(own(page + "/api/v1/sites"), timeout=PATIENCE_S) as answer:
                items, status = json.load(answer)["items"], answer.status
        except urllib.error.HTTPError as refusal:
            with refusal:
                items, status = [], refusal.code
        except (OSError, ValueError):
            items, status = [], 0
        self.kept.add("call", node=self.node, status=status,
                      ms=round(1000 * (time.monotonic() - began)))
        for each in items:
            self.keep(each["site"], each["plan_number"])

    def keep(self, site: str, plan: int):
        if plan > 0 and self.newest.get(site) != plan:
            self.newest[site] = plan
            self.kept.add("plan", node=self.node, site=site, plan=plan)
