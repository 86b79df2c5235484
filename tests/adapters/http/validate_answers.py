#!/usr/bin/env python3
"""Asks a running server everything that openapi.json says and holds each answer to its schema.

    validate_answers.py --port N --openapi adapters/http/openapi.json

Every path, every value of every enumerated parameter, one wrong value of each parameter, the bodies
of the examples, and each event of the stream. Exit 1 names each answer that is not as stated.
Needs Debian's python3-jsonschema.
"""

import argparse
import http.client
import json
import sys
from urllib.parse import quote, urlencode

import jsonschema

PLACES = {"site": "garage", "station": "CP-001", "session": "s-17", "id": "wallbox-1", "n": "1", "tag": "04A2B3C4",
          "connectorID": "1", "node": "engine-1", "order": "reset", "profileID": "41"}
DC_STATION = "DC-001"
# Values for parameters whose schema alone does not say one that exists.
KNOWN = {"site": "garage", "station": "CP-001", "node": "f1", "driver": "Alice", "request": "r-1",
         "after": "0", "kind": "note", "q": "a", "last_event_id": "0",
         "subject": "f1", "since": "2026-05-01T12:00:00Z", "from": "2026-05-01T12:00:00Z",
         "to": "2026-05-01T13:00:00Z", "current_ma": "10000", "power_w": "5000", "voltage_mv": "400000", "lines": "3",
         "l1_ma": "10000", "l2_ma": "10000", "l3_ma": "10000",
         "id": "41", "connector": "1", "level": "0", "duration_s": "3600", "wait_s": "1",
         "key": "HeartbeatInterval", "stack_level": "0", "owner": "engine-1",
         "vendor": "V", "model": "M", "firmware": "1.2", "deadline_s": "90"}
EVENTS_READ = 60


class contract:
    def __init__(self, document):
        self.document = document
        self.faults = []
        self.checked = 0

    def resolve(self, node):
        while "$ref" in node:
            target = self.document
            for part in node["$ref"][2:].split("/"):
                target = target[part]
            node = target
        return node

    def hold(self, schema, value, where):
        self.checked += 1
        whole = {**schema, "components": self.document["components"]}
        checker = jsonschema.FormatChecker()
        for fault in jsonschema.Draft202012Validator(whole, format_checker=checker).iter_errors(value):
            place = "/".join(str(part) for part in fault.absolute_path)
            self.faults.append(f"{where}: at /{place}: {fault.message[:200]}")

    def hold_examples(self, node, where="#"):
        if isinstance(node, list):
            for place, each in enumerate(node):
                self.hold_examples(each, f"{where}/{place}")
        if not isinstance(node, dict):
            return
        if "schema" in node and "example" in node:
            self.hold(node["schema"], node["example"], where + "/example")
        for name, example in node.get("x-examples", {}).items():
            self.hold(node["x-events"][name], example, f"{where}/x-examples/{name}")
        for name, each in node.items():
            self.hold_examples(each, f"{where}/{name}")


class client:
    def __init__(self, port, held):
        self.port = port
        self.held = held

    def ask(self, method, target, body=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        headers = {"Content-Type": "application/json"} if body is not None else {}
        connection.request(method, target, body, headers)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        return answer.status, (answer.getheader("Content-Type") or "").split(";")[0], content

    def check(self, operation, method, target, expected, body=None):
        where = f"{method} {target}"
        status, kind, content = self.ask(method, target, body)
        if status not in expected:
            self.held.faults.append(f"{where}: {status}, expected {expected}: {content[:300]!r}")
        stated = operation["responses"].get(str(status), operation["responses"]["default"])
        kinds = self.held.resolve(stated).get("content", {})
        if kind not in kinds:
            self.held.faults.append(f"{where}: {status} with {kind!r}, stated are {list(kinds)}")
        elif kind.endswith("json"):
            self.held.hold(kinds[kind]["schema"], json.loads(content), f"{where} -> {status}")
        return content


def places_of(path):
    return {**PLACES, "station": DC_STATION} if "/dc-power" in path else PLACES


def filled(path):
    for name, value in places_of(path).items():
        path = path.replace("{" + name + "}", quote(value))
    return path


def nowhere(path):
    for name in PLACES:
        path = path.replace("{" + name + "}", "nowhere")
    return path


def good_values(name, schema, path):
    if name == "connector" and schema.get("type") != "integer":
        return [places_of(path)["station"] + "-1"]
    if "enum" in schema:
        return schema["enum"]
    if schema.get("type") == "boolean":
        return ["true", "false"]
    if name == "limit":
        return ["1", str(schema["maximum"])]
    return [KNOWN[name]]


def wrong_value(name, schema):
    if "enum" in schema or schema.get("type") in ("boolean", "integer") or name == "after":
        return "wrong"
    return "x" * (schema.get("maxLength", 64) + 1)


def check_query(asker, method, path, operation, done):
    target = filled(path)
    parameters = [asker.held.resolve(each) for each in operation.get("parameters", [])]
    for each in parameters:
        if each["in"] != "query":
            continue
        schema, name = asker.held.resolve(each["schema"]), each["name"]
        # An order that is waited for is answered with its outcome.
        expected = 200 if name == "wait_s" else done
        for value in good_values(name, schema, path):
            asker.check(operation, method, f"{target}?{urlencode({name: value})}", [expected])
        wrong = urlencode({name: wrong_value(name, schema)})
        asker.check(operation, method, f"{target}?{wrong}", [400])


def check_get(asker, path, operation):
    target = filled(path)
    asker.check(operation, "GET", target, [200])
    asker.check(operation, "GET", nowhere(path), [404] if target != path else [200])
    check_query(asker, "GET", path, operation, 200)
    if path.startswith("/api/") or path in ("/cp", "/telemetry", "/metrics", "/health"):
        asker.check(operation, "GET", f"{target}?no_such_parameter=1", [400])
    other = "PATCH" if "put" in asker.held.document["paths"][path] else "PUT"
    asker.check(operation, other, target, [405])


def check_post(asker, template, operation, method="POST"):
    content = operation["requestBody"]["content"]["application/json"]
    example, path = content["example"], filled(template)
    done = max(int(status) for status in operation["responses"] if status.startswith("2"))
    asker.check(operation, method, path, [done], json.dumps(example))
    may_be_empty = content.get("x-empty-body", example == {})
    asker.check(operation, method, path, [done if may_be_empty else 422], "{}")
    asker.check(operation, method, path, [422], json.dumps({**example, "colour": "red"}))
    elsewhere = {**example, "site": "none"} if "site" in example else example
    if not content.get("x-makes"):
        asker.check(operation, method, nowhere(template), [404], json.dumps(elsewhere))
    asker.check(operation, method, path, [400], "{")
    asker.check(operation, method, path, [415 if operation["requestBody"]["required"] else done])
    asker.check(operation, method, path, [413], " " * 70_000)


def check_put(asker, template, operation):
    check_post(asker, template, operation, "PUT")


def check_patch(asker, template, operation):
    check_post(asker, template, operation, "PATCH")
    asker.check(operation, "PATCH", filled(template) + "?no_such_parameter=1", [400], "{}")


def check_delete(asker, path, operation):
    if "requestBody" in operation:
        return check_post(asker, path, operation, "DELETE")
    done = max(int(status) for status in operation["responses"] if status.startswith("2"))
    asker.check(operation, "DELETE", filled(path), [done])
    asker.check(operation, "DELETE", nowhere(path), [404])
    asker.check(operation, "DELETE", filled(path) + "?no_such_parameter=1", [400])
    check_query(asker, "DELETE", path, operation, done)


def check_stream(asker, operation):
    events = operation["responses"]["200"]["content"]["text/event-stream"]["x-events"]
    connection = http.client.HTTPConnection("127.0.0.1", asker.port, timeout=10)
    # A number from before a restart: the server says what it cannot give, then gives what it has.
    connection.request("GET", "/api/v1/stream", headers={"Last-Event-ID": "999999"})
    answer = connection.getresponse()
    seen, name = set(), ""
    for _ in range(EVENTS_READ * 4):
        line = answer.readline().decode().rstrip("\n")
        if line.startswith("event: "):
            name = line[len("event: "):]
        if line.startswith("data: "):
            seen.add(name)
            asker.held.hold(events[name], json.loads(line[len("data: "):]), f"event {name}")
    connection.close()
    if seen != set(events):
        asker.held.faults.append(f"stream: of {sorted(events)} came {sorted(seen)}")


def check_switched_off(asker, path, operation, method):
    """Of users and logins where access is not controlled, as here."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    body = json.dumps(content["example"]) if content else None
    asker.check(operation, method.upper(), path, [404], body)


CHECKS = {"get": check_get, "post": check_post, "put": check_put, "patch": check_patch, "delete": check_delete}


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--openapi", required=True)
    arguments = parser.parse_args()
    with open(arguments.openapi, encoding="utf-8") as file:
        held = contract(json.load(file))
    held.hold_examples(held.document)
    asker = client(arguments.port, held)
    if json.loads(asker.ask("GET", "/openapi.json")[2]) != held.document:
        held.faults.append("/openapi.json is not the file")
    for path, operations in held.document["paths"].items():
        for method, operation in operations.items():
            if path.endswith("/stream"):
                check_stream(asker, operation)
            elif path.startswith("/api/v1/access/") or "/audit/" in path:
                check_switched_off(asker, path, operation, method)
            else:
                CHECKS[method](asker, path, operation)
    print("\n".join(held.faults) if held.faults else f"{held.checked} answers and examples hold")
    return 1 if held.faults else 0


if __name__ == "__main__":
    sys.exit(main())
