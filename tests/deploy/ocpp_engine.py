"""A real engine on free ports of the loopback with one station of OCPP, and how its API is asked."""

import json
import os
import re
import signal
import subprocess
import urllib.error
import urllib.request
from pathlib import Path

from waiting import ANSWERS_WITHIN_S, PATIENCE_S, wait_for

SITE = """
[site]
id = "yard"
stale_after_s = 30
lease_s = 60

[[node]]
id = "service"
name = "Service"
kind = "service"
limits = [{{ source = "rating", a = 63 }}]

[[node]]
id = "f-1"
kind = "feeder"
parent = "service"
limits = [{{ source = "breaker", a = 40 }}]

[[station]]
id = "CP-1"
node = "f-1"
ocpp = {{ identity = "{identity}"{more} }}
fallback = {{ action = "reduce", current_a = 6, timeout_s = 60 }}
[[station.connector]]
max_a = 32
min_a = 6
"""


class OcppEngine:
    """`options` go to `busbar engine`; `profile` is the station's security profile; `more_stations` are tables of the
    site's file."""

    def __init__(self, folder: Path, identity: str, *options: str, profile: int | None = None,
                 more_stations: str = ""):
        more = "" if profile is None else f", profile = {profile}"
        site = folder / "yard.toml"
        site.write_text(SITE.format(identity=identity, more=more) + more_stations)
        self.log = folder / "engine.log"
        self.command = [os.environ["BUSBAR_BINARY"], "engine", "--site", str(site), *options]
        self.start(0, "127.0.0.1:0")

    def start(self, port: int, ocpp: str):
        self.process = subprocess.Popen([*self.command, "--port", str(port), "--ocpp", ocpp],
                                        stdout=self.log.open("w"), stderr=subprocess.STDOUT)
        self.api = self.found(r"^(http://\S+)$")
        self.url = self.found(r"(ws://\S+/ocpp)/IDENTITY")

    def kill_and_start(self):
        """As after a power cut (SIGKILL); it listens where it did."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        port = int(self.api.rsplit(":", 1)[1].strip("/"))
        self.start(port, self.url.removeprefix("ws://").removesuffix("/ocpp"))

    def found(self, pattern: str) -> str:
        def find():
            hit = re.search(pattern, self.log.read_text(), re.M)
            return hit and hit.group(1)
        return wait_for(f"{pattern} in the engine's output", find)

    def read(self, path: str):
        with urllib.request.urlopen(self.api + path, timeout=ANSWERS_WITHIN_S) as answer:
            text = answer.read().decode()
        return json.loads(text) if text[:1] in "[{" else text

    def post(self, path: str, body: dict):
        return self.ask("POST", path, body)[1]

    def ask(self, method: str, path: str, body=None) -> tuple:
        """Status and body, whatever the status is."""
        asked = urllib.request.Request(self.api + path, None if body is None else
                                       json.dumps(body).encode(),
                                       {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(asked, timeout=70) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, json.load(refused)

    def sessions(self) -> list:
        return self.read("/api/v1/sessions?site=yard")["items"]

    def end(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait(PATIENCE_S)
