"""Stations come to a real engine under TLS (security profiles 2 and 3): Python's own TLS as a peer, and the simulated
stations with a client certificate. Certificates that change on the disk are taken while connections go on.

BUSBAR_BINARY names the binary, the openssl program makes the certificates. All servers listen on free ports of the
loopback and are stopped.
"""

import base64
import os
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent))

from ocpp_engine import OcppEngine
from raw_socket import RawSocket
from waiting import ANSWERS_WITHIN_S, wait_for

IDENTITY = "CP-1"


class Authority:
    """Issues certificates into `folder`."""

    def __init__(self, folder: Path, name: str):
        self.folder, self.name = folder, name
        self.file = folder / f"{name}-ca.pem"
        self.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
                     "-subj", f"/CN={name} authority", "-keyout", folder / f"{name}-ca.key", "-out", self.file)

    @staticmethod
    def openssl(*arguments):
        subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)

    def issue(self, name: str, alternatives: str, file: str, days: int = 300) -> tuple:
        """(certificate, key), both replaced as a whole."""
        certificate, key = self.folder / f"{file}.pem", self.folder / f"{file}.key"
        request, extensions = self.folder / "request", self.folder / "extensions"
        extensions.write_text(f"subjectAltName={alternatives}\n")
        self.openssl("req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-subj",
                     f"/CN={name}", "-keyout", f"{key}.new", "-out", request)
        self.openssl("x509", "-req", "-in", request, "-CA", self.file, "-CAkey", self.folder / f"{self.name}-ca.key",
                     "-CAcreateserial", "-days", days, "-extfile", extensions, "-out", f"{certificate}.new")
        os.replace(f"{key}.new", key)
        os.replace(f"{certificate}.new", certificate)
        return certificate, key


class SecureStations(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.central = Authority(self.folder, "central")
        self.stations = Authority(self.folder, "stations")
        self.own = self.central.issue("central", "IP:127.0.0.1,DNS:localhost", "own")

    def start(self, profile: int):
        keys = self.folder / "keys"
        made = subprocess.run([os.environ["BUSBAR_BINARY"], "ocpp", "key", "set", IDENTITY, "--file", str(keys)],
                              check=True, capture_output=True, text=True)
        self.key = made.stdout.split()[-1]
        self.engine = OcppEngine(self.folder, IDENTITY, "--ocpp-tls", "127.0.0.1:0", "--ocpp-certificate", self.own[0],
                                 "--ocpp-key", self.own[1], "--ocpp-ca", self.stations.file, "--ocpp-keys", str(keys),
                                 profile=profile)
        self.addCleanup(self.engine.end)
        self.url = self.engine.found(r"(wss://\S+/ocpp)/IDENTITY")

    def basic(self) -> list:
        return ["Authorization: Basic " + base64.b64encode(f"{IDENTITY}:{self.key}".encode()).decode()]

    def context(self, own: tuple | None = None) -> ssl.SSLContext:
        made = ssl.create_default_context(cafile=self.central.file)
        if own:
            made.load_cert_chain(*own)
        return made

    def connect(self, url: str | None = None, **wanted) -> RawSocket:
        made = RawSocket((url or self.url) + "/" + IDENTITY, timeout_s=ANSWERS_WITHIN_S, **wanted)
        self.addCleanup(made.end)
        return made

    def metric(self, name: str) -> float:
        lines = self.engine.read("/metrics").splitlines()
        return next(float(line.split()[1]) for line in lines if line.startswith(f"busbar_ocpp_{name} "))

    def presented(self) -> str:
        """The number of the certificate that a new connection sees."""
        place = urlsplit(self.url)
        with socket.create_connection((place.hostname, place.port), ANSWERS_WITHIN_S) as plain, \
                self.context().wrap_socket(plain, server_hostname=place.hostname) as under_tls:
            return under_tls.getpeercert()["serialNumber"]

    def test_a_station_of_profile_2_boots_and_its_session_is_billed(self):
        self.start(2)
        self.assertEqual(self.connect(tls=self.context()).status, 401)
        self.assertEqual(self.connect(self.engine.url, headers=self.basic()).status, 401, "without TLS")
        station = self.connect(tls=self.context(), headers=self.basic())
        self.assertEqual(station.status, 101)
        self.assertEqual(station.boot()[2]["status"], "Accepted")
        station.call("2", "StatusNotification", {"connectorId": 1, "errorCode": "NoError", "status": "Preparing"})
        begun = station.call("3", "StartTransaction", {"connectorId": 1, "idTag": "T", "meterStart": 0,
                                                       "timestamp": "2026-01-01T00:00:00Z"})
        wait_for("its session", lambda: [each for each in self.engine.sessions() if each["driver"] == "T"])
        self.assertEqual(self.engine.ask("PUT", f"/api/v1/chargepoints/{IDENTITY}/configuration",
                                         {"key": "securityprofile", "value": "1"})[0], 409)
        station.call("4", "StopTransaction", {"transactionId": begun[2]["transactionId"], "meterStop": 0,
                                              "timestamp": "2026-01-01T00:01:00Z"})
        wait_for("its bill", lambda: [each for each in self.engine.sessions() if each["state"] == "completed"])
        self.assertEqual(self.metric("refused_wrong_key_total"), 1)
        self.assertEqual(self.metric("refused_lower_profile_total"), 1)
        self.assertGreater(self.metric("certificate_expires_seconds"), 298 * 86400)

    def test_a_station_of_profile_3_comes_by_its_certificate_alone(self):
        self.start(3)
        own = self.stations.issue(IDENTITY, "DNS:maker.example", "station")
        self.assertEqual(self.connect(tls=self.context(own)).status, 101)
        self.assertEqual(self.connect(tls=self.context(), headers=self.basic()).status, 401)
        foreign = self.stations.issue("CP-2", "DNS:CP-22", "foreign")
        self.assertEqual(self.connect(tls=self.context(foreign)).status, 401)
        stranger = Authority(self.folder, "stranger").issue(IDENTITY, "DNS:CP-1", "strange")
        with self.assertRaises((ssl.SSLError, OSError)):
            self.connect(tls=self.context(stranger))
        self.assertEqual(self.metric("refused_foreign_certificate_total"), 1)
        # The client learns of its refusal before it is counted.
        wait_for("a refusal that is counted", lambda: self.metric("tls_failed_unknown_authority_total") == 1)

    def test_certificates_that_change_are_taken_and_a_broken_one_leaves_the_old_in_force(self):
        self.start(2)
        before = self.presented()
        station = self.connect(tls=self.context(), headers=self.basic())
        self.central.issue("central", "IP:127.0.0.1", "own")
        wait_for("the new certificate", lambda: self.presented() != before)
        renewed = self.presented()
        self.own[0].write_text("broken")
        self.engine.process.send_signal(signal.SIGHUP)
        self.engine.found("(certificates are not read again, those before stay in force: .*own.pem)")
        self.assertEqual(self.presented(), renewed)
        self.assertEqual(station.boot()[2]["status"], "Accepted", "the connection of before goes on")
        self.assertGreaterEqual(self.metric("certificate_reload_failures_total"), 1)

    def test_simulated_stations_come_with_a_certificate_and_trust_their_authority_alone(self):
        self.start(3)
        own = self.stations.issue("fleet", f"DNS:{IDENTITY}", "fleet")
        command = [os.environ["BUSBAR_BINARY"], "fleet", str(self.folder / "yard.toml"), "--ocpp", self.url,
                   "--ocpp-certificate", own[0], "--ocpp-key", own[1]]

        def start(*options):
            made = subprocess.Popen([*command, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            self.addCleanup(made.wait, 60)
            self.addCleanup(made.terminate)

        start("--ocpp-ca", self.stations.file)
        wait_for("a fleet that does not trust this engine",
                 lambda: self.metric("tls_failed_refused_by_peer_total") >= 1)
        self.assertEqual(self.metric("handshakes_total"), 0)
        start("--ocpp-ca", self.central.file)
        wait_for("an accepted station", lambda: [each for each in self.engine.read("/api/v1/chargepoints")["items"]
                                                 if each.get("connected")])


if __name__ == "__main__":
    unittest.main()
