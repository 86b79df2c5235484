"""Kafka as people run it: an engine and a fleet over SASL (PLAIN; SCRAM where the installed librdkafka
can do it with this broker) with TLS, and over TLS with client certificates (--kafka-config), and the
sentence that each wrong secret gets.

BUSBAR_BINARY names the binary. All servers listen on free ports of the loopback and are stopped.
"""

import os
import shutil
import socket
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import kafka_demo_system_test as servers
import kafka_topic

PASSWORD, WRONG = "correct-horse", "battery-staple"
REFUSED_WITHIN_S = 90
SCRAM_MENDED_IN = 0x020601ff  # librdkafka #4895


def free_ports(count: int) -> list[int]:
    sockets = [socket.socket() for _ in range(count)]
    try:
        for each in sockets:
            each.bind(("127.0.0.1", 0))
        return [each.getsockname()[1] for each in sockets]
    finally:
        for each in sockets:
            each.close()


class certificates:
    """An authority and what it signed, as PEM files of `folder`."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                     "/CN=authority", "-keyout", "ca.key", "-out", "ca.pem")
        for name in ("broker", "engine"):
            self.sign(name)
        (folder / "broker.both.pem").write_text((folder / "broker.key").read_text() +
                                                (folder / "broker.pem").read_text())
        self.openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj",
                     "/CN=stranger", "-keyout", "stranger.key", "-out", "stranger.pem")

    def openssl(self, *arguments):
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True)

    def sign(self, name: str):
        (self.folder / "names").write_text("subjectAltName=IP:127.0.0.1\n")
        self.openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj", f"/CN={name}",
                     "-keyout", f"{name}.key", "-out", f"{name}.csr")
        self.openssl("x509", "-req", "-in", f"{name}.csr", "-CA", "ca.pem", "-CAkey", "ca.key",
                     "-CAcreateserial", "-days", "2", "-extfile", "names", "-out", f"{name}.pem")


class secure_kafka_system_test(unittest.TestCase):
    demo = servers.kafka_demo_system_test
    start, end, printed = demo.start, staticmethod(demo.end), demo.printed
    start_running = demo.start_running
    ends_cleanly, ask, items, metric = demo.ends_cleanly, demo.ask, demo.items, demo.metric
    await_more, base_set_up = demo.await_more, demo.setUp
    del demo

    def setUp(self):
        self.base_set_up()
        if shutil.which("openssl") is None:
            self.skipTest("needs openssl (Debian package openssl)")
        if kafka_topic.library() is None:
            self.skipTest("needs librdkafka (Debian package librdkafka1)")
        self.made = certificates(self.folder)
        self.start_broker()

    def start_broker(self):
        plain, self.sasl, self.tls, controller = free_ports(4)
        listeners = (f"PLAINTEXT://127.0.0.1:{plain},SASL_SSL://127.0.0.1:{self.sasl},"
                     f"SSL://127.0.0.1:{self.tls}")
        settings = {
            "listeners": f"{listeners},CONTROLLER://127.0.0.1:{controller}",
            "advertised.listeners": listeners,
            "controller.quorum.voters": f"1@127.0.0.1:{controller}",
            "listener.security.protocol.map":
                "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT,SASL_SSL:SASL_SSL,SSL:SSL",
            "sasl.enabled.mechanisms": "SCRAM-SHA-512,PLAIN",
            "listener.name.sasl_ssl.plain.sasl.jaas.config":
                "org.apache.kafka.common.security.plain.PlainLoginModule required "
                f'user_depot="{PASSWORD}";',
            "listener.name.sasl_ssl.scram-sha-512.sasl.jaas.config":
                "org.apache.kafka.common.security.scram.ScramLoginModule required;",
            "ssl.keystore.type": "PEM", "ssl.keystore.location": self.folder / "broker.both.pem",
            "ssl.truststore.type": "PEM", "ssl.truststore.location": self.folder / "ca.pem",
            "listener.name.ssl.ssl.client.auth": "required"}
        overrides = [each for name, value in settings.items()
                     for each in ("--override", f"{name}={value}")]
        self.start("broker", servers.ROOT / "deploy" / "kafka" / "start.sh", "--port", plain,
                   "--data", self.folder / "data", *overrides)
        self.printed("broker", r"(ready 127\.0\.0\.1:\d+)")
        subprocess.run(
            ["java", "-cp", servers.ROOT / "build/kafka/libs/*", "kafka.admin.ConfigCommand",
             "--bootstrap-server", f"127.0.0.1:{plain}", "--alter", "--entity-type", "users",
             "--entity-name", "depot", "--add-config", f"SCRAM-SHA-512=[password={PASSWORD}]"],
            check=True, capture_output=True, timeout=servers.FIRST_START_S)

    def file(self, name: str, *lines) -> Path:
        path = self.folder / name
        path.write_text("".join(f"{line}\n" for line in lines))
        return path

    def password(self, mechanism: str, password: str, authority: str = "ca.pem") -> Path:
        return self.file("password.properties", "security.protocol=SASL_SSL",
                         f"sasl.mechanism={mechanism}", "sasl.username=depot",
                         f"sasl.password={password}",
                         f"ssl.ca.location={self.folder / authority}")

    def certificate(self, name: str) -> Path:
        return self.file("certificate.properties", "security.protocol=SSL",
                         f"ssl.ca.location={self.folder / 'ca.pem'}",
                         f"ssl.certificate.location={self.folder / name}.pem",
                         f"ssl.key.location={self.folder / name}.key")

    def engine(self, port: int, config: Path, *more) -> list:
        return [os.environ["BUSBAR_BINARY"], "engine", "--site", servers.SITE, "--port", 0,
                "--log", f"kafka://127.0.0.1:{port}", "--kafka-config", config, *more]

    def controls_a_fleet(self, name: str, port: int, config: Path):
        engine, self.page = self.start_running(
            name, servers.PAGE, *self.engine(port, config, "--sessions-per-driver", 100))
        fleet = self.start(f"{name}_fleet", os.environ["BUSBAR_BINARY"], "fleet", servers.SITE,
                           "--preset", "autonomous", "--log", f"kafka://127.0.0.1:{port}",
                           "--kafka-config", config)
        self.await_more("busbar_sessions_accepted_total")
        self.ends_cleanly(fleet)
        self.ends_cleanly(engine)

    def refusal(self, port: int, config: Path) -> str:
        done = subprocess.run([str(each) for each in self.engine(port, config)],
                              capture_output=True, text=True, timeout=REFUSED_WITHIN_S)
        self.assertIn(done.returncode, (1, 2), done.stderr)
        self.assertNotIn(PASSWORD, done.stderr)
        self.assertNotIn(WRONG, done.stderr)
        return done.stderr

    def test_an_engine_and_a_fleet_come_in_with_what_is_right_and_wrong_secrets_get_a_sentence(self):
        self.controls_a_fleet("plain", self.sasl, self.password("PLAIN", PASSWORD))
        self.controls_a_fleet("certificate", self.tls, self.certificate("engine"))
        self.assertIn("Authentication failed",
                      self.refusal(self.sasl, self.password("PLAIN", WRONG)))
        self.assertIn("certificate verify failed",
                      self.refusal(self.sasl, self.password("PLAIN", PASSWORD, "stranger.pem")))
        self.scram_works_or_its_refusal_names_the_remedy()
        self.assertIn("SSL", self.refusal(self.tls, self.certificate("stranger")))
        missing = self.refusal(self.tls, self.certificate("nobody"))
        self.assertIn("certificate.properties:3: ssl.certificate.location", missing)
        self.assertIn("No such file", missing)

    def scram_works_or_its_refusal_names_the_remedy(self):
        config = self.password("SCRAM-SHA-512", PASSWORD)
        if kafka_topic.library().rd_kafka_version() >= SCRAM_MENDED_IN:
            self.controls_a_fleet("scram", self.sasl, config)
        else:
            self.assertIn("cannot do SCRAM with brokers of Kafka 4",
                          self.refusal(self.sasl, config))


if __name__ == "__main__":
    unittest.main()
