"""A station that does what a case from the field says (../shared/ocpp/field_cases.json, "verbs"), over a real
WebSocket. CALLs of the gateway are answered in a thread of their own, as the case says or with Accepted."""

import base64
import datetime
import json
import re
import socket
import struct
import threading
import time
from urllib.parse import quote

from raw_socket import RawSocket
from waiting import wait_for


def instant(seconds_ago: int = 0) -> str:
    when = datetime.datetime.now(datetime.timezone.utc) - datetime.timedelta(seconds=seconds_ago)
    return when.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def basic(identity: str, password: bytes) -> str:
    return "Authorization: Basic " + base64.b64encode(identity.encode() + b":" + password).decode()


def limit_of(payload: dict) -> tuple:
    """(stack level, unit, limit of the first period) of a SetChargingProfile."""
    profile = payload["csChargingProfiles"]
    schedule = profile["chargingSchedule"]
    return (profile["stackLevel"], schedule["chargingRateUnit"],
            schedule["chargingSchedulePeriod"][0]["limit"])


class Link:
    """One connection: its answers and the CALLs that came over it."""

    def __init__(self, station, headers):
        self.station, self.answers, self.is_open = station, {}, True
        self.socket = RawSocket(f"{station.url}/{quote(station.identity)}", headers=headers)
        self.status = self.socket.status
        if self.status == 101:
            self.socket.socket.settimeout(None)
            threading.Thread(target=self.listen, daemon=True).start()

    def listen(self):
        try:
            while True:
                opcode, payload = self.socket.read()
                if opcode == 8:
                    break
                if opcode == 1:
                    self.take(json.loads(payload))
        except (OSError, ValueError, struct.error):
            pass
        self.is_open = False

    def take(self, frame: list):
        if frame[0] != 2:
            self.answers[frame[1]] = frame
            return
        self.station.calls.append((time.monotonic(), frame[2], frame[3]))
        answer = self.station.answer(frame[2], frame[3])
        if answer is not None:
            self.write(json.dumps([answer[0], frame[1], *answer[1:]]))

    def write(self, text: str):
        self.socket.send(text.encode())

    def answer_to(self, message_id: str) -> list:
        """The next answer with this id; it is taken away, as an id may come again."""
        wait_for(f"an answer to {message_id}", lambda: message_id in self.answers)
        return self.answers.pop(message_id)

    def fall_silent(self):
        """As with a cable that is pulled: no FIN, and no ping is answered."""
        self.socket.send = lambda *_, **__: None

    def speak_again(self):
        del self.socket.send

    def reset(self):
        """TCP reset in place of a close frame and a FIN."""
        self.socket.socket.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.socket.socket.shutdown(socket.SHUT_RD)
        self.socket.end()

    def end(self):
        self.socket.end()


class FieldStation:
    def __init__(self, url: str, identity: str):
        self.url, self.identity = url, identity
        self.links, self.calls, self.kept, self.ids = [], [], {}, 0
        self.keys = {"ChargeProfileMaxStackLevel": "5",
                     "ChargingScheduleAllowedChargingRateUnit": "Current"}
        self.rules, self.once = {}, {}

    @property
    def link(self) -> Link:
        return self.links[-1]

    def connect(self, boot=True, headers=()) -> Link:
        self.links.append(Link(self, headers))
        if boot and self.link.status == 101:
            self.call("BootNotification", {"chargePointVendor": "V", "chargePointModel": "M"})
        return self.link

    def call(self, action: str, payload: dict) -> list:
        self.ids += 1
        return self.send([2, f"own-{self.ids}", action, payload])

    def send(self, frame: list) -> list:
        self.link.write(json.dumps(frame))
        return self.link.answer_to(frame[1])

    def filled(self, part):
        """A step's part with its placeholders filled; `$tx` may be a number where it stands alone."""
        if isinstance(part, dict):
            return {name: self.filled(each) for name, each in part.items()}
        if isinstance(part, list):
            return [self.filled(each) for each in part]
        if not isinstance(part, str):
            return part
        if part == "$id":
            self.ids += 1
            return f"case-{self.ids}"
        if part[:1] == "$" and part[1:] in self.kept:
            return self.kept[part[1:]]
        ago = re.fullmatch(r"\$now(?:-(\d+))?", part)
        return instant(int(ago.group(1) or 0)) if ago else part

    def answer(self, action: str, payload: dict):
        """[type, ...] of the answer to a CALL, without its id; None: it stays silent."""
        if action in self.once:
            return self.once.pop(action)
        rule = self.rules.get(action)
        if rule == "silence":
            return None
        if action == "SetChargingProfile" and rule and self.is_refused(payload, rule["reject_if"]):
            return [3, {"status": "Rejected"}]
        if action == "GetConfiguration":
            asked = payload.get("key") or list(self.keys)
            return [3, {"configurationKey": [{"key": key, "readonly": True, "value": self.keys[key]}
                                             for key in asked if key in self.keys],
                        "unknownKey": [key for key in asked if key not in self.keys]}]
        return [3, {"status": "Accepted"}]

    @staticmethod
    def is_refused(payload: dict, condition: str) -> bool:
        level, unit, _ = limit_of(payload)
        return {"stackLevel>0": level > 0, "unit==A": unit == "A"}[condition]

    def called(self, action: str) -> list:
        return [payload for _, each, payload in self.calls if each == action]

    def grants(self) -> list:
        """SetChargingProfile of a running transaction, in their order."""
        return [each for each in self.called("SetChargingProfile")
                if each["csChargingProfiles"]["chargingProfilePurpose"] == "TxProfile"]

    def end(self):
        for link in self.links:
            link.end()
