"""Stations of other makers connect to a real engine over real WebSockets: they boot, charge under
control, and their sessions are billed once.

BUSBAR_BINARY names the binary. All servers listen on free ports of the loopback and are stopped.
"""

import datetime
import json
import signal
import subprocess
import sys
import tempfile
import threading
import unittest
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
sys.path.insert(0, str(Path(__file__).resolve().parent / "ocpp_peers"))

import packages
from ocpp_engine import OcppEngine
from raw_socket import RawSocket
from waiting import wait_for

IDENTITY = "wall box 1"


def now() -> str:
    return datetime.datetime.now(datetime.timezone.utc).isoformat(timespec="milliseconds") \
        .replace("+00:00", "Z")


class Peer:
    """A station of another maker, driven by lines of JSON."""

    def __init__(self, command, url: str, identity: str):
        self.process = subprocess.Popen([*command, url, identity], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.said, self.errors, self.ids = [], [], 0
        threading.Thread(target=self.listen, daemon=True).start()
        threading.Thread(target=self.listen_errors, daemon=True).start()

    def listen(self):
        for line in self.process.stdout:
            self.said.append(json.loads(line))

    def listen_errors(self):
        self.errors += self.process.stderr

    def first(self, what: str, holds):
        try:
            return wait_for(what, lambda: next((each for each in self.said if holds(each)), None))
        except AssertionError as failure:
            raise AssertionError(f"{failure}; said {self.said[-8:]}, {self.errors[-5:]}") from None

    def connected(self):
        return self.first("a connection", lambda each: "connected" in each)["connected"]

    def order(self, **what):
        self.process.stdin.write(json.dumps(what) + "\n")
        self.process.stdin.flush()

    def answers(self, action: str, payload: dict):
        """What CALLs of that action are answered, once this returns."""
        known = sum(each.get("answers") == action for each in self.said)
        self.order(answer=action, payload=payload)
        wait_for(f"its answer to {action}",
                 lambda: sum(each.get("answers") == action for each in self.said) > known)

    def was_called(self, action: str, payload: dict):
        """What it says of a CALL may be read after the answer to that has come round."""
        self.first(f"{action} with {payload}",
                   lambda each: each.get("called") == action and each["payload"] == payload)

    def call(self, action: str, **payload) -> dict:
        self.ids += 1
        number = self.ids
        self.order(call=action, payload=payload, id=number)
        answer = self.first(f"an answer to {action}", lambda each: each.get("id") == number)
        if "error" in answer:
            raise AssertionError(f"{action}: {answer['error']}")
        return answer["result"]

    def calls(self, action: str) -> list:
        return [each["payload"] for each in self.said if each.get("called") == action]

    def limits(self) -> list:
        """Of the grants, in their order."""
        profiles = [each["csChargingProfiles"] for each in self.calls("SetChargingProfile")]
        return [each["chargingSchedule"]["chargingSchedulePeriod"][0]["limit"] for each in profiles
                if each["chargingProfilePurpose"] == "TxProfile"]

    def boot(self) -> dict:
        return self.call("BootNotification", chargePointVendor="V", chargePointModel="M")

    def status(self, status: str):
        self.call("StatusNotification", connectorId=1, errorCode="NoError", status=status)

    def start(self, tag="TAG1", meter=1000) -> int:
        return self.call("StartTransaction", connectorId=1, idTag=tag, meterStart=meter,
                         timestamp=now())["transactionId"]

    def measure(self, number: int, amperes: float, register: int):
        samples = [{"value": str(amperes), "measurand": "Current.Import", "unit": "A",
                    "phase": phase} for phase in ("L1", "L2", "L3")]
        samples.append({"value": str(register), "measurand": "Energy.Active.Import.Register",
                        "unit": "Wh"})
        self.call("MeterValues", connectorId=1, transactionId=number,
                  meterValue=[{"timestamp": now(), "sampledValue": samples}])

    def stop(self, number: int, meter: int) -> dict:
        return self.call("StopTransaction", transactionId=number, meterStop=meter,
                         timestamp=now())

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        for pipe in (self.process.stdin, self.process.stdout, self.process.stderr):
            pipe.close()


class GatewayCase:
    """What every peer shows; `peer_command` installs and names it."""

    def setUp(self):
        command, why = self.peer_command()
        if why:
            print(f"SKIPPED, NOT SHOWN: {self.id()}: {why}", file=sys.stderr)
            self.skipTest(why)
        self.command = command
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.engine = OcppEngine(Path(folder.name), IDENTITY)
        self.addCleanup(self.engine.end)

    def connect(self, identity: str = IDENTITY) -> Peer:
        encoded = identity if self.encodes_itself else urllib.request.quote(identity)
        peer = Peer(self.command, self.engine.url, encoded)
        self.addCleanup(peer.end)
        return peer

    def serve(self) -> Peer:
        peer = self.connect()
        self.assertEqual(peer.connected(), "ocpp1.6")
        self.assertEqual(peer.boot()["status"], "Accepted")
        peer.status("Available")
        peer.first("the fallback", lambda each: each.get("called") == "SetChargingProfile")
        return peer

    def test_a_session_is_controlled_and_billed_once(self):
        peer = self.serve()
        fallback = peer.calls("SetChargingProfile")[0]  # `serve` has waited for it
        self.assertEqual(fallback["connectorId"], 0)
        self.assertEqual(fallback["csChargingProfiles"]["chargingProfilePurpose"],
                         "TxDefaultProfile")
        self.assertEqual(peer.call("Authorize", idTag="TAG1")["idTagInfo"]["status"], "Accepted")
        peer.status("Preparing")
        number = peer.start()
        peer.status("Charging")
        peer.measure(number, 6, 1001)
        peer.first("a grant of 32 A", lambda _: 32 in peer.limits())
        peer.measure(number, 32, 1004)
        self.engine.post("/api/v1/sites/yard/site-constraints", {"node": "f-1", "limit_ma": 12000})
        peer.first("a grant of at most 12 A", lambda _: peer.limits()[-1] <= 12)
        peer.measure(number, 12, 1007)
        wait_for("the session's energy", lambda: self.engine.sessions()[0]["energy_wh"] >= 7)
        # No more than 32 A on three lines give in these seconds: else it is kept apart (LIFE-1).
        self.assertEqual(peer.stop(number, 1009), {})
        peer.status("Available")
        wait_for("its bill", self.bill)
        self.assertEqual(self.bill()["energy_wh"], 9, self.engine.sessions())

    def ordered(self, method: str, path: str, body=None, state="accepted") -> dict:
        """The record of an order that has become final."""
        place = f"/api/v1/chargepoints/{urllib.request.quote(IDENTITY)}/{path}"
        held = place + ("&" if "?" in path else "?") + "wait_s=30"
        status, record = self.engine.ask(method, held, body)
        self.assertEqual((status, record.get("state")), (200, state), record)
        return record

    def test_OCPP_11_orders_by_REST_reach_the_station_and_are_tracked(self):
        peer = self.serve()
        base = f"/api/v1/chargepoints/{urllib.request.quote(IDENTITY)}"
        self.ordered("POST", "remote-start", {"connectorId": 1, "idTag": "TAG1"})
        peer.was_called("RemoteStartTransaction", {"connectorId": 1, "idTag": "TAG1"})
        number = peer.start()
        wait_for("its session", lambda: [each for each in self.engine.sessions()
                                         if each["driver"] == "TAG1"])
        asked = self.ordered("GET", "configuration?key=ChargeProfileMaxStackLevel")
        self.assertEqual(asked["answer"]["configurationKey"][0]["value"], "5")
        peer.was_called("GetConfiguration", {"key": ["ChargeProfileMaxStackLevel"]})
        peer.answers("ChangeConfiguration", {"status": "NotSupported"})
        self.ordered("PUT", "configuration", {"key": "K", "value": "1"}, state="refused")
        profile = {"chargingProfileId": 41, "stackLevel": 2, "chargingProfileKind": "Relative",
                   "chargingProfilePurpose": "TxDefaultProfile", "chargingSchedule": {
                       "chargingRateUnit": "A",
                       "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 8}]}}
        self.ordered("POST", "charging-profiles", {"connectorId": 1, "csChargingProfiles": profile})
        kept = self.engine.read(base + "/charging-profiles")["items"]
        self.assertIn((1, 41), [(each["connectorId"], each["csChargingProfiles"]["chargingProfileId"])
                                for each in kept])
        grant = {**profile, "chargingProfilePurpose": "TxProfile", "stackLevel": 5}
        self.assertEqual(self.engine.ask("POST", base + "/charging-profiles", {
            "connectorId": 1, "csChargingProfiles": grant})[0], 409)
        self.ordered("DELETE", "charging-profiles/41")
        self.ordered("GET", "connectors/1/composite-schedule?duration_s=600&unit=A")
        peer.was_called("GetCompositeSchedule", {"connectorId": 1, "duration": 600, "chargingRateUnit": "A"})
        self.ordered("POST", "remote-stop", {"transactionId": number})
        peer.stop(number, 1000)
        wait_for("its bill", self.bill)
        for path, body in (("unlock-connector", {"connectorId": 1}), ("reset", {"type": "Soft"}),
                           ("change-availability", {"connectorId": 1, "type": "Operative"}),
                           ("trigger-message", {"requestedMessage": "Heartbeat"}),
                           ("clear-cache", {}), ("data-transfer", {"vendorId": "V"})):
            self.ordered("POST", path, body)
        newest = self.engine.read(base + "/commands?limit=1")["items"][0]
        self.assertEqual((newest["action"], newest["request"]), ("DataTransfer", {"vendorId": "V"}))
        self.assertEqual(self.engine.read(f"{base}/commands/{newest['id']}"), newest)
        peer.end()
        wait_for("its end", lambda: not self.engine.read(base)["connected"])
        self.assertEqual(self.engine.ask("POST", base + "/reset", {"type": "Soft"})[0], 409)

    def bill(self):
        # A request that was denied at first, before there was a reading, stands in the list, too.
        ended = [each for each in self.engine.sessions() if each["state"] == "completed"]
        return ended[0] if ended else None


class sockets_test(unittest.TestCase):
    """What every socket is held to, whoever is at its other end."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.engine = OcppEngine(Path(folder.name), IDENTITY)
        self.addCleanup(self.engine.end)
        self.station = f"{self.engine.url}/{urllib.request.quote(IDENTITY)}"

    def open(self, url=None, **what) -> RawSocket:
        made = RawSocket(url or self.station, **what)
        self.addCleanup(made.end)
        return made

    def test_the_best_subprotocol_is_echoed_and_none_ends_the_connection(self):
        several = self.open(protocols="ocpp2.0.1, ocpp1.6")
        self.assertEqual((several.status, several.headers["sec-websocket-protocol"]),
                         (101, "ocpp1.6"))
        several.end()
        none = self.open(protocols="ocpp2.0.1")
        self.assertEqual(none.status, 101)
        self.assertNotIn("sec-websocket-protocol", none.headers)
        self.assertEqual(none.close_code(), 1002)

    def test_OCPP_4_an_unknown_station_is_refused_in_one_form(self):
        answers = set()
        for path in ("nobody", "CP-1", "a/b", "%zz"):
            refused = self.open(f"{self.engine.url}/{path}")
            answers.add((refused.status, refused.rest()))
        self.assertEqual(len(answers), 1, answers)
        self.assertEqual(next(iter(answers))[0], 401)

    def test_a_head_or_a_frame_that_is_too_large_is_refused_before_it_is_buffered(self):
        self.assertEqual(self.open(headers=["X-Long: " + "x" * 9000]).status, 431)
        long = self.open()
        long.send(b"[2,", length=65537)
        self.assertEqual(long.close_code(), 1009)

    def test_OCPP_2_a_second_connection_is_refused_while_the_first_one_answers(self):
        first = self.open()
        self.assertEqual(first.boot()[2]["status"], "Accepted")
        threading.Thread(target=first.answer_pings, daemon=True).start()
        self.assertEqual(self.open().status, 409)

    def test_OCPP_2_a_station_whose_first_connection_is_silent_is_let_in(self):
        first = self.open()
        self.assertEqual(first.boot()[2]["status"], "Accepted")
        second = self.open()
        self.assertEqual(second.status, 101)
        self.assertEqual(second.call("h", "Heartbeat", {})[0], 3)

    def test_OCPP_6_nothing_is_asked_before_the_boot(self):
        station = self.open()
        station.socket.settimeout(4)
        self.assertRaises(TimeoutError, station.read)
        station.socket.settimeout(30)
        self.assertEqual(station.call("a", "Heartbeat", {})[2], "SecurityError")
        self.assertEqual(station.boot()[2]["status"], "Accepted")

    def test_two_calls_at_once_are_served_in_their_order(self):
        station = self.open()
        station.send(json.dumps([2, "a1", "BootNotification", {
            "chargePointVendor": "V", "chargePointModel": "M"}]).encode())
        station.send(json.dumps([2, "a2", "StatusNotification", {
            "connectorId": 1, "errorCode": "NoError", "status": "Available"}]).encode())
        answers = []
        while len(answers) < 2:
            frame = json.loads(station.read()[1])
            answers += [frame[1]] if frame[0] == 3 else []
        self.assertEqual(answers, ["a1", "a2"])

    def test_a_payload_of_null_is_empty_and_an_unknown_action_is_not_implemented(self):
        station = self.open()
        station.boot()
        self.assertIn("currentTime", station.answer_to('[2,"n1","Heartbeat",null]', "n1")[2])
        self.assertEqual(station.call("n2", "Dance", {})[2], "NotImplemented")
        self.assertEqual(station.call("n3", "Heartbeat", {})[0], 3)

    def test_an_orderly_stop_closes_with_1012(self):
        station = self.open()
        station.boot()
        self.engine.process.send_signal(signal.SIGTERM)
        self.assertEqual(station.close_code(), 1012)


class python_station_test(GatewayCase, unittest.TestCase):
    encodes_itself = False

    @staticmethod
    def peer_command():
        return packages.python_peer()


class node_station_test(GatewayCase, unittest.TestCase):
    encodes_itself = True

    @staticmethod
    def peer_command():
        return packages.node_peer()


if __name__ == "__main__":
    unittest.main()
