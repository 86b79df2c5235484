"""OCPP-11 over real sockets: a scripted station is given every order by REST. Each is accepted, refused and failed as
the station answers; orders that it does not answer time out, what was not sent is taken back or times out by its
deadline, and what waits for an absent station goes out when it comes.

BUSBAR_BINARY names the binary. All servers listen on free ports of the loopback and are stopped.
"""

import json
import sys
import tempfile
import threading
import time
import unittest
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from ocpp_engine import OcppEngine
from raw_socket import RawSocket
from waiting import wait_for

IDENTITY = "wallbox-1"
BASE = f"/api/v1/chargepoints/{IDENTITY}"
FILES = "https://files.example"
LATER = "2099-01-01T00:00:00Z"
SOON = "2026-01-01T00:00:00Z"
OK, NO = {"status": "Accepted"}, {"status": "Rejected"}
PROFILE = {"chargingProfileId": 41, "stackLevel": 2, "chargingProfileKind": "Relative",
           "chargingProfilePurpose": "TxDefaultProfile",
           "chargingSchedule": {"chargingRateUnit": "A", "chargingSchedulePeriod": [{"startPeriod": 0, "limit": 8}]}}
LOG = {"log": {"remoteLocation": FILES + "/logs"}, "logType": "SecurityLog"}
FIRMWARE = {"location": FILES + "/firmware.bin", "retrieveDate": SOON}

# Method, path, body, action, an answer that accepts and one that refuses; None: it has no way to refuse.
ORDERS = [
    ("POST", "remote-start", {"connectorId": 1, "idTag": "TAG1"}, "RemoteStartTransaction", OK, NO),
    ("POST", "remote-stop", {"transactionId": 7}, "RemoteStopTransaction", OK, NO),
    ("POST", "unlock-connector", {"connectorId": 1}, "UnlockConnector", {"status": "Unlocked"},
     {"status": "UnlockFailed"}),
    ("POST", "reset", {"type": "Soft"}, "Reset", OK, NO),
    ("POST", "change-availability", {"connectorId": 1, "type": "Inoperative"}, "ChangeAvailability",
     {"status": "Scheduled"}, NO),
    ("POST", "trigger-message", {"requestedMessage": "Heartbeat"}, "TriggerMessage", OK, {"status": "NotImplemented"}),
    ("POST", "clear-cache", {}, "ClearCache", OK, NO),
    ("POST", "data-transfer", {"vendorId": "V", "data": "1"}, "DataTransfer", OK, {"status": "UnknownVendorId"}),
    ("POST", "get-diagnostics", {"location": FILES + "/diagnostics"}, "GetDiagnostics", {"fileName": "d.zip"}, None),
    ("POST", "get-log", LOG, "GetLog", {"status": "AcceptedCanceled", "filename": "l.txt"}, NO),
    ("POST", "update-firmware", FIRMWARE, "UpdateFirmware", {}, None),
    ("POST", "update-firmware", {**FIRMWARE, "signingCertificate": "C", "signature": "S"}, "SignedUpdateFirmware", OK,
     {"status": "InvalidCertificate"}),
    ("POST", "reservations", {"connectorId": 1, "expiryDate": LATER, "idTag": "TAG1"}, "ReserveNow", OK,
     {"status": "Occupied"}),
    ("DELETE", "reservations/12", None, "CancelReservation", OK, NO),
    ("GET", "local-list", None, "GetLocalListVersion", {"listVersion": 3}, None),
    ("POST", "local-list", {"listVersion": 4, "updateType": "Full"}, "SendLocalList", OK, {"status": "VersionMismatch"}),
    ("GET", "configuration?key=K", None, "GetConfiguration", {"unknownKey": ["K"]}, None),
    ("PUT", "configuration", {"key": "K", "value": "1"}, "ChangeConfiguration", {"status": "RebootRequired"},
     {"status": "NotSupported"}),
    ("POST", "charging-profiles", {"connectorId": 1, "csChargingProfiles": PROFILE}, "SetChargingProfile", OK, NO),
    ("DELETE", "charging-profiles/41", None, "ClearChargingProfile", OK, {"status": "Unknown"}),
    ("DELETE", "charging-profiles?connector=1&purpose=TxProfile&stack_level=0", None, "ClearChargingProfile", OK,
     {"status": "Unknown"}),
    ("GET", "connectors/1/composite-schedule?duration_s=600", None, "GetCompositeSchedule", OK, NO),
]


class ScriptedStation:
    """Answers each CALL as `answers` has it by its action: a payload, a text (a CALLERROR's code), or None: not at
    all. All that is not listed is accepted."""

    def __init__(self, url: str):
        self.answers = {"GetConfiguration": {}}
        self.calls, self.replies, self.ids = [], {}, 0
        self.link = RawSocket(f"{url}/{IDENTITY}")
        self.link.socket.settimeout(None)
        self.reader = threading.Thread(target=self.listen, daemon=True)
        self.reader.start()
        self.call("BootNotification", chargePointVendor="V", chargePointModel="M")
        wait_for("the last step of its onboarding",
                 lambda: [each for each in self.payloads("TriggerMessage")
                          if each["requestedMessage"] == "MeterValues"])

    def listen(self):
        try:
            while True:
                opcode, payload = self.link.read()
                if opcode == 1:
                    self.take(json.loads(payload))
        except (OSError, ValueError):
            pass

    def take(self, frame: list):
        if frame[0] != 2:
            self.replies[frame[1]] = frame
            return
        self.calls.append((frame[2], frame[3]))
        answer = self.answers.get(frame[2], OK)
        if isinstance(answer, str):
            self.link.send(json.dumps([4, frame[1], answer, "not here", {}]).encode())
        elif answer is not None:
            self.link.send(json.dumps([3, frame[1], answer]).encode())

    def call(self, action: str, **payload) -> dict:
        self.ids += 1
        name = f"s{self.ids}"
        self.link.send(json.dumps([2, name, action, payload]).encode())
        frame = wait_for(f"an answer to {action}", lambda: self.replies.get(name))
        if frame[0] != 3:
            raise AssertionError(f"{action}: {frame}")
        return frame[2]

    def payloads(self, action: str) -> list:
        return [payload for name, payload in self.calls if name == action]

    def end(self):
        try:
            self.link.socket.shutdown(2)
        except OSError:
            pass
        self.link.end()
        self.reader.join()


class OrdersCase:
    options = ("--ocpp-url", FILES)

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.engine = OcppEngine(Path(folder.name), IDENTITY, *self.options)
        self.addCleanup(self.engine.end)

    def connect(self) -> ScriptedStation:
        station = ScriptedStation(self.engine.url)
        self.addCleanup(station.end)
        return station

    def order(self, method: str, path: str, body=None, terms="") -> tuple:
        mark = "&" if "?" in path else "?"
        return self.engine.ask(method, f"{BASE}/{path}" + (mark + terms if terms else ""), body)

    def pending(self, path: str, body: dict, terms="") -> int:
        status, receipt = self.order("POST", path, body, terms)
        self.assertEqual((status, receipt.get("state")), (202, "pending"), receipt)
        self.assertEqual(set(receipt), {"id", "state"})
        return receipt["id"]

    def record(self, number: int) -> dict:
        return self.engine.read(f"{BASE}/commands/{number}")

    def becomes(self, number: int, state: str) -> dict:
        wait_for(f"order {number} to be {state}", lambda: self.record(number)["state"] == state)
        return self.record(number)


class orders_test(OrdersCase, unittest.TestCase):
    def test_OCPP_11_every_order_is_accepted_refused_and_failed_as_the_station_answers(self):
        station = self.connect()
        for method, path, body, action, accepts, refuses in ORDERS:
            outcomes = [("accepted", accepts), ("failed", "NotSupported")]
            outcomes += [("refused", refuses)] if refuses else []
            for state, answer in outcomes:
                with self.subTest(path=path, action=action, state=state):
                    station.answers[action] = answer
                    before = len(station.payloads(action))
                    status, record = self.order(method, path, body, "wait_s=20")
                    self.assertEqual((status, record.get("state")), (200, state), record)
                    self.assertEqual(record["action"], action)
                    self.assertEqual(station.payloads(action)[before:], [record["request"]])
                    self.assertEqual(record["answer"], None if state == "failed" else answer)
                    self.assertEqual(record["error"], {"code": "NotSupported", "description": "not here"}
                                     if state == "failed" else None)
                    self.assertLessEqual(record["asked_at"], record["sent_at"])
                    self.assertLessEqual(record["sent_at"], record["ended_at"])
                    self.assertEqual(self.record(record["id"]), record)

    def test_OCPP_11_what_is_not_answered_times_out_and_what_is_not_sent_is_taken_back(self):
        station = self.connect()
        station.answers["UnlockConnector"] = None
        deaf = self.pending("unlock-connector", {"connectorId": 1})
        self.becomes(deaf, "sent")
        behind = self.pending("reset", {"type": "Soft"})
        late = self.pending("clear-cache", {}, "deadline_s=2")
        self.assertEqual(self.record(behind)["state"], "pending")
        status, cancelled = self.engine.ask("DELETE", f"{BASE}/commands/{behind}")
        self.assertEqual((status, cancelled["state"]), (200, "cancelled"))
        self.assertEqual(self.engine.ask("DELETE", f"{BASE}/commands/{deaf}")[0], 409, "it was sent")
        over = self.becomes(late, "timed_out")
        self.assertEqual(over["error"]["code"], "DeadlineOver")
        self.assertIsNone(over["sent_at"])
        held = time.monotonic()
        status, receipt = self.order("POST", "clear-cache", {}, "wait_s=2")
        self.assertEqual((status, receipt["state"]), (202, "pending"))
        self.assertGreaterEqual(time.monotonic() - held, 1.5)
        self.assertEqual(self.becomes(deaf, "timed_out")["error"]["code"], "Timeout")
        self.becomes(receipt["id"], "accepted")
        self.assertEqual(station.payloads("Reset"), [])
        self.assertEqual(len(station.payloads("ClearCache")), 1)

    def test_OCPP_11_a_hundred_requests_under_one_key_are_one_order(self):
        station = self.connect()

        def send(_):
            asked = urllib.request.Request(
                f"{self.engine.api}{BASE}/unlock-connector?wait_s=20", b'{"connectorId": 1}',
                {"Content-Type": "application/json", "Idempotency-Key": "once"}, method="POST")
            with urllib.request.urlopen(asked, timeout=90) as answer:
                return answer.status, json.load(answer)["id"]

        with ThreadPoolExecutor(100) as clients:
            answers = set(clients.map(send, range(100)))
        self.assertEqual(len(answers), 1, answers)
        self.assertEqual(answers.pop()[0], 200)
        self.assertEqual(len(station.payloads("UnlockConnector")), 1)

    def test_OCPP_11_an_order_for_an_absent_station_fails_or_waits_as_it_asks(self):
        self.assertEqual(self.order("POST", "reset", {"type": "Soft"})[0], 409)
        self.assertEqual(self.order("POST", "reset", {"type": "Soft"}, "absent=fail")[0], 409)
        waits = self.pending("clear-cache", {}, "absent=wait")
        over = self.pending("reset", {"type": "Soft"}, "absent=wait&deadline_s=1")
        back = self.pending("reset", {"type": "Hard"}, "absent=wait")
        self.assertEqual(self.engine.ask("DELETE", f"{BASE}/commands/{back}")[1]["state"], "cancelled")
        self.becomes(over, "timed_out")
        self.assertEqual(self.record(waits)["state"], "pending")
        self.assertIsNotNone(self.record(waits)["deadline"])
        station = self.connect()
        self.becomes(waits, "accepted")
        self.assertEqual((station.payloads("ClearCache"), station.payloads("Reset")), ([{}], []))

    def test_OCPP_11_an_order_that_waits_outlives_a_connection_that_ends_before_it_was_sent(self):
        station = self.connect()
        station.answers["UnlockConnector"] = None
        sent = self.pending("unlock-connector", {"connectorId": 1}, "absent=wait")
        self.becomes(sent, "sent")
        queued = self.pending("clear-cache", {}, "absent=wait")
        fails = self.pending("reset", {"type": "Soft"})
        station.end()
        self.assertEqual(self.becomes(sent, "failed")["error"]["code"], "ConnectionLost")
        self.becomes(fails, "failed")
        self.assertEqual(self.record(queued)["state"], "pending")
        self.connect()
        self.becomes(queued, "accepted")

    def test_OCPP_11_firmware_logs_and_transactions_are_followed_to_their_end(self):
        station = self.connect()
        station.answers.update(UpdateFirmware={}, GetDiagnostics={})
        firmware = self.order("POST", "update-firmware", FIRMWARE, "wait_s=20")[1]["id"]
        log = self.order("POST", "get-log", {**LOG, "requestId": 5}, "wait_s=20")[1]["id"]
        diagnostics = self.order("POST", "get-diagnostics", {"location": FILES}, "wait_s=20")[1]["id"]
        for status in ("Downloading", "Downloaded", "Installing"):
            station.call("FirmwareStatusNotification", status=status)
        station.call("LogStatusNotification", status="UploadFailure", requestId=5)
        station.call("DiagnosticsStatusNotification", status="Uploaded")
        self.assertIsNone(self.record(firmware)["done_at"])
        station.call("FirmwareStatusNotification", status="Installed")
        done = self.record(firmware)
        self.assertEqual([each["status"] for each in done["progress"]],
                         ["Downloading", "Downloaded", "Installing", "Installed"])
        self.assertEqual(done["done_at"], done["progress"][-1]["at"])
        self.assertEqual([each["status"] for each in self.record(log)["progress"]], ["UploadFailure"])
        self.assertIsNotNone(self.record(diagnostics)["done_at"])
        begins = self.order("POST", "remote-start", {"idTag": "TAG1"}, "wait_s=20")[1]
        self.assertIsNone(begins["done_at"])
        number = station.call("StartTransaction", connectorId=1, idTag="TAG1", meterStart=0,
                              timestamp=SOON)["transactionId"]
        self.assertEqual(self.record(begins["id"])["progress"][0]["transactionId"], number)
        ends = self.order("POST", "remote-stop", {"transactionId": number}, "wait_s=20")[1]
        station.call("StopTransaction", transactionId=number, meterStop=1, timestamp=SOON)
        self.assertIsNotNone(self.record(ends["id"])["done_at"])

    def test_OCPP_11_stations_are_given_listed_URLs_alone(self):
        station = self.connect()
        for url in ("http://files.example/f", "https://other.example/f", "https://127.0.0.1/f", "https://localhost/f",
                    "http://169.254.169.254/latest", self.engine.api + "/"):
            for path, body, pointer in (
                    ("get-diagnostics", {"location": url}, "/location"),
                    ("update-firmware", {**FIRMWARE, "location": url}, "/location"),
                    ("get-log", {**LOG, "log": {"remoteLocation": url}}, "/log/remoteLocation")):
                status, problem = self.order("POST", path, body)
                self.assertEqual((status, problem["errors"][0]["pointer"]), (422, pointer), problem)
                self.assertIn(FILES, problem["errors"][0]["detail"])
        self.assertEqual(station.payloads("GetDiagnostics") + station.payloads("UpdateFirmware"), [])

    def test_a_vendor_that_is_not_known_here_is_answered_UnknownVendorId(self):
        station = self.connect()
        for more in ({}, {"messageId": "M"}, {"messageId": "M", "data": "{}"}):
            self.assertEqual(station.call("DataTransfer", vendorId="V", **more), {"status": "UnknownVendorId"})

    def test_frames_of_a_station_are_shown_in_both_directions_without_secrets(self):
        station = self.connect()
        secret = "00112233445566778899"
        self.order("PUT", "configuration", {"key": "AuthorizationKey", "value": secret}, "wait_s=20")
        self.assertEqual(station.payloads("ChangeConfiguration")[-1]["value"], secret)
        for _ in range(110):
            station.call("Heartbeat")
        text = json.dumps([self.engine.read(BASE + "/messages?limit=500"),
                           self.engine.read(BASE + "/commands")])
        self.assertNotIn(secret, text)
        self.assertIn("***", json.dumps(self.engine.read(BASE + "/commands")))
        frames = self.engine.read(BASE + "/messages?limit=500")
        self.assertEqual(frames["total"], 200)
        self.assertEqual([each["from"] for each in frames["items"][:2]], ["gateway", "station"])
        self.assertEqual(frames["items"][1]["frame"][2], "Heartbeat")


class without_a_list_test(OrdersCase, unittest.TestCase):
    options = ()

    def test_OCPP_11_no_URL_is_given_to_a_station_where_none_is_listed(self):
        status, problem = self.order("POST", "get-diagnostics", {"location": FILES}, "absent=wait")
        self.assertEqual(status, 422)
        self.assertIn("allowed is none (--ocpp-url)", problem["errors"][0]["detail"])


if __name__ == "__main__":
    unittest.main()
