"""OCPP-11 over real sockets: a station that is asked for diagnostics or a log without a URL puts its file to the engine
itself, once, within its bound, and an operator reads it back, after a restart, too.

BUSBAR_BINARY names the binary. All servers listen on free ports of the loopback and are stopped.
"""

import http.client
import sys
import tempfile
import unittest
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent))

from ocpp_engine import OcppEngine
from ocpp_orders_system_test import BASE, IDENTITY, ScriptedStation
from waiting import ANSWERS_WITHIN_S

FILE_BYTES_MAX = 64 * 1024 * 1024


class uploads_test(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.files = Path(folder.name) / "files"
        # Its port is not known yet: a station is told a name, and this test where that is.
        self.engine = OcppEngine(Path(folder.name), IDENTITY, "--uploads", str(self.files), "--uploads-url",
                                 "http://busbar.example:8000")
        self.addCleanup(self.engine.end)
        self.station = self.connect()

    def connect(self) -> ScriptedStation:
        station = ScriptedStation(self.engine.url)
        station.answers["GetDiagnostics"] = {"fileName": "d.zip"}
        self.addCleanup(station.end)
        return station

    def put(self, url: str, body, method="PUT") -> tuple:
        place = urlsplit(url)
        self.assertEqual(place.netloc, "busbar.example:8000")
        link = http.client.HTTPConnection(urlsplit(self.engine.api).netloc, timeout=ANSWERS_WITHIN_S)
        try:
            link.request(method, place.path, body, {"Content-Type": "application/zip"})
            answer = link.getresponse()
            return answer.status, answer.read()
        finally:
            link.close()

    def ordered(self, path="get-diagnostics", body=None) -> str:
        """The URL that the station is given."""
        status, record = self.engine.ask("POST", f"{BASE}/{path}?wait_s=20", {} if body is None else body)
        self.assertEqual((status, record.get("state")), (200, "accepted"), record)
        if path == "get-log":
            return self.station.payloads("GetLog")[-1]["log"]["remoteLocation"]
        return self.station.payloads("GetDiagnostics")[-1]["location"]

    def read(self, number: int) -> bytes:
        with urllib.request.urlopen(f"{self.engine.api}{BASE}/uploads/{number}", timeout=ANSWERS_WITHIN_S) as answer:
            return answer.read()

    def test_OCPP_11_a_station_puts_its_file_once_and_an_operator_reads_it(self):
        content = bytes(range(256)) * 16_384
        url = self.ordered()
        self.assertRegex(url, r"^http://busbar\.example:8000/uploads/[0-9a-f]{64}$")
        self.assertEqual(self.put(url + "/d.zip", content)[0], 201)
        used, wrong = self.put(url, b"again"), self.put(url[:-64] + "0" * 64, b"guessed")
        self.assertEqual(used[0], 404)
        self.assertEqual(used, wrong)
        log = self.ordered("get-log", {"logType": "DiagnosticsLog"})
        self.assertEqual(self.put(log, b"lines", "POST")[0], 201)
        items = self.engine.read(BASE + "/uploads")["items"]
        self.assertEqual([(each["id"], each["action"], each["file_name"], each["bytes"]) for each in items],
                         [(2, "GetLog", None, 5), (1, "GetDiagnostics", "d.zip", len(content))])
        self.assertEqual((self.read(1), self.read(2)), (content, b"lines"))
        self.engine.kill_and_start()
        self.assertEqual(self.engine.read(BASE + "/uploads")["items"], items)
        self.assertEqual(self.read(1), content)

    def test_OCPP_11_a_file_beyond_the_bound_is_refused_and_removed_and_none_is_held_in_memory(self):
        url = self.ordered()
        before = self.resident_bytes()
        self.assertEqual(self.put(url, bytes(FILE_BYTES_MAX))[0], 201)
        self.assertEqual(len(self.read(1)), FILE_BYTES_MAX)
        # In chunks: no length is stated.
        chunks = (bytes(1_048_576) for _ in range(65))
        self.assertEqual(self.put(self.ordered(), chunks)[0], 413)
        self.assertEqual(self.put(self.ordered(), bytes(FILE_BYTES_MAX + 1))[0], 413)
        self.assertEqual(sorted(each.name for each in self.files.iterdir()), ["upload-1.bin", "upload-1.json"])
        self.assertLess(self.resident_bytes() - before, FILE_BYTES_MAX // 2)

    def resident_bytes(self) -> int:
        """Without what is mapped of files."""
        text = Path(f"/proc/{self.engine.process.pid}/status").read_text()
        return int(text.split("RssAnon:")[1].split()[0]) * 1024

    def test_OCPP_11_a_token_is_shown_to_nobody_but_its_station(self):
        token = self.ordered().rsplit("/", 1)[1]
        for path in ("/commands", "/messages"):
            self.assertNotIn(token, str(self.engine.read(BASE + path)))


if __name__ == "__main__":
    unittest.main()
