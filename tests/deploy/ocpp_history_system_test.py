"""A simulated station over a real WebSocket: its settings are brought back, certificates are installed, listed and
deleted, and what it has reported is shown: its transaction from begin to end, samples and what they come to (OCPP-11).

BUSBAR_BINARY names the binary. All servers listen on free ports of the loopback and are stopped.
"""

import os
import subprocess
import sys
import tempfile
import unittest
from datetime import datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from ocpp_engine import OcppEngine
from waiting import wait_for

IDENTITY = "wallbox-1\", settings = { HeartbeatInterval = \"45\" }, tags = \"all"
BASE = "/api/v1/chargepoints/wallbox-1/"


class history_test(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="busbar_history_")))
        cls.folder = folder
        cls.engine = OcppEngine(folder, IDENTITY)
        cls.addClassCleanup(cls.engine.end)
        cls.log = cls.enterClassContext((folder / "fleet.log").open("w"))
        cls.fleet = subprocess.Popen(
            [os.environ["BUSBAR_BINARY"], "fleet", str(folder / "yard.toml"), "--ocpp", cls.engine.url],
            stdout=cls.log, stderr=subprocess.STDOUT)
        cls.addClassCleanup(cls.end_fleet)
        wait_for("the station's settings", lambda: cls.setting("HeartbeatInterval") == "45")

    @classmethod
    def end_fleet(cls):
        cls.fleet.terminate()
        cls.fleet.wait(10)

    @classmethod
    def setting(cls, key: str):
        status, record = cls.engine.ask("GET", f"{BASE}configuration?key={key}")
        keys = (record.get("answer") or {}).get("configurationKey") if status == 200 else None
        return keys[0]["value"] if keys else None

    def order(self, method: str, path: str, body=None) -> dict:
        mark = "&" if "?" in path else "?"
        status, record = self.engine.ask(method, f"{BASE}{path}{mark}wait_s=30", body)
        self.assertEqual(status, 200, record)
        return record

    def items(self, path: str) -> list:
        return self.engine.read(BASE + path)["items"]

    def test_OCPP_11_settings_that_were_changed_come_back_and_each_key_is_told(self):
        for key, value in (("HeartbeatInterval", "600"), ("MeterValueSampleInterval", "7")):
            self.assertEqual(self.order("PUT", "configuration", {"key": key, "value": value})["state"], "accepted")
        record = self.order("POST", "configuration/reset")
        self.assertEqual((record["action"], record["state"]), ("ResetConfiguration", "accepted"), record)
        told = {each["key"]: (each["value"], each["found"], each["status"])
                for each in record["answer"]["configurationKey"]}
        self.assertEqual(told.pop("MeterValuesSampledData")[2], "Unchanged")
        self.assertEqual(told, {"HeartbeatInterval": ("45", "600", "Accepted"),
                                "MeterValueSampleInterval": ("10", "7", "Accepted")})
        self.assertEqual((self.setting("HeartbeatInterval"), self.setting("MeterValueSampleInterval")), ("45", "10"))
        self.assertEqual(self.engine.read(f"{BASE}commands/{record['id']}"), record)

    def test_OCPP_11_a_root_certificate_is_installed_listed_and_deleted(self):
        root = self.folder / "root.pem"
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
                        "-subj", "/CN=Depot Root", "-days", "30", "-keyout", str(self.folder / "root.key"),
                        "-out", str(root)], check=True, capture_output=True)
        use = {"certificateType": "ManufacturerRootCertificate"}
        self.assertEqual(self.order("GET", "certificates")["answer"], {"status": "NotFound"})
        installed = self.order("POST", "certificates", {**use, "certificate": root.read_text()})
        self.assertEqual((installed["action"], installed["state"]), ("InstallCertificate", "accepted"))
        self.assertEqual(self.order("POST", "certificates", {**use, "certificate": "none"})["state"], "refused")
        listed = self.order("GET", "certificates?type=ManufacturerRootCertificate")
        self.assertEqual((listed["request"], listed["state"]), (use, "accepted"))
        (hashes,) = listed["answer"]["certificateHashData"]
        serial = subprocess.run(["openssl", "x509", "-in", str(root), "-noout", "-serial"], check=True,
                                capture_output=True, text=True).stdout.strip().partition("=")[2]
        self.assertEqual(int(hashes["serialNumber"], 16), int(serial, 16))
        gone = self.order("DELETE", "certificates", {"certificateHashData": hashes})
        self.assertEqual((gone["action"], gone["state"]), ("DeleteCertificate", "accepted"))
        self.assertEqual(self.order("DELETE", "certificates", {"certificateHashData": hashes})["state"], "refused")

    def test_OCPP_11_a_transaction_and_its_meter_values_are_shown(self):
        begun = self.order("POST", "remote-start", {"connectorId": 1, "idTag": "TAG1"})
        self.assertEqual(begun["state"], "accepted", begun)
        wait_for("its transaction", lambda: self.items("transactions"))
        newest = self.items("transactions")[0]
        self.assertEqual((newest["idTag"], newest["state"], newest["ended_at"]), ("TAG1", "open", None))
        power = "measurand=Power.Active.Import"

        def flows():
            samples = self.items(f"meter-values?{power}&connector=1")
            return len(samples) >= 3 and samples[0]["value"] > 0 and samples
        samples = wait_for("samples of a power", flows, 90)
        self.assertEqual({each["unit"] for each in samples}, {"W"})
        self.assertEqual([each["at"] for each in samples], sorted((each["at"] for each in samples), reverse=True))
        self.order("POST", "remote-stop", {"transactionId": newest["ocpp_transaction"]})
        wait_for("its end", lambda: self.items("transactions")[0]["state"] == "ended")
        ended = self.items("transactions")[0]
        self.assertEqual((ended["ocpp_transaction"], ended["flags"], ended["reason"]),
                         (newest["ocpp_transaction"], [], "Remote"))
        self.assertGreater(ended["meter_stop_wh"], ended["meter_start_wh"])
        (row,) = self.items(f"meter-values?{power}&period=60&connector=1&limit=1")
        self.assertEqual(row["peak"], max(each["value"] for each in self.items(f"meter-values?{power}&limit=5000")))
        self.assertGreater(row["energy_wh"], 0)
        self.assertLessEqual(row["least"], row["mean"])


MANY = 600
MORE = f"""
[[station]]
id = "MANY-{{n}}"
count = {MANY}
node = "f-1"
ocpp = {{ identity = "many-{{n}}" }}
fallback = {{ action = "stop", timeout_s = 60 }}
[[station.connector]]
max_a = 32
min_a = 6
"""


class many_stations_test(unittest.TestCase):
    def setUp(self):
        folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="busbar_many_")))
        self.engine = OcppEngine(folder, "wallbox-1", more_stations=MORE)
        self.addCleanup(self.engine.end)
        log = self.enterContext((folder / "fleet.log").open("w"))
        self.fleet = subprocess.Popen(
            [os.environ["BUSBAR_BINARY"], "fleet", str(folder / "yard.toml"), "--ocpp", self.engine.url],
            stdout=log, stderr=subprocess.STDOUT)
        self.addCleanup(self.fleet.wait, 20)
        self.addCleanup(self.fleet.terminate)

    def test_OCPP_11_a_filter_that_means_600_stations_reaches_each_of_them_once(self):
        booted = "/api/v1/chargepoints?accepted=true&q=many-&limit=1"
        wait_for("all boots", lambda: self.engine.read(booted)["total"] == MANY, 120)
        status, taken = self.engine.ask("POST", "/api/v1/chargepoints/bulk/clear-cache",
                                        {"filter": {"q": "many-"}, "per_second": 200, "payload": {}})
        self.assertEqual((status, taken["stations"]), (202, MANY), taken)
        report = f"/api/v1/chargepoints/bulk/{taken['id']}?limit=5000"
        wait_for("the report", lambda: self.engine.read(report)["is_done"], 120)
        done = self.engine.read(report)
        self.assertEqual(done["counts"]["accepted"], MANY, done["counts"])
        self.assertEqual(len({each["id"] for each in done["items"]}), MANY)
        asked = sorted(each["order"]["sent_at"] for each in done["items"])
        self.assertGreaterEqual(seconds_of(asked[-1]) - seconds_of(asked[0]), 1, "200 a second")


def seconds_of(time: str) -> float:
    return datetime.fromisoformat(time.replace("Z", "+00:00")).timestamp()


if __name__ == "__main__":
    unittest.main()
