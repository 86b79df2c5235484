"""One engine without Kafka, its log kept in a folder (`--log embedded:FOLDER`): what was promised outlives kill -9
(KEEP-1), a folder serves one process, and a torn end is reported.

BUSBAR_BINARY names the binary. All servers listen on free ports of the loopback and are stopped.
"""

import os
import random
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import kept_journal
import log_records
from field_station import FieldStation, instant, limit_of
from ocpp_engine import OcppEngine
from waiting import wait_for

IDENTITY = "box-1"
KILLS = 4
# Each a start and a stop, and a kill right after either.
ROUNDS = 8
# In each of them.
USED_WH = 100


class kept_log_system_test(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="busbar_kept_")))
        self.kept = self.folder / "log"
        self.engine = OcppEngine(self.folder, IDENTITY, "--log", f"embedded:{self.kept}")
        self.addCleanup(self.engine.end)
        self.station = FieldStation(self.engine.url, IDENTITY)
        self.addCleanup(self.station.end)
        self.station.connect()

    def start(self, meter_wh: int) -> int:
        return self.station.call("StartTransaction", {
            "connectorId": 1, "idTag": "TAG1", "meterStart": meter_wh, "timestamp": instant()})[2]["transactionId"]

    def measure(self, number: int, register_wh: int):
        sample = {"value": str(register_wh), "measurand": "Energy.Active.Import.Register", "unit": "Wh"}
        current = {"value": "6", "measurand": "Current.Import", "unit": "A"}
        self.station.call("MeterValues", {"connectorId": 1, "transactionId": number, "meterValue": [
            {"timestamp": instant(), "sampledValue": [sample, current]}]})

    def stop(self, number: int, meter_wh: int):
        self.station.call("StopTransaction", {"transactionId": number, "meterStop": meter_wh, "timestamp": instant()})

    def of_state(self, state: str) -> list:
        return [each for each in self.engine.sessions() if each["state"] == state]

    def billed_wh(self) -> list:
        """What the log says that sessions were billed, in the order in which they ended."""
        facts = [log_records.fact_of(each) for each in kept_journal.records_of(self.kept, "busbar.sessions.v1")
                 if not log_records.is_mark(each)]
        bills = {each.session: each.energy_wh for each in facts if each.kind in ("COMPLETED", "SETTLED")}
        return list(bills.values())

    def test_KEEP_1_sessions_orders_and_bills_outlive_kills(self):
        number = self.start(1000)
        session = wait_for("its session", lambda: self.of_state("open"))[0]["session"]
        self.engine.post("/api/v1/sites/yard/site-constraints", {"node": "f-1", "limit_ma": 10000})
        for kill in range(1, KILLS + 1):
            self.engine.kill_and_start()
            # All that the killed process has sent is in by now: what follows is of the new one.
            grants = len(self.station.grants())
            self.station.connect(boot=False)
            self.measure(number, 1000 + kill)
            open_now = wait_for("its session after a kill", lambda: self.of_state("open"))
            self.assertEqual([each["session"] for each in open_now], [session])
            wait_for("a grant of the new process", lambda: len(self.station.grants()) > grants)
            self.assertLessEqual(limit_of(self.station.grants()[-1])[2], 10, "the operator's limit is in force")
        self.stop(number, 1000 + KILLS)
        bill = wait_for("its bill", lambda: self.of_state("completed"))
        self.assertEqual([(each["session"], each["energy_wh"]) for each in bill], [(session, KILLS)])
        self.engine.kill_and_start()
        wait_for("the engine", lambda: self.engine.read("/health/ready"))
        self.assertEqual(self.of_state("open"), [])

    def stop_as(self, way: int, number: int, meter_wh: int):
        """By itself, as a driver here wants it, or with a RemoteStop that it has accepted already."""
        stops = len(self.station.called("RemoteStopTransaction"))
        if way > 0:
            session = self.of_state("open")[0]
            self.engine.post("/api/v1/requests", {"kind": "stop", "site": "yard", "station": "CP-1", "driver": "TAG1",
                                                  "session": session["session"]})
            wait_for("its RemoteStop", lambda: len(self.station.called("RemoteStopTransaction")) > stops)
        self.stop(number, meter_wh)

    def kill_soon(self, draw: random.Random):
        """Within 30 ms after what was acknowledged last; the station comes back."""
        threading.Event().wait(draw.choice([0, 0, draw.uniform(0, 0.03)]))
        self.engine.kill_and_start()
        wait_for("the engine", lambda: self.engine.read("/health/ready"))
        self.station.connect()

    def test_KEEP_1_what_is_acknowledged_outlives_a_kill_right_after_it(self):
        seed = int.from_bytes(os.urandom(4), "big")
        draw = random.Random(seed)
        register, numbers = 1000, []
        for kill in range(ROUNDS):
            numbers.append(self.start(register))
            self.kill_soon(draw)
            # A start that is lost has no session. Every other stop comes before there can be one, every fourth is
            # one that a driver here has asked for.
            if kill % 2 == 0:
                wait_for(f"the session of start {kill}, seed {seed}", lambda: self.of_state("open"))
            register += USED_WH
            self.stop_as(kill % 4 // 2 if kill % 2 == 0 else 0, numbers[-1], register)
            self.kill_soon(draw)
            # A stop that is lost leaves its session open, or ends it without its register after a boot.
            wait_for(f"the bill of stop {kill}, seed {seed}", lambda: len(self.billed_wh()) > kill)
            self.assertEqual(self.billed_wh(), [USED_WH] * (kill + 1), f"stop {kill}, seed {seed}")
        self.assertEqual(len(set(numbers)), ROUNDS, f"seed {seed}")

    def test_OCPP_7_a_session_that_is_not_resumed_after_a_boot_ends_by_its_last_register(self):
        number = self.start(1000)
        wait_for("its session", lambda: self.of_state("open"))
        self.measure(number, 1001)
        self.station.link.end()
        self.station.connect()
        self.station.call("StatusNotification", {"connectorId": 1, "errorCode": "NoError", "status": "Preparing"})
        bill = wait_for("its bill", lambda: self.of_state("completed"))
        self.assertEqual([(each["energy_wh"], each["why"]) for each in bill], [(1, "not resumed after a boot")])

    def test_a_folder_serves_one_process(self):
        second = subprocess.run([*self.engine.command, "--port", "0"], capture_output=True, text=True, timeout=60)
        self.assertEqual(second.returncode, 2, second.stderr)
        self.assertIn(f"{self.kept}: another process keeps its log in this folder", second.stderr)

    def test_a_torn_end_is_cut_off_and_reported(self):
        self.start(1000)
        wait_for("its session", lambda: self.of_state("open"))
        self.engine.process.kill()
        self.engine.process.wait()
        journal = self.kept / "journal"
        journal.write_bytes(journal.read_bytes()[:-3])
        self.engine.kill_and_start()
        self.assertIn("bytes at its end are torn: cut off, and kept in", self.engine.log.read_text())
        wait_for("its session", lambda: self.of_state("open"))


if __name__ == "__main__":
    unittest.main()
