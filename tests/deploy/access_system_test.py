"""A real engine with --access: the set-up link, logins, roles, tokens, disabling, and who did it."""

import http.client
import json
import os
import pty
import re
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
import threading
import time
import unittest
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent))

from waiting import ANSWERS_WITHIN_S, SLACK_S, wait_for

try:
    import jsonschema
except ImportError:
    jsonschema = None

ROOT = Path(__file__).resolve().parents[2]
BUSBAR = os.environ.get("BUSBAR_BINARY", str(ROOT / "build/dev/busbar"))
SITE = str(ROOT / "examples/autonomous.toml")
PASSWORD = "Copper-bar-77"


class Engine:
    def __init__(self, folder: str, *arguments: str):
        self.process = subprocess.Popen(
            [BUSBAR, "engine", "--site", SITE, "--port", "0", "--access", folder, *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.address = urlsplit(self.process.stdout.readline().strip())
        self.lines = []
        self.reader = threading.Thread(target=self.read)
        self.reader.start()

    def read(self):
        for line in self.process.stderr:
            self.lines.append(line)

    def set_up_code(self) -> str:
        return wait_for("the link of the set-up", lambda: re.search(r"#/set-up\?code=(\S+)", "".join(self.lines))).group(1)

    def ask(self, method: str, path: str, body=None, **headers) -> tuple[int, dict, dict]:
        connection = http.client.HTTPConnection(self.address.hostname, self.address.port,
                                                timeout=ANSWERS_WITHIN_S)
        if body is not None:
            headers["Content-Type"] = "application/json"
        connection.request(method, path, None if body is None else json.dumps(body), headers)
        answer = connection.getresponse()
        text = answer.read().decode()
        connection.close()
        is_json = "json" in (answer.getheader("Content-Type") or "")
        return answer.status, json.loads(text) if is_json and text else text, dict(answer.getheaders())

    def log_in(self, name: str) -> dict:
        # To check a password is much work, for which a loaded machine may need longer than an answer may take (504).
        status, grant, _ = wait_for(f"an answer to the login of {name}", lambda: [
            answer for answer in [self.ask("POST", "/api/v1/access/login", {"name": name, "password": PASSWORD})]
            if answer[0] != 504])[0]
        if status != 200:
            raise AssertionError(f"{name}: {status} {grant}")
        return {"Authorization": "Bearer " + grant["access_token"]}

    def end(self):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        self.process.wait(timeout=60)
        self.reader.join()
        self.process.stdout.close()
        self.process.stderr.close()


def user(folder: str, *words: str, password: str | None = None) -> subprocess.CompletedProcess:
    return subprocess.run([BUSBAR, "user", *words, "--access", folder], text=True,
                          capture_output=True, timeout=60,
                          input="" if password is None else password + "\n")


class access_system_test(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory()
        self.addCleanup(scratch.cleanup)
        self.folder = scratch.name + "/access"

    def start(self, *arguments: str) -> Engine:
        engine = Engine(self.folder, *arguments)
        self.addCleanup(engine.end)
        wait_for("a ready engine", lambda: engine.ask("GET", "/health/ready")[0] == 200)
        return engine

    def add(self, name: str, role: str, *more: str):
        done = user(self.folder, "add", name, "--role", role, *more, password=PASSWORD)
        self.assertEqual(done.returncode, 0, done.stderr)

    def change_store(self, sql: str):
        with closing(sqlite3.connect(self.folder + "/access.db")) as store:
            store.execute(sql)
            store.commit()

    def expire(self, name: str):
        return user(self.folder, "disable", name)

    def test_the_first_administrator_comes_by_the_link_and_makes_the_others(self):
        engine = self.start()
        self.assertEqual(engine.ask("GET", "/api/v1/sites")[0], 401)
        self.assertEqual(engine.ask("GET", "/metrics")[0], 401)
        code = engine.set_up_code()
        first = {"code": code, "name": "anna", "password": "short"}
        self.assertEqual(engine.ask("POST", "/api/v1/access/set-up", first)[0], 422)
        first["password"] = PASSWORD
        status, grant, _ = engine.ask("POST", "/api/v1/access/set-up", first)
        self.assertEqual(status, 200, grant)
        self.assertEqual(grant["principal"]["role"], "admin")
        again = {**first, "name": "eve"}
        self.assertEqual(engine.ask("POST", "/api/v1/access/set-up", again)[0], 401, "used once")
        anna = {"Authorization": "Bearer " + grant["access_token"]}
        made = {"name": "ben", "role": "operator", "password": PASSWORD}
        self.assertEqual(engine.ask("POST", "/api/v1/access/users", made, **anna)[0], 204)
        self.assertEqual(engine.ask("GET", "/api/v1/sites", **engine.log_in("ben"))[0], 200)
        for name in ("access.db", "signing-key.pem"):
            mode = stat.S_IMODE(os.stat(f"{self.folder}/{name}").st_mode)
            self.assertEqual(mode, 0o600, name)

    def test_roles_hold_and_an_order_names_who_gave_it(self):
        self.add("anna", "admin")
        self.add("ben", "operator")
        self.add("vera", "viewer")
        self.add("elsa", "admin", "--site", "elsewhere")
        engine = self.start()
        self.assertNotIn("set-up", "".join(engine.lines))
        vera, ben, elsa = (engine.log_in(name) for name in ("vera", "ben", "elsa"))
        shed = "/api/v1/sites/autonomous/load-shedding"
        self.assertEqual(engine.ask("POST", shed, {"level": 1}, **vera)[0], 403)
        self.assertEqual(engine.ask("POST", shed, {"level": 1}, **elsa)[0], 404)
        status, answer, _ = engine.ask("POST", shed, {"level": 1}, **ben)
        self.assertEqual(status, 202, answer)
        self.assertEqual(engine.ask("POST", "/api/v1/sites/autonomous/reload", {}, **ben)[0], 403)
        self.assertEqual(engine.ask("GET", "/api/v1/sites", **elsa)[1]["items"], [])

        def configured():
            found = engine.ask("GET", "/api/v1/events?kind=load_shedding_configured", **vera)
            return found[1]["items"]

        events = wait_for("the event", configured)
        self.assertEqual(events[0]["caused_by"], {"kind": "user", "name": "ben"}, events)

    def test_a_token_serves_prometheus_and_tail_until_its_owner_is_disabled(self):
        self.add("anna", "admin")
        self.add("ben", "viewer")
        engine = self.start()
        ben = engine.log_in("ben")
        expires = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 86_400))
        status, made, _ = engine.ask("POST", "/api/v1/access/tokens",
                                     {"name": "prometheus", "role": "viewer",
                                      "expires_at": expires}, **ben)
        self.assertEqual(status, 200, made)
        program = {"Authorization": "Bearer " + made["token"]}
        self.assertEqual(engine.ask("GET", "/metrics", **program)[0], 200)
        file = Path(self.folder).parent / "token"
        file.write_text(made["token"] + "\n")
        file.chmod(0o600)
        url = engine.address.geturl()
        tail = subprocess.Popen([BUSBAR, "tail", "--url", url, "--token-file", str(file), "--after",
                                 "0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        self.addCleanup(tail.stdout.close)
        self.addCleanup(tail.wait)
        self.addCleanup(tail.kill)
        self.assertIn("text", json.loads(tail.stdout.readline()))
        refused = subprocess.run([BUSBAR, "tail", "--url", url], capture_output=True, text=True,
                                 timeout=60)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("401", refused.stderr)
        self.assertEqual(self.expire("ben").returncode, 0)
        begun = time.monotonic()
        wait_for("the end of the program's token", lambda: engine.ask("GET", "/metrics", **program)[0] == 401)
        wait_for("the end of ben's login", lambda: engine.ask("GET", "/api/v1/sites", **ben)[0] == 401)
        self.assertLess(time.monotonic() - begun, 3 + SLACK_S, "a second, and the time of asking")

    def test_logins_outlive_a_restart_and_a_store_of_a_newer_program_is_refused(self):
        self.add("anna", "admin")
        engine = self.start()
        anna = engine.log_in("anna")
        engine.end()
        engine = self.start()
        self.assertEqual(engine.ask("GET", "/api/v1/sites", **anna)[0], 200)
        engine.end()
        self.change_store("PRAGMA user_version = 99")
        refused = subprocess.run([BUSBAR, "engine", "--site", SITE, "--port", "0", "--access",
                                  self.folder], capture_output=True, text=True, timeout=60)
        self.assertEqual(refused.returncode, 1, refused.stderr)
        self.assertIn("number 99", refused.stderr)

    def test_beyond_loopback_an_engine_without_users_does_not_start(self):
        words = [BUSBAR, "engine", "--site", SITE, "--port", "0", "--host", "0.0.0.0"]
        refused = subprocess.run([*words, "--access", self.folder], capture_output=True, text=True,
                                 timeout=60)
        self.assertEqual(refused.returncode, 2)
        self.assertIn("there are no users yet", refused.stderr)
        self.assertIn("busbar user add", refused.stderr)

    def test_users_are_kept_on_the_command_line_with_precise_refusals(self):
        weak = user(self.folder, "add", "anna", "--role", "admin", password="password")
        self.assertEqual(weak.returncode, 2)
        self.assertIn("at least 12 characters", weak.stderr)
        self.assertIn("an upper case letter", weak.stderr)
        self.assertEqual(user(self.folder, "add", "anna", "--role", "admin").returncode, 2)
        self.assertEqual(user(self.folder, "add", "anna", "--role", "king").returncode, 2)
        self.add("anna", "admin")
        self.assertEqual(user(self.folder, "disable", "anna").returncode, 2)
        self.assertEqual(user(self.folder, "disable", "nobody").returncode, 2)
        self.add("ben", "viewer", "--site", "garage", "--site", "depot")
        listed = user(self.folder, "list").stdout.splitlines()
        self.assertEqual(listed[0].split("\t"), ["anna", "admin", "all sites", "enabled", "never"])
        self.assertEqual(listed[1].split("\t")[2], "garage,depot")
        self.assertEqual(user(self.folder, "role", "ben", "--role", "viewer",
                              "--all-sites").returncode, 0)
        self.assertIn("all sites", user(self.folder, "list").stdout.splitlines()[1])
        self.assertEqual(user(self.folder, "remove", "ben").returncode, 0)
        os.chmod(self.folder + "/access.db", 0o600)

    def test_what_is_answered_about_users_is_as_the_contract_states_it(self):
        if jsonschema is None:
            self.skipTest("needs Debian's python3-jsonschema")
        self.add("anna", "admin")
        engine = self.start()
        contract = engine.ask("GET", "/openapi.json")[1]
        anna = engine.log_in("anna")
        expires = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + 86_400))
        login = {"name": "anna", "password": PASSWORD}
        token = {"name": "a", "role": "viewer", "sites": ["autonomous"], "expires_at": expires}
        asked = [("GET", "/api/v1/access", None), ("GET", "/api/v1/access/users", None),
                 ("POST", "/api/v1/access/login", login), ("POST", "/api/v1/access/tokens", token),
                 ("GET", "/api/v1/access/tokens", None), ("GET", "/api/v1/audit/logs", None),
                 ("GET", "/api/v1/audit/stats", None)]
        for method, path, body in asked:
            with self.subTest(f"{method} {path}"):
                status, answer, _ = engine.ask(method, path, body, **anna)
                self.assertEqual(status, 200, answer)
                stated = contract["paths"][path][method.lower()]["responses"]["200"]
                schema = stated["content"]["application/json"]["schema"]
                jsonschema.validate(answer, {**schema, "components": contract["components"]},
                                    jsonschema.Draft202012Validator)

    def test_the_audit_names_who_did_what_and_shows_that_it_was_changed(self):
        self.add("anna", "admin")
        self.add("ben", "operator")
        engine = self.start()
        ben, anna = engine.log_in("ben"), engine.log_in("anna")
        shed = "/api/v1/sites/autonomous/load-shedding"
        self.assertEqual(engine.ask("POST", shed, {"level": 1}, **ben)[0], 202)
        self.assertEqual(engine.ask("POST", "/api/v1/access/users", {}, **ben)[0], 403)
        listed = engine.ask("GET", "/api/audit/logs", **anna)[1]["items"]
        told = [(each["actor"]["name"], each["operation"].split("/")[-1], each["outcome"])
                for each in reversed(listed)]
        self.assertEqual(told, [("busbar user", "busbar user: added", 0),
                                ("busbar user", "busbar user: added", 0), ("", "login", 200),
                                ("", "login", 200), ("ben", "load-shedding", 202),
                                ("ben", "users", 403)])
        self.assertNotIn(PASSWORD, json.dumps(listed))
        verify = [BUSBAR, "audit", "verify", "--access", self.folder]
        whole = subprocess.run(verify, capture_output=True, text=True, timeout=60)
        self.assertEqual(whole.returncode, 0, whole.stderr)
        self.assertIn("7 entries as they were written", whole.stdout)
        engine.end()
        self.change_store("UPDATE audit SET actor = 'eve' WHERE number = 5")
        changed = subprocess.run(verify, capture_output=True, text=True, timeout=60)
        self.assertEqual(changed.returncode, 1)
        self.assertIn("entry 5 is not as it was written", changed.stderr)
        self.change_store("DELETE FROM audit WHERE number > 4")
        cut = subprocess.run(verify, capture_output=True, text=True, timeout=60)
        self.assertEqual(cut.returncode, 1)
        self.assertIn("entry 5 is missing", cut.stderr)

    def test_on_a_terminal_the_password_is_asked_for_twice_and_not_shown(self):
        leader, follower = pty.openpty()
        self.addCleanup(os.close, leader)
        adds = subprocess.Popen([BUSBAR, "user", "add", "anna", "--role", "admin", "--access",
                                 self.folder], stdin=follower, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True)
        self.assertEqual(adds.stderr.read(len("password of anna: ")), "password of anna: ")
        os.write(leader, (PASSWORD + "\n").encode())
        self.assertIn("again: ", adds.stderr.read(len("\nagain: ")))
        os.write(leader, (PASSWORD + "\n").encode())
        out, _ = adds.communicate(timeout=60)
        os.close(follower)
        self.assertEqual(adds.returncode, 0)
        self.assertIn("anna: added", out)
        os.set_blocking(leader, False)
        try:
            shown = os.read(leader, 10_000).decode()
        except (BlockingIOError, OSError):
            shown = ""
        self.assertNotIn(PASSWORD, shown)



class audit_command_test(unittest.TestCase):
    def test_a_folder_that_is_not_there_is_named_and_none_is_made(self):
        with tempfile.TemporaryDirectory() as folder:
            missing, export = Path(folder) / "misspelt", Path(folder) / "audit.jsonl"
            for what in (["verify"], ["export", str(export)]):
                done = subprocess.run([BUSBAR, "audit", what[0], "--access", str(missing), *what[1:]],
                                      capture_output=True, text=True, check=False)
                self.assertEqual(done.returncode, 1, done)
                self.assertIn(f"{missing}: there is no audit in it", done.stderr)
            self.assertFalse(missing.exists() or export.exists())


if __name__ == "__main__":
    unittest.main()
