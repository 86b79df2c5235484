"""The history of an engine on a disk (`--store`): after kills at any moment every session of the log stands in it once,
with the same energy; a folder that is lost leaves control unmoved; a copy of it is restored.

BUSBAR_BINARY names the binary; BUSBAR_SEED the moments of the kills. All servers listen on free ports of the loopback
and are stopped.
"""

import csv
import io
import os
import random
import shutil
import subprocess
import sys
import tempfile
import threading
import unittest
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import kept_journal
import log_records
from field_station import FieldStation, instant
from ocpp_engine import OcppEngine
from waiting import wait_for

IDENTITY = "box-1"
ROUNDS = 8
ALL_TIME = "from=2000-01-01T00:00:00Z"
# How long an engine may take with a write that was asked for: kills fall before, in and after it.
WRITTEN_WITHIN_S = 1.5


class store_system_test(unittest.TestCase):
    def setUp(self):
        self.folder = Path(self.enterContext(tempfile.TemporaryDirectory(prefix="busbar_store_")))
        self.log, self.store = self.folder / "log", self.folder / "history"
        self.seed = int(os.environ.get("BUSBAR_SEED") or int.from_bytes(os.urandom(4), "big"))
        self.engine = OcppEngine(self.folder, IDENTITY, "--log", f"embedded:{self.log}", "--store", str(self.store))
        self.addCleanup(self.engine.end)
        self.station = FieldStation(self.engine.url, IDENTITY)
        self.addCleanup(self.station.end)
        self.station.connect()
        self.register = 1000

    def run_session(self, used_wh: int):
        number = self.station.call("StartTransaction", {
            "connectorId": 1, "idTag": "TAG1", "meterStart": self.register, "timestamp": instant()})[2]["transactionId"]
        open_now = wait_for("its session", lambda: [each for each in self.engine.sessions() if each["state"] == "open"])
        self.register += used_wh
        self.station.call("StopTransaction", {"transactionId": number, "meterStop": self.register,
                                              "timestamp": instant()})
        wait_for("its end", lambda: not [each for each in self.engine.sessions() if each["state"] == "open"])
        return open_now[0]["session"]

    def bills_of_the_log(self) -> dict:
        facts = [log_records.fact_of(each) for each in kept_journal.records_of(self.log, "busbar.sessions.v1")
                 if not log_records.is_mark(each)]
        return {each.session: each.energy_wh for each in facts if each.kind in ("COMPLETED", "SETTLED")}

    def history(self, query: str = "") -> list:
        """All pages of it, each of two sessions."""
        items, after = [], "0"
        while after is not None:
            page = self.engine.read(f"/api/v1/sessions?{ALL_TIME}&state=completed&limit=2&after={after}{query}")
            items += page["items"]
            after = page["next"]
        return items

    def bills_of_the_history(self) -> list:
        return sorted((each["session"], each["energy_wh"]) for each in self.history())

    def wait_for_the_log(self, when: str):
        wanted = sorted(self.bills_of_the_log().items())
        wait_for(f"{len(wanted)} sessions in the history {when}, seed {self.seed}",
                 lambda: self.bills_of_the_history() == wanted)

    def check_of(self, name: str) -> dict:
        return next((each for each in self.engine.read("/health")["checks"] if each["name"] == name), {})

    def kill_and_start(self):
        self.engine.kill_and_start()
        wait_for("the engine", lambda: self.engine.read("/health/ready"))
        self.station.connect()

    def test_after_kills_at_any_moment_every_session_of_the_log_stands_once(self):
        draw = random.Random(self.seed)
        for kill in range(ROUNDS):
            self.run_session(100 + kill)
            threading.Event().wait(draw.choice([0, draw.uniform(0, 0.05), draw.uniform(0, WRITTEN_WITHIN_S)]))
            self.kill_and_start()
            self.wait_for_the_log(f"after kill {kill}")
        # What is remembered without a time has those of before the kills, too.
        shown = {each["session"]: each["energy_wh"] for each in self.engine.sessions() if each["state"] == "completed"}
        self.assertEqual(shown, self.bills_of_the_log())
        self.assertEqual(len(shown), ROUNDS)
        self.assertEqual(self.engine.read("/api/v1/store")["missed"], 0)
        checked = subprocess.run([os.environ["BUSBAR_BINARY"], "store", "check", "--store", str(self.store)],
                                 capture_output=True, text=True, timeout=60)
        self.assertEqual((checked.returncode, checked.stdout), (0, f"{self.store}: whole\n"), checked.stderr)

    def test_sessions_are_listed_by_time_and_connector_and_as_a_table(self):
        session = self.run_session(100)
        self.wait_for_the_log("at once")
        self.assertEqual([each["session"] for each in self.history("&connector=CP-1-1")], [session])
        self.assertEqual(self.history("&connector=CP-9-1"), [])
        self.assertEqual(self.engine.read("/api/v1/sessions?to=2001-01-01T00:00:00Z")["items"], [])
        with urllib.request.urlopen(f"{self.engine.api}/api/v1/sessions?format=csv", timeout=10) as answer:
            rows = list(csv.DictReader(io.StringIO(answer.read().decode())))
        self.assertEqual([(each["session"], each["energy_wh"]) for each in rows], [(session, "100")])
        events = self.engine.read(f"/api/v1/events?{ALL_TIME}&limit=5000")
        self.assertTrue(events["items"])
        self.assertEqual(len({each["number"] for each in events["items"]}), len(events["items"]))

    def test_a_folder_that_is_gone_leaves_control_unmoved_and_comes_back(self):
        self.run_session(100)
        self.wait_for_the_log("before")
        away = self.folder / "away"
        self.store.rename(away)
        wait_for("the loss", lambda: self.check_of("store").get("is_passing") is False)
        self.assertEqual(self.engine.read("/health/ready")["status"], "degraded")
        self.assertEqual(self.engine.read("/api/v1/store")["state"], "lost")
        self.assertEqual(self.engine.ask("GET", f"/api/v1/sessions?{ALL_TIME}")[0], 503)
        session = self.run_session(200)
        self.assertIn(session, [each["session"] for each in self.engine.sessions()], "from memory")
        away.rename(self.store)
        wait_for("the history again", lambda: self.engine.read("/api/v1/store")["state"] == "kept")
        self.wait_for_the_log("afterwards")
        kinds = {each["kind"] for each in self.engine.read("/api/v1/events?limit=5000")["items"]}
        self.assertLessEqual({"store_lost", "store_back"}, kinds)

    def test_a_file_that_is_overwritten_or_deleted_is_said_and_filled_from_the_log(self):
        self.run_session(100)
        self.wait_for_the_log("before")
        with (self.store / "history.db").open("r+b") as file:
            file.write(b"x" * 8192)
        wait_for("what was set aside", lambda: list(self.store.glob("history.db.damaged-*")))
        self.wait_for_the_log("after garbage")
        (self.store / "history.db").unlink()
        wait_for("a new file", (self.store / "history.db").exists)
        self.run_session(200)
        self.wait_for_the_log("after it was deleted")
        self.assertEqual(len(self.history()), 2)

    def test_a_copy_made_beside_the_engine_is_restored_into_an_empty_folder(self):
        self.run_session(100)
        self.wait_for_the_log("before")
        copy = self.folder / "copy.db"
        made = subprocess.run([os.environ["BUSBAR_BINARY"], "store", "backup", "--store", str(self.store), str(copy)],
                              capture_output=True, text=True, timeout=60)
        self.assertEqual(made.returncode, 0, made.stderr)
        self.assertEqual(copy.stat().st_mode & 0o077, 0, "for its owner alone")
        self.run_session(200)
        self.engine.process.kill()
        self.engine.process.wait()
        shutil.rmtree(self.store)
        self.store.mkdir()
        shutil.copy(copy, self.store / "history.db")
        self.kill_and_start()
        self.wait_for_the_log("after it was restored")
        self.assertEqual(len(self.history()), 2)

    def test_a_folder_serves_one_process(self):
        own = f"embedded:{self.log}"
        command = ["embedded" if each == own else each for each in self.engine.command]
        second = subprocess.run([*command, "--port", "0"], capture_output=True, text=True, timeout=30)
        self.assertEqual(second.returncode, 2, second.stderr)
        self.assertIn(f"--store: {self.store}: another process keeps its history in this folder "
                      f"(process {self.engine.process.pid})", second.stderr)


if __name__ == "__main__":
    unittest.main()
