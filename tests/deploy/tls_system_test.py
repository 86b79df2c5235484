"""A real engine whose API speaks TLS: Python's ssl and curl as clients, certificates that change live."""

import http.client
import json
import os
import re
import shutil
import signal
import socket
import ssl
import stat
import subprocess
import sys
import tempfile
import threading
import unittest
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent))

from waiting import ANSWERS_WITHIN_S, wait_for

ROOT = Path(__file__).resolve().parents[2]
BUSBAR = os.environ.get("BUSBAR_BINARY", str(ROOT / "build/dev/busbar"))
SITE = str(ROOT / "examples/autonomous.toml")
PASSWORD = "Copper-bar-77"


def run(*words: str, text: str = "") -> subprocess.CompletedProcess:
    return subprocess.run([BUSBAR, *words], input=text, capture_output=True, text=True, timeout=60)


class tls_system_test(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)
        self.certificate, self.key = self.made("first", "--days", "90")
        self.lines = []

    def made(self, name: str, *more: str) -> tuple[Path, Path]:
        out = self.folder / name
        done = run("tls", "self-signed", "--host", "localhost", "--host", "127.0.0.1", "--out",
                   str(out), *more)
        self.assertEqual(done.returncode, 0, done.stderr)
        return out / "http.pem", out / "http.key"

    def start(self, *arguments: str):
        self.process = subprocess.Popen(
            [BUSBAR, "engine", "--site", SITE, "--port", "0", "--http-certificate",
             str(self.certificate), "--http-key", str(self.key), *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.reader = threading.Thread(target=lambda: self.lines.extend(self.process.stderr))
        self.reader.start()
        self.addCleanup(self.end)
        line = self.process.stdout.readline().strip()
        self.assertTrue(line.startswith("https://127.0.0.1:"), line + "".join(self.lines))
        self.port = urlsplit(line).port
        wait_for("a ready engine", lambda: self.ask("GET", "/health/ready")[0] == 200)

    def end(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)
        self.reader.join()
        self.process.stdout.close()
        self.process.stderr.close()

    def trusting(self) -> ssl.SSLContext:
        return ssl.create_default_context(cafile=str(self.certificate))

    def ask(self, method: str, path: str, body=None, **headers) -> tuple[int, str, list]:
        connection = http.client.HTTPSConnection("localhost", self.port, timeout=ANSWERS_WITHIN_S,
                                                 context=self.trusting())
        if body is not None:
            headers["Content-Type"] = "application/json"
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        return answer.status, text, answer.getheaders()

    def serial(self) -> int:
        with socket.create_connection(("localhost", self.port), timeout=ANSWERS_WITHIN_S) as plain:
            loose = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
            loose.check_hostname = False
            loose.verify_mode = ssl.CERT_NONE
            with loose.wrap_socket(plain) as secure:
                return hash(secure.getpeercert(binary_form=True))

    def log_in(self, cookie: bool) -> tuple[int, str, list]:
        # To check a password is much work, for which a loaded machine may need longer than an answer may take (504).
        return wait_for("an answer to the login", lambda: [
            answer for answer in [self.ask("POST", "/api/v1/access/login",
                                           {"name": "anna", "password": PASSWORD, "cookie": cookie})]
            if answer[0] != 504])[0]

    def metric(self, name: str, **headers) -> float:
        found = re.search(rf"^{name} (\S+)$", self.ask("GET", "/metrics", **headers)[1], re.M)
        return float(found.group(1))

    def test_tls_1_2_and_1_3_are_spoken_and_nothing_older_or_plain(self):
        self.start()
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            context = self.trusting()
            context.minimum_version = context.maximum_version = version
            with socket.create_connection(("localhost", self.port), timeout=ANSWERS_WITHIN_S) as plain:
                with context.wrap_socket(plain, server_hostname="localhost") as secure:
                    self.assertEqual(secure.version(), version.name.replace("_", "."))
                    self.assertRegex(secure.cipher()[0], "GCM|CHACHA20")
        old = subprocess.run(["openssl", "s_client", "-connect", f"localhost:{self.port}", "-tls1_1",
                              "-cipher", "ALL:@SECLEVEL=0"], input="", capture_output=True, text=True,
                             timeout=60)
        self.assertNotEqual(old.returncode, 0, old.stdout)
        wait_for("a refusal that is counted", lambda: self.metric("busbar_http_tls_failed_old_protocol_total") == 1)
        connection = http.client.HTTPConnection("localhost", self.port, timeout=ANSWERS_WITHIN_S)
        connection.request("GET", "/api/v1/sites")
        answer = connection.getresponse()
        self.assertEqual(answer.status, 400)
        self.assertIn("TLS is spoken here", answer.read().decode())
        connection.close()
        headers = dict(self.ask("GET", "/api/v1/sites")[2])
        self.assertEqual(headers["Strict-Transport-Security"], "max-age=31536000")

    def test_curl_takes_it_by_its_certificate_and_not_without(self):
        if shutil.which("curl") is None:
            self.skipTest("needs curl")
        self.start()
        words = ["curl", "-sS", f"https://localhost:{self.port}/health"]
        taken = subprocess.run([*words, "--cacert", str(self.certificate)], capture_output=True,
                               text=True, timeout=60)
        self.assertEqual(taken.returncode, 0, taken.stderr)
        self.assertIn("status", taken.stdout)
        refused = subprocess.run(words, capture_output=True, text=True, timeout=60)
        self.assertEqual(refused.returncode, 60, refused.stderr)

    def test_a_renewed_certificate_is_presented_live_and_a_broken_one_is_not(self):
        self.start()
        days = self.metric("busbar_http_certificate_expires_seconds") / 86_400
        self.assertTrue(89 < days <= 90, days)
        before = self.serial()
        self.certificate.write_text("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n")
        wait_for("a line of the file that is broken", lambda: any("stay in force" in line for line in self.lines))
        self.assertEqual(self.serial(), before)
        certificate, key = self.made("second", "--days", "20")
        shutil.copy(key, self.key)
        shutil.copy(certificate, self.certificate)
        self.process.send_signal(signal.SIGHUP)
        wait_for("the new certificate", lambda: self.serial() != before)
        self.assertLessEqual(self.metric("busbar_http_certificate_expires_seconds"), 20 * 86_400)
        wait_for("a line of its end", lambda: any(re.search("ends in (19|20) days", line) for line in self.lines))

    def test_login_cookies_are_secure_and_the_stream_runs(self):
        done = run("user", "add", "anna", "--role", "admin", "--access",
                   str(self.folder / "access"), text=PASSWORD + "\n")
        self.assertEqual(done.returncode, 0, done.stderr)
        self.start("--access", str(self.folder / "access"))
        status, text, headers = self.log_in(True)
        self.assertEqual(status, 200, text)
        cookies = [value for name, value in headers if name == "Set-Cookie"]
        self.assertEqual(len(cookies), 2)
        for cookie in cookies:
            self.assertIn("; Secure", cookie)
        connection = http.client.HTTPSConnection("localhost", self.port, timeout=ANSWERS_WITHIN_S,
                                                 context=self.trusting())
        connection.request("GET", "/api/v1/stream", headers={"Cookie": cookies[0].split(";")[0]})
        stream = connection.getresponse()
        self.assertEqual(stream.status, 200)
        self.assertEqual(stream.readline(), b"event: heartbeat\n")
        connection.close()

    def test_beyond_loopback_the_warning_is_of_plain_http_alone(self):
        done = run("user", "add", "anna", "--role", "admin", "--access",
                   str(self.folder / "access"), text=PASSWORD + "\n")
        self.assertEqual(done.returncode, 0, done.stderr)
        words = [BUSBAR, "engine", "--site", SITE, "--port", "0", "--host", "0.0.0.0", "--access",
                 str(self.folder / "access"), "--advertise", "https://localhost:1"]
        secure = ["--http-certificate", str(self.certificate), "--http-key", str(self.key)]
        for more, is_warned in (([], True), (secure, False)):
            engine = subprocess.Popen([*words, *more], stdout=subprocess.PIPE,
                                      stderr=subprocess.PIPE, text=True)
            engine.stdout.readline()
            engine.send_signal(signal.SIGTERM)
            said = engine.communicate(timeout=60)[1]
            self.assertEqual("speaks plain HTTP" in said, is_warned, said)

    def test_what_is_stated_wrong_is_named_and_nothing_listens(self):
        words = ["engine", "--site", SITE, "--port", "0"]
        alone = run(*words, "--http-certificate", str(self.certificate))
        self.assertEqual(alone.returncode, 2)
        self.assertIn("--http-certificate: needs --http-key", alone.stderr)
        self.assertEqual(run(*words, "--peer-ca", str(self.certificate)).returncode, 2)
        self.assertEqual(stat.S_IMODE(self.key.stat().st_mode), 0o600)
        wrong = run(*words, "--http-certificate", "/etc/passwd", "--http-key", str(self.key))
        self.assertEqual((wrong.returncode, wrong.stderr.split(": ")[:2]), (2, ["TLS", "/etc/passwd"]))
        self.key.chmod(0o644)
        read = run(*words, "--http-certificate", str(self.certificate), "--http-key", str(self.key))
        self.assertNotEqual(read.returncode, 0)
        self.assertIn("others may read it", read.stderr)
        again = run("tls", "self-signed", "--host", "a", "--out", str(self.folder / "first"))
        self.assertEqual(again.returncode, 2)
        self.assertIn("is there already", again.stderr)
        self.assertEqual(run("tls", "self-signed", "--host", "a b", "--out",
                             str(self.folder / "x")).returncode, 2)


if __name__ == "__main__":
    unittest.main()
