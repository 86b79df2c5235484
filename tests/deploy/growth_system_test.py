"""The tree grows while vehicles charge, on a real broker (LIM-9): a station is added to the site's file,
which a running engine reads again, then another one, with which an engine is started; and a feeder
is added by API. The fleet follows each time.

BUSBAR_BINARY names the binary. All servers listen on free ports of the loopback and are stopped.
"""

import json
import os
import sys
import unittest
import urllib.error
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import kafka_demo_system_test as servers
from waiting import ANSWERS_WITHIN_S, wait_for

# Less than the 32 A that each of two vehicles may have; the fallbacks of all fit.
FEEDER, DIMMED_MA = "f-ac", 60_000
# Before all others: every station has another place in the file than before.
STATION = """
[[station]]
id = "{id}"
name = "22 kW AC"
node = "f-ac"
capability = "yard_ac_three"
fallback = {{ action = "reduce", current_a = 6, timeout_s = 15 }}
[[station.connector]]
phases = ["L1", "L2", "L3"]
max_a = 32
min_a = 6
power_w = 22000
step_a = 0.1

"""


class growth_system_test(unittest.TestCase):
    demo = servers.kafka_demo_system_test
    setUp, start, end, printed = demo.setUp, demo.start, staticmethod(demo.end), demo.printed
    start_running = demo.start_running
    ask, metric, items, site = demo.ask, demo.metric, demo.items, demo.site
    readiness, open_sessions, start_broker = demo.readiness, demo.open_sessions, demo.start_broker
    ends_cleanly = demo.ends_cleanly
    del demo

    def post(self, path: str, body: dict):
        asked = urllib.request.Request(self.page + path, json.dumps(body).encode(),
                                       {"Content-Type": "application/json"})
        with urllib.request.urlopen(asked, timeout=ANSWERS_WITHIN_S) as answer:
            self.assertEqual(answer.status, 202)

    def start_engine(self, name: str):
        self.engine, self.page = self.start_running(
            name, servers.PAGE, os.environ["BUSBAR_BINARY"], "engine", "--site", self.file,
            "--log", f"kafka://{self.address}", "--port", 0)
        wait_for("readiness", lambda: self.readiness() == 200)

    def add_station(self, station: str):
        before, first, rest = self.file.read_text().partition("[[station]]\n")
        self.file.write_text(before + STATION.format(id=station) + first + rest)

    def connectors(self) -> dict[str, dict]:
        return {each["station"]: each["connectors"][0] for each in self.items("stations?limit=100")}

    def charge_at(self, station: str):
        """A vehicle comes, and current flows."""
        wait_for(f"{station} is free", lambda: not self.connectors()[station]["is_stale"])
        self.post("/api/v1/requests", {"kind": "start", "site": "autonomous", "station": station,
                                       "driver": f"driver at {station}".replace(" ", "-")})
        wait_for(f"current at {station}", lambda: self.connectors()[station]["power_w"] > 0)

    def everything_goes_on(self, stations: int, sessions: set[str]):
        """Every station is heard in its new place, and nothing has ended, is unlimited or rests."""
        wait_for(f"{stations} stations are heard",
                 lambda: len(self.connectors()) == stations and self.site()["stale"] == 0)
        self.assertLessEqual(sessions, self.open_sessions())
        [limit] = self.constraints()
        self.assertEqual([limit["node"], limit["limit_ma"]], [FEEDER, [DIMMED_MA] * 3])
        now = self.connectors()
        for station in ("CP-001", "CP-005"):
            self.assertGreater(now[station]["power_w"], 0, station)
            self.assertGreaterEqual(now[station]["setpoint_ma"], 6_000, station)
        self.assertEqual(self.metric("busbar_sessions_completed_total"), 0)
        wait_for("every limit holds", lambda: not self.items("violations"))

    def constraints(self) -> list[dict]:
        [feeder] = self.items(f"sites/autonomous/site-constraints?node={FEEDER}")
        return feeder["constraints"]

    def sessions_under_an_order(self) -> set[str]:
        """Broker, engine and fleet; two vehicles charge on a feeder that is dimmed."""
        self.file = self.folder / "site.toml"
        self.file.write_text(servers.SITE.read_text())
        self.broker = self.start_broker("broker")
        self.start_engine("engine")
        self.fleet = self.start("fleet", os.environ["BUSBAR_BINARY"], "fleet", self.file,
                                "--drivers", 1, "--log", f"kafka://{self.address}")
        for station in ("CP-001", "CP-005"):
            self.charge_at(station)
        self.post("/api/v1/sites/autonomous/site-constraints",
                  {"node": FEEDER, "source": "demand_response", "limit_ma": DIMMED_MA})
        wait_for("the dimming", self.constraints)
        wait_for("every limit holds", lambda: not self.items("violations"))
        return self.open_sessions()

    def restart_engine(self):
        self.ends_cleanly(self.engine)
        self.start_engine("successor")

    def test_LIM_9_stations_that_are_added_while_vehicles_charge_end_no_session_and_no_order(self):
        sessions = self.sessions_under_an_order()
        self.add_station("CP-011")
        self.post("/api/v1/sites/autonomous/reload", {})
        self.everything_goes_on(11, sessions)
        self.charge_at("CP-011")
        sessions |= self.open_sessions()

        self.add_station("CP-012")
        self.restart_engine()
        self.everything_goes_on(12, sessions)
        self.charge_at("CP-012")
        self.assertLessEqual(sessions, self.open_sessions())

    def test_LIM_9_a_new_feeder_by_API_takes_stations_that_charge_and_outlives_the_engine(self):
        sessions = self.sessions_under_an_order()
        self.post("/api/site-constraints/feeder",
                  {"id": "f-new", "name": "North", "maxCurrent": 40, "breakerRating": 50,
                   "parent": "t1", "connectedStations": ["CP-005"]})
        wait_for("the new feeder", lambda: self.items("sites/autonomous/site-constraints?node=f-new"))
        [said] = wait_for("the event of the move",
                          lambda: self.items("events?kind=connector_rewired"))
        self.assertIn("hangs on f-new, not on f-ac", said["text"])
        self.assertRegex(said["text"], r"[0-9]+ mA stay reserved at f-ac for [0-9]+ s")
        self.everything_goes_on(10, sessions)

        # Two fallbacks of 6 A each.
        refusal = self.refused("/api/site-constraints/feeder",
                               {"id": "f-small", "breakerRating": 8,
                                "connectedStations": ["CP-001", "CP-005"]})
        self.assertIn("LIM-4: f-small", refusal)
        self.assertIn("fallbacks 12 A", refusal)
        self.assertIn("allows 8 A", refusal)

        wait_for("the end of the reserve", lambda: self.items("events?kind=left_behind_over"))
        self.restart_engine()
        self.everything_goes_on(10, sessions)
        self.assertTrue(self.items("sites/autonomous/site-constraints?node=f-new"))
        self.charge_at("CP-006")

    def refused(self, path: str, body: dict) -> str:
        with self.assertRaises(urllib.error.HTTPError) as refusal:
            self.post(path, body)
        with refusal.exception as answer:
            self.assertEqual(answer.code, 409)
            return json.loads(answer.read())["detail"]


if __name__ == "__main__":
    unittest.main()
