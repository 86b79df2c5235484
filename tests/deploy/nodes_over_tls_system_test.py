"""Two engine nodes of one group on a real broker, both under TLS: each answers for the sites of the other.

BUSBAR_BINARY names the binary. All servers listen on free ports of the loopback and are stopped.
"""

import os
import ssl
import subprocess
import sys
import unittest
import urllib.error
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import kafka_topic
import two_engines_system_test as engines_of
from waiting import ANSWERS_WITHIN_S, wait_for


class secure_engine(engines_of.running_engine):
    """Asks by what the certificates' files hold."""

    def __init__(self, name: str, process, page: str, trusted: ssl.SSLContext):
        super().__init__(name, process, page)
        self.opener = urllib.request.build_opener(urllib.request.HTTPSHandler(context=trusted))

    def get(self, path: str, headers: dict | None = None) -> tuple[int, str]:
        asked = urllib.request.Request(self.page + path, headers=headers or {})
        try:
            with self.opener.open(asked, timeout=ANSWERS_WITHIN_S) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as refusal:
            with refusal:
                return refusal.code, refusal.read().decode()


class nodes_over_tls_system_test(unittest.TestCase):
    base = engines_of.two_engines_system_test
    setUp, start, end, printed = base.setUp, base.start, staticmethod(base.end), base.printed
    start_running = base.start_running
    start_broker, site_files = base.start_broker, base.site_files
    both_know_the_owners = base.both_know_the_owners
    the_other_answers_for_its_own = base.the_other_answers_for_its_own
    are_shared = base.are_shared
    del base

    def start_engine(self, name: str) -> secure_engine:
        arguments = [each for path in self.files.values() for each in ("--site", path)]
        process, page = self.start_running(
            name, r"(https://127\.0\.0\.1:\d+)", os.environ["BUSBAR_BINARY"], "engine", "--name", name,
            *arguments, "--log", f"kafka://{self.address}", "--port", 0,
            "--http-certificate", self.folder / "tls" / "http.pem",
            "--http-key", self.folder / "tls" / "http.key",
            "--peer-ca", self.folder / "tls" / "http.pem")
        trusted = ssl.create_default_context(cafile=str(self.folder / "tls" / "http.pem"))
        return secure_engine(name, process, page, trusted)

    def test_KEEP_1_nodes_under_tls_ask_each_other_by_it(self):
        if kafka_topic.library() is None:
            self.skipTest("needs librdkafka (Debian package librdkafka1)")
        made = subprocess.run([os.environ["BUSBAR_BINARY"], "tls", "self-signed", "--host",
                               "127.0.0.1", "--out", self.folder / "tls"], capture_output=True,
                              text=True, timeout=60)
        self.assertEqual(made.returncode, 0, made.stderr)
        self.start_broker("broker")
        self.files = self.site_files()
        engines = [self.start_engine("engine-1"), self.start_engine("engine-2")]
        wait_for("sites that are shared", lambda: self.are_shared(engines),
                 engines_of.SHARED_WITHIN_S)
        self.both_know_the_owners(engines)
        self.the_other_answers_for_its_own(*engines)
        for each in engines:
            # A node that does not answer within half a second is left out of the others' lists.
            wait_for(f"all sites at {each.name}", lambda each=each: sorted(
                site["site"] for site in each.items("/api/v1/sites")) == sorted(self.files))
            self.assertGreater(each.metric("busbar_peers_answers_2xx_total"), 0)


if __name__ == "__main__":
    unittest.main()
