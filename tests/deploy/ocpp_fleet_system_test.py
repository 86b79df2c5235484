"""The simulated stations come by OCPP, one WebSocket each, and charge by charging profiles alone: sessions begin, a
limit is obeyed, orders by REST reach them, and a gateway that is killed and started again costs no session and bills
none twice (LIFE-1).

BUSBAR_BINARY names the binary. All servers listen on free ports of the loopback and are stopped.
"""

import json
import os
import socket
import sys
import unittest
import urllib.error
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import kafka_demo_system_test as servers
import kafka_topic
from waiting import SLACK_S, wait_for

ROOT = Path(__file__).resolve().parents[2]
SITE = ROOT / "examples" / "autonomous.toml"
# On the AC feeder, in mA: more than one vehicle takes on its smallest rate.
WORTH_LIMITING_MA = 20_000
STATIONS = 10


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class OcppFleet:
    """What both tests do: `demo` is the test of the demo over a broker, whose ways of starting and asking these are."""

    demo = servers.kafka_demo_system_test
    start, end, printed, ask, items = demo.start, staticmethod(demo.end), demo.printed, demo.ask, demo.items
    start_running = demo.start_running
    open_sessions, ends_cleanly = demo.open_sessions, demo.ends_cleanly
    del demo

    def make_folder(self):
        self.folder = Path(self.enterContext(servers.tempfile.TemporaryDirectory(prefix="busbar_ocpp_")))
        self.log_of = {}
        self.binary = os.environ["BUSBAR_BINARY"]

    def send(self, method: str, path: str, body=None) -> tuple:
        asked = urllib.request.Request(self.page + path, None if body is None else json.dumps(body).encode(),
                                       {"Content-Type": "application/json"}, method=method)
        try:
            with urllib.request.urlopen(asked, timeout=70) as answer:
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, json.load(refused)

    def start_fleet(self, url: str, *people):
        self.fleet = self.start("fleet", self.binary, "fleet", SITE, *people, "--ocpp", url)

    def charging(self) -> dict:
        """Of each open session its energy."""
        return {each["session"]: each["energy_wh"] for each in self.items("sessions?state=open&limit=100")}

    def drawn_on(self, node: str) -> int:
        """The largest line current of the node's stations, as they report it."""
        stations = {each["station"]: each for each in self.items("stations?limit=100")}
        lines = [0, 0, 0]
        for station in stations.values():
            if station["node"] != node:
                continue
            for connector in station["connectors"]:
                lines = [had + now for had, now in zip(lines, connector["drawn_ma"])]
        return max(lines)

    def a_limit_is_obeyed(self):
        drawn = wait_for("a draw worth limiting", lambda: self.drawn_on("f-ac") >= WORTH_LIMITING_MA
                         and self.drawn_on("f-ac"))
        limit = drawn * 2 // 3000 * 1000
        status, answer = self.send("POST", "/api/v1/sites/autonomous/site-constraints",
                                   {"node": "f-ac", "limit_ma": limit})
        self.assertIn(status, (200, 202), answer)
        wait_for(f"a draw within {limit} mA", lambda: 0 < self.drawn_on("f-ac") <= limit)


class one_process_system_test(OcppFleet, unittest.TestCase):
    def setUp(self):
        self.make_folder()
        self.engine = self.start("engine", self.binary, "engine", "--site", SITE, "--port", 0,
                                 "--ocpp", "127.0.0.1:0", "--ocpp-url", "https://files.example")
        self.page = self.printed("engine", r"(?m)^(http://\S+)$")
        self.url = self.printed("engine", r"(ws://\S+/ocpp)/IDENTITY")

    def points(self) -> list:
        return self.items("chargepoints?connected=true&limit=100")

    def running(self) -> list:
        return [(each["id"], at["connectorId"], at["transactionId"]) for each in self.points()
                for at in each["connectors"] if at["transactionId"] is not None]

    def final(self, method: str, path: str, body=None, state="accepted") -> dict:
        status, record = self.send(method, path + ("&" if "?" in path else "?") + "wait_s=40", body)
        self.assertEqual((status, record.get("state")), (200, state), record)
        return record

    def test_ten_stations_charge_by_profiles_alone_and_take_orders(self):
        self.start_fleet(self.url, "--drivers", "10")
        wait_for("ten stations", lambda: len(self.points()) == STATIONS)
        wait_for("sessions", lambda: len(self.open_sessions()) >= 5)
        self.a_limit_is_obeyed()
        identity, connector, number = self.running()[0]
        base = f"/api/v1/chargepoints/{identity}"
        asked = self.final("GET", f"{base}/configuration?key=NumberOfConnectors")
        self.assertEqual(asked["answer"]["configurationKey"][0]["key"], "NumberOfConnectors")
        schedule = self.final("GET", f"{base}/connectors/{connector}/composite-schedule?duration_s=600&unit=A")
        self.assertTrue(schedule["answer"]["chargingSchedule"]["chargingSchedulePeriod"])
        self.assertTrue(self.items(f"chargepoints/{identity}/charging-profiles"))
        self.final("POST", f"{base}/remote-stop", {"transactionId": number})
        wait_for("its end", lambda: (identity, connector, number) not in self.running())
        self.final("POST", f"{base}/remote-start", {"connectorId": connector, "idTag": "GUEST"})
        wait_for("a session of GUEST", lambda: [each for each in self.items("sessions?state=open&limit=100")
                                                if each["driver"] == "GUEST"])
        self.final("POST", f"{base}/reset", {"type": "Soft"})
        wait_for("its bill", lambda: [each for each in self.items("sessions?state=completed&limit=100")
                                      if each["driver"] == "GUEST"])
        wait_for("it is back", lambda: len(self.points()) == STATIONS)
        self.ends_cleanly(self.fleet)
        self.ends_cleanly(self.engine)

    def show(self, path: str) -> dict:
        return json.loads(self.ask(path))

    def progress(self, base: str, number: int) -> list:
        record = self.show(f"{base}/commands/{number}")
        return [each["status"] for each in record["progress"]] if record["done_at"] else []

    def test_OCPP_11_a_simulated_station_takes_each_order_as_a_real_one_does(self):
        self.start_fleet(self.url, "--drivers", "1")
        wait_for("ten stations", lambda: len(self.points()) == STATIONS)
        # The only driver has a station of its own by then.
        busy = wait_for("a session", self.running)[0][0]
        identity = next(each["id"] for each in self.points() if each["id"] != busy)
        base = f"/api/v1/chargepoints/{identity}"

        def status() -> str:
            return self.show(base)["connectors"][0]["status"]

        wait_for("a free connector", lambda: status() == "Available")
        one = {"connectorId": 1}
        self.final("POST", f"{base}/trigger-message", {"requestedMessage": "FirmwareStatusNotification"})
        self.final("POST", f"{base}/clear-cache", {})
        self.final("POST", f"{base}/unlock-connector", one)
        self.final("POST", f"{base}/unlock-connector", {"connectorId": 9}, "refused")
        self.final("POST", f"{base}/data-transfer", {"vendorId": "V"}, "refused")
        self.final("PUT", f"{base}/configuration", {"key": "NumberOfConnectors", "value": "9"}, "refused")
        self.final("POST", f"{base}/local-list", {"listVersion": 3, "updateType": "Full"})
        self.final("POST", f"{base}/local-list", {"listVersion": 3, "updateType": "Differential"}, "refused")
        self.assertEqual(self.final("GET", f"{base}/local-list")["answer"], {"listVersion": 3})
        self.final("POST", f"{base}/change-availability", {**one, "type": "Inoperative"})
        wait_for("it is out of service", lambda: status() == "Unavailable")
        self.final("POST", f"{base}/change-availability", {**one, "type": "Operative"})
        wait_for("it is in service", lambda: status() == "Available")
        wanted = {**one, "idTag": "GUEST", "expiryDate": "2099-01-01T00:00:00Z"}
        held = self.final("POST", f"{base}/reservations", wanted)["request"]["reservationId"]
        wait_for("it is reserved", lambda: status() == "Reserved")
        self.final("POST", f"{base}/reservations", wanted, "refused")
        self.final("POST", f"{base}/remote-start", {**one, "idTag": "OTHER"}, "refused")
        self.final("DELETE", f"{base}/reservations/{held}")
        self.final("DELETE", f"{base}/reservations/{held}", state="refused")
        files = "https://files.example/"
        log = self.final("POST", f"{base}/get-log", {"log": {"remoteLocation": files}, "logType": "SecurityLog"})
        wait_for("the log", lambda: self.progress(base, log["id"]) == ["Uploading", "Uploaded"])
        diagnostics = self.final("POST", f"{base}/get-diagnostics", {"location": files})
        wait_for("diagnostics", lambda: self.progress(base, diagnostics["id"]) == ["Uploading", "Uploaded"])
        before = self.show(base)["firmware"]
        update = self.final("POST", f"{base}/update-firmware",
                            {"location": files, "retrieveDate": "2026-01-01T00:00:00Z"})
        wait_for("new firmware", lambda: self.progress(base, update["id"]) == [
            "Downloading", "Downloaded", "Installing", "Installed"])
        self.assertNotEqual(self.show(base)["firmware"], before)
        begins = self.final("POST", f"{base}/remote-start", {**one, "idTag": "GUEST"})
        wait_for("a transaction", lambda: self.progress(base, begins["id"]))
        self.final("POST", f"{base}/change-availability", {**one, "type": "Inoperative"})
        number = self.show(base)["connectors"][0]["transactionId"]
        self.assertIsNotNone(number, "what charges goes on")
        self.final("POST", f"{base}/remote-stop", {"transactionId": number})
        wait_for("it is out of service", lambda: status() == "Unavailable")
        self.firmware_goes_to_all_of_them()
        self.ends_cleanly(self.fleet)
        self.ends_cleanly(self.engine)

    def firmware_goes_to_all_of_them(self):
        before = {each["id"]: each["firmware"] for each in self.points()}
        status, receipt = self.send("POST", "/api/v1/chargepoints/bulk/update-firmware", {
            "site": "autonomous", "filter": {"connected": True}, "per_second": 5,
            "payload": {"location": "https://files.example/f", "retrieveDate": "2026-01-01T00:00:00Z"}})
        self.assertEqual((status, receipt["stations"]), (202, STATIONS), receipt)
        report = f"/api/v1/chargepoints/bulk/{receipt['id']}"
        wait_for("its end", lambda: self.show(report)["is_done"])
        self.assertEqual(self.show(report)["counts"]["accepted"], STATIONS)
        sent = sorted(each["order"]["sent_at"] for each in self.show(report)["items"])
        self.assertNotEqual(sent[0][:19], sent[-1][:19], "5 a second")
        # The one that charges installs it afterwards.
        wait_for("new firmware", lambda: sum(each["order"]["done_at"] is not None
                                             for each in self.show(report)["items"]) >= STATIONS - 1)
        changed = [each["id"] for each in self.points() if each["firmware"] != before[each["id"]]]
        self.assertGreaterEqual(len(changed), STATIONS - 1)

    def test_the_demo_of_OCPP_1_completes_sessions(self):
        self.ends_cleanly(self.engine)
        port = free_port()
        os.environ["OCPP_PORT"] = str(free_port())
        self.addCleanup(os.environ.pop, "OCPP_PORT")
        demo = self.start("demo", ROOT / "deploy" / "ocpp" / "demo.sh", self.binary, port)
        self.page = self.printed("demo", r"(?m)^(http://127\.0\.0\.1:\d+)$")
        wait_for("ten stations", lambda: len(self.points()) == STATIONS)
        wait_for("bills", lambda: len(self.items("sessions?state=completed&limit=100")) >= 5)
        demo.terminate()
        self.assertEqual(demo.wait(timeout=servers.ENDS_WITHIN_S + SLACK_S), 0)
        wait_for("no process left", lambda: not servers.processes_of(demo.pid))


class killed_gateway_system_test(OcppFleet, unittest.TestCase):
    facts, start_broker = servers.kafka_demo_system_test.facts, servers.kafka_demo_system_test.start_broker

    def setUp(self):
        servers.skip_without_servers()
        if kafka_topic.library() is None:
            self.skipTest("needs librdkafka (Debian package librdkafka1)")
        self.make_folder()

    def start_gateway(self, name: str):
        self.gateway, _ = self.start_running(name, r"(ws://\S+/ocpp)/", self.binary, "gateway", SITE, "--log",
                                             self.log, "--listen", f"127.0.0.1:{self.port}")

    def stop_sessions(self):
        for each in self.items("sessions?state=open&limit=100"):
            status, answer = self.send("POST", "/api/v1/requests", {
                "driver": each["driver"], "kind": "stop", "station": each["station"], "session": each["session"]})
            self.assertEqual(status, 202, answer)

    def test_LIFE_1_a_killed_gateway_costs_no_session_and_bills_none_twice(self):
        self.start_broker("broker")
        self.log, self.port = f"kafka://{self.address}", free_port()
        self.engine, self.page = self.start_running(
            "engine", servers.PAGE, self.binary, "engine", "--site", SITE, "--log", self.log, "--port", 0,
            "--sessions-per-driver", 10)
        self.start_gateway("gateway")
        self.start_fleet(f"ws://127.0.0.1:{self.port}/ocpp", "--drivers", "10")
        wait_for("sessions", lambda: len(self.open_sessions()) >= 5)
        before = wait_for("sessions that have charged",
                          lambda: {each: wh for each, wh in self.charging().items() if wh > 0})
        self.gateway.kill()
        self.gateway.wait()
        self.start_gateway("gateway_again")
        wait_for("energy on all of them",
                 lambda: all(self.charging().get(each, 0) > wh for each, wh in before.items()))
        self.a_limit_is_obeyed()
        self.stop_sessions()
        wait_for("their ends", lambda: not set(before) & self.open_sessions())
        told = wait_for("their bills", lambda: self.bills_of(before))
        self.assertEqual({each: dict(facts) for each, facts in told.items()
                          if facts["ACCEPTED"] != 1 or facts["COMPLETED"] > 1}, {})

    def bills_of(self, sessions):
        told = self.facts()
        return told if all(told[each]["COMPLETED"] for each in sessions) else None


if __name__ == "__main__":
    unittest.main()
