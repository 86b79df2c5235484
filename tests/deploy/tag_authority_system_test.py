"""An operator's service decides about the tags of a real engine's station, is away for a while, and is back; and a
station that refuses its fallback for the station, amperes and high levels gets what it takes.

BUSBAR_BINARY names the binary. All servers listen on free ports of the loopback and are stopped.
"""

import json
import sys
import tempfile
import threading
import unittest
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from field_station import FieldStation, instant, limit_of
from ocpp_engine import OcppEngine
from waiting import wait_for

IDENTITY = "wallbox-1\", tags = \"external\", tags_offline = \"refuse"


class Authority:
    """Knows `words` of tags; `is_away`: it answers 503."""

    def __init__(self):
        self.words, self.asked, self.is_away = {}, [], False
        authority = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                authority.asked.append(asked)
                said = json.dumps(authority.words.get(asked["idTag"], {"status": "Invalid"})).encode()
                self.send_response(503 if authority.is_away else 200)
                self.send_header("Content-Length", str(len(said)))
                self.end_headers()
                self.wfile.write(said)

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}/tags"

    def end(self):
        self.server.shutdown()
        self.server.server_close()


class tag_authority_test(unittest.TestCase):
    def begin(self, identity: str, *options: str) -> FieldStation:
        folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="busbar_tags_")))
        self.engine = OcppEngine(folder, identity, *options)
        self.addCleanup(self.engine.end)
        self.station = FieldStation(self.engine.url, "wallbox-1")
        return self.station

    def word(self, tag: str) -> dict:
        return self.station.call("Authorize", {"idTag": tag})[2]["idTagInfo"]

    def test_an_operators_service_decides_and_the_stations_rule_counts_while_it_is_away(self):
        authority = Authority()
        self.addCleanup(authority.end)
        authority.words = {"ANNA": {"status": "Accepted", "expiryDate": "2037-01-01T00:00:00Z", "parentIdTag": "FLEET"},
                           "BOB": {"status": "Blocked"}, "CARL": {"status": "Accepted"}}
        self.begin(IDENTITY, "--ocpp-authority", authority.url).connect()
        self.assertEqual(self.word("ANNA"), {"status": "Accepted", "expiryDate": "2037-01-01T00:00:00Z",
                                             "parentIdTag": "FLEET"})
        self.assertEqual(authority.asked[0], {"idTag": "ANNA", "chargePoint": "wallbox-1", "site": "yard",
                                              "station": "CP-1", "connectorId": None})
        self.assertEqual(self.word("BOB")["status"], "Blocked")
        begun = self.station.call("StartTransaction", {"connectorId": 1, "idTag": "ANNA", "meterStart": 100,
                                                       "timestamp": instant()})[2]
        self.assertEqual(begun["idTagInfo"]["status"], "Accepted")
        self.assertEqual([each["idTag"] for each in authority.asked], ["ANNA", "BOB"], "a ruling is asked for once")
        wait_for("its session", lambda: [each for each in self.engine.sessions() if each["driver"] == "ANNA"])
        authority.is_away = True
        self.assertEqual(self.word("CARL")["status"], "Invalid", "tags_offline = refuse")
        self.assertEqual(self.word("ANNA")["status"], "Accepted", "its ruling stands until it expires")
        authority.is_away = False
        self.assertEqual(self.word("CARL")["status"], "Accepted")
        metrics = self.engine.read("/metrics")
        self.assertIn("busbar_ocpp_tag_rulings_failed_total 1", metrics)

    def test_OCPP_9_a_station_that_refuses_a_form_gets_the_next(self):
        station = self.begin("wallbox-1")

        def takes(payload):
            profile = payload["csChargingProfiles"]
            if profile["chargingProfilePurpose"] == "TxDefaultProfile":
                return payload["connectorId"] == 1
            return limit_of(payload)[:2] == (0, "W")
        plain = station.answer
        station.answer = lambda action, payload: (
            [3, {"status": "Accepted" if takes(payload) else "Rejected"}] if action == "SetChargingProfile"
            else plain(action, payload))
        station.connect()
        fallbacks = wait_for("a fallback that is taken", lambda: [
            payload for _, action, payload in station.calls
            if action == "SetChargingProfile" and takes(payload)])
        self.assertEqual(fallbacks[0]["csChargingProfiles"]["chargingProfilePurpose"], "TxDefaultProfile")
        station.call("StatusNotification", {"connectorId": 1, "status": "Charging", "errorCode": "NoError"})
        station.call("StartTransaction", {"connectorId": 1, "idTag": "ANNA", "meterStart": 100,
                                          "timestamp": instant()})
        wait_for("a grant that is taken", lambda: [each for each in station.grants() if takes_grant(each)])


def takes_grant(payload: dict) -> bool:
    return limit_of(payload)[:2] == (0, "W")


if __name__ == "__main__":
    unittest.main()
