"""OCPP-11 over real sockets: operators' charging profiles are one store, whichever of both paths an order takes, over a
power cut, too.

BUSBAR_BINARY names the binary. All servers listen on free ports of the loopback and are stopped.
"""

import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from ocpp_engine import OcppEngine
from ocpp_orders_system_test import BASE, IDENTITY, PROFILE, ScriptedStation
from waiting import wait_for

STATION = "/api/v1/stations/CP-1/charging-profiles"
CHARGE_POINT = BASE + "/charging-profiles"


class profiles_test(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.engine = OcppEngine(Path(folder.name), IDENTITY, "--log", f"embedded:{folder.name}/log")
        self.addCleanup(self.engine.end)
        self.connect()

    def connect(self):
        station = ScriptedStation(self.engine.url)
        self.addCleanup(station.end)
        self.station = station

    def by_station(self) -> list:
        return self.operators(self.engine.read(STATION)["installed"])

    def by_identity(self) -> list:
        return self.operators(self.engine.read(CHARGE_POINT)["items"])

    @staticmethod
    def operators(entries: list) -> list:
        """Without fallback and grants."""
        shown = [(each["connectorId"], each["csChargingProfiles"]["chargingProfileId"]) for each in entries]
        return [each for each in shown if each[1] < 900_000]

    def order(self, method: str, path: str, body=None):
        mark = "&" if "?" in path else "?"
        status, record = self.engine.ask(method, f"{path}{mark}wait_s=20", body)
        self.assertEqual((status, record.get("state")), (200, "accepted"), record)

    def test_OCPP_11_both_paths_show_and_change_one_store(self):
        own = {"connectorId": 1, "csChargingProfiles": PROFILE}
        other = {"connectorId": 1, "csChargingProfiles": {**PROFILE, "chargingProfileId": 42, "stackLevel": 3}}
        self.order("POST", CHARGE_POINT, own)
        self.assertEqual(self.by_station(), [(1, 41)], "at once: the order is accepted when the engine keeps it")
        status, receipt = self.engine.ask("POST", STATION, other)
        self.assertEqual(status, 202, receipt)
        wait_for("the second one by identity", lambda: self.by_identity() == [(1, 41), (1, 42)])
        wait_for("the second one by station", lambda: self.by_station() == [(1, 41), (1, 42)])
        self.assertEqual(self.station.payloads("SetChargingProfile")[-1], other)
        self.engine.kill_and_start()
        self.assertEqual(self.by_station(), [(1, 41), (1, 42)])
        self.assertEqual(self.by_identity(), [(1, 41), (1, 42)], "the gateway has seen none of them accepted")
        self.connect()
        self.order("DELETE", CHARGE_POINT + "/41")
        self.assertEqual((self.by_station(), self.by_identity()), ([(1, 42)], [(1, 42)]))
        self.assertEqual(self.engine.ask("DELETE", STATION + "?id=42")[0], 202)
        wait_for("none by station", lambda: self.by_station() == [])
        wait_for("none by identity", lambda: self.by_identity() == [])

    def test_OCPP_11_what_the_station_refuses_is_kept_on_neither_path(self):
        self.station.answers["SetChargingProfile"] = {"status": "Rejected"}
        wish = {"connectorId": 1, "csChargingProfiles": PROFILE}
        status, record = self.engine.ask("POST", CHARGE_POINT + "?wait_s=20", wish)
        self.assertEqual((status, record["state"]), (200, "refused"))
        self.assertEqual(self.engine.ask("POST", STATION, wish)[0], 202)
        wait_for("the refusal", lambda: [each for each in self.engine.read("/api/v1/events?limit=500")["items"]
                                         if each["kind"] == "profile_refused"])
        self.assertEqual((self.by_station(), self.by_identity()), ([], []))

    def test_OCPP_10_the_level_of_grants_is_reserved_on_both_paths(self):
        grant = {**PROFILE, "chargingProfilePurpose": "TxProfile", "stackLevel": 99}
        for path in (STATION, CHARGE_POINT):
            status, problem = self.engine.ask("POST", path, {"connectorId": 1, "csChargingProfiles": grant})
            self.assertEqual(status, 409, problem)
            self.assertIn("are the engine's grants", problem["detail"])


if __name__ == "__main__":
    unittest.main()
