"""OCPP-3 against a real engine: while stations are put off, one that is absent keeps its reserve, and it comes back
before those that have no session.

BUSBAR_BINARY names the binary. All servers listen on free ports of the loopback and are stopped.
"""

import datetime
import json
import sys
import tempfile
import threading
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import ocpp_engine
from raw_socket import RawSocket
from waiting import wait_for

LIMIT_A = 40
FALLBACK_A = 6
# More than the engine needs to find a station's readings stale (30 s), less than the lease of its grant (60 s).
ABSENT_S = 40
STATION = """
[[station]]
id = "{id}"
node = "f-1"
ocpp = {{{{ identity = "{id}" }}}}
fallback = {{{{ action = "reduce", current_a = 6, timeout_s = 60 }}}}
[[station.connector]]
max_a = 32
min_a = 6
"""


def now() -> str:
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")


class Station:
    """Charges at what it is granted; what it is asked is accepted, on a thread of its own."""

    def __init__(self, url: str, identity: str):
        self.socket = RawSocket(f"{url}/{identity}", timeout_s=60)
        self.status = self.socket.status
        self.limit, self.grants, self.answers, self.number = FALLBACK_A, [], {}, None
        self.has_ended = threading.Event()

    def serve(self):
        threading.Thread(target=self.answer, daemon=True).start()
        threading.Thread(target=self.report, daemon=True).start()

    def charge(self):
        self.serve()
        self.call("BootNotification", chargePointVendor="V", chargePointModel="M")
        self.call("StatusNotification", connectorId=1, errorCode="NoError", status="Preparing")
        self.number = self.call("StartTransaction", connectorId=1, idTag="T", meterStart=1000,
                                timestamp=now())["transactionId"]

    def call(self, action: str, **payload) -> dict:
        self.socket.send(json.dumps([2, action, action, payload]).encode())
        return wait_for(f"an answer to {action}", lambda: self.answers.pop(action, None))

    def answer(self):
        try:
            while True:
                opcode, payload = self.socket.read()
                frame = json.loads(payload) if opcode == 1 else [0]
                if frame[0] == 3:
                    self.answers[frame[1]] = frame[2] or {"empty": True}
                if frame[0] != 2:
                    continue
                self.socket.send(json.dumps([3, frame[1], {"status": "Accepted"}]).encode())
                profile = frame[3].get("csChargingProfiles", {})
                if profile.get("chargingProfilePurpose") == "TxProfile":
                    self.limit = profile["chargingSchedule"]["chargingSchedulePeriod"][0]["limit"]
                    self.grants.append((time.monotonic(), self.limit))
        except (OSError, ValueError):
            self.has_ended.set()

    def report(self):
        register = 1000
        while not self.has_ended.wait(1):
            register += 1
            samples = [{"value": str(self.limit), "measurand": "Current.Import", "unit": "A", "phase": phase}
                       for phase in ("L1", "L2", "L3")]
            values = {"connectorId": 1, "transactionId": self.number,
                      "meterValue": [{"timestamp": now(), "sampledValue": [*samples, {"value": str(register)}]}]}
            if self.number is None:
                continue
            try:
                self.socket.send(json.dumps([2, f"m{register}", "MeterValues", values]).encode())
            except OSError:
                return

    def cut(self):
        self.has_ended.set()
        self.socket.socket.shutdown(2)


class ocpp_storm(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        site = ocpp_engine.SITE
        ocpp_engine.SITE = site + STATION.format(id="CP-2") + STATION.format(id="CP-3")
        try:
            self.engine = ocpp_engine.OcppEngine(Path(folder.name), "CP-1", "--ocpp-handshakes", "1")
        finally:
            ocpp_engine.SITE = site
        self.addCleanup(self.engine.end)

    def connect(self, identity: str) -> Station:
        made = Station(self.engine.url, identity)
        self.addCleanup(made.socket.end)
        return made

    def put_off(self, identity: str) -> Station:
        """A connection that is answered 503: those before it have taken what turns there were."""
        for _ in range(20):
            station = self.connect(identity)
            if station.status == 503:
                return station
            station.cut()
        self.fail("no connection was put off")

    def test_OCPP_3_an_absent_station_keeps_its_reserve_and_comes_back_first(self):
        first, second = self.connect("CP-1"), self.connect("CP-2")
        first.charge()
        second.charge()
        wait_for("both share the feeder", lambda: min(first.limit, second.limit) > 15 and
                 first.limit + second.limit <= LIMIT_A)
        held, cut_at = first.limit, time.monotonic()
        first.cut()
        later = self.put_off("CP-3")
        self.assertGreaterEqual(int(later.socket.headers["retry-after"]), 1)
        wait_for("an absence", lambda: time.monotonic() > cut_at + ABSENT_S)
        self.put_off("CP-3")
        back = self.connect("CP-1")
        self.assertEqual(back.status, 101, "it has a session")
        granted = [limit for at, limit in second.grants if at > cut_at]
        self.assertLessEqual(max(granted, default=second.limit), LIMIT_A - held)
        # The second station has wished for more all the time: it gets it once the first one's session has ended.
        back.serve()
        back.call("StopTransaction", transactionId=first.number, meterStop=1100, timestamp=now())
        wait_for("what was kept for the other", lambda: second.limit > LIMIT_A - held)


if __name__ == "__main__":
    unittest.main()
