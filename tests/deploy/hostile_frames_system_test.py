"""Broken and hostile peers on the real gateway, over sockets: frames that no WebSocket has, JSON that nobody should read,
floods and peers that do not read. Each is answered an error or closed, and its neighbour is served meanwhile.

BUSBAR_BINARY names the binary. All servers listen on free ports of the loopback and are stopped.
"""

import json
import socket
import struct
import sys
import tempfile
import threading
import time
import unittest
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

sys.path.insert(0, str(Path(__file__).resolve().parent))

from ocpp_engine import OcppEngine
from raw_socket import RawSocket

NEIGHBOUR = """
[[station]]
id = "CP-2"
node = "f-1"
ocpp = { identity = "neighbour" }
fallback = { action = "reduce", current_a = 6, timeout_s = 60 }
[[station.connector]]
max_a = 32
min_a = 6
"""
MASK = b"\0\0\0\0"
PROTOCOL_ERROR, NOT_UTF8, TOO_BIG = 1002, 1007, 1009
AUTHORIZE = '[2,"a","Authorize",{"idTag":%s}]'

# What is sent as text, and the error that it is answered, or the code of the close.
TEXTS = [
    ("nesting of 10,000", '[2,"a","Heartbeat",{"a":' + "[" * 10_000 + "]" * 10_000 + "}]", "FormationViolation"),
    ("nesting of 10,000 that never ends", '[2,"a","Heartbeat",{"a":' + "[" * 10_000, None),
    ("a name twice", '[2,"a","Authorize",{"idTag":"A","idTag":"B"}]', "FormationViolation"),
    ("bad UTF-8", b'[2,"a","Authorize",{"idTag":"\xff\xfe"}]', NOT_UTF8),
    ("UTF-8 that is longer than it needs", b'[2,"a","Authorize",{"idTag":"\xc0\x80"}]', NOT_UTF8),
    ("a surrogate in UTF-8", b'[2,"a","Authorize",{"idTag":"\xed\xa0\x80"}]', NOT_UTF8),
    ("a lone high surrogate", AUTHORIZE % r'"\ud800"', "FormationViolation"),
    ("a lone low surrogate", AUTHORIZE % r'"\udc00x"', "FormationViolation"),
    ("NUL as it is", b'[2,"a","Authorize",{"idTag":"A\0B"}]', "FormationViolation"),
    ("1e999", '[2,"a","MeterValues",{"connectorId":1e999,"meterValue":[]}]', "FormationViolation"),
    ("an integer of 400 digits", '[2,"a","MeterValues",{"connectorId":' + "9" * 400 + ',"meterValue":[]}]', None),
    ("no JSON", "]" * 60_000, None),
    ("1 MB of text", AUTHORIZE % ('"' + "A" * 1_000_000 + '"'), TOO_BIG),
]


def frame(first: int, payload: bytes, mask: bool = True) -> bytes:
    """`first`: FIN, reserved bits and the opcode."""
    size = len(payload)
    lengths = bytes([size]) if size < 126 else bytes([126]) + struct.pack(">H", size)
    if not mask:
        return bytes([first]) + lengths + payload
    return bytes([first, 0x80 | lengths[0]]) + lengths[1:] + MASK + payload


# Bytes that end the connection, and the code of the close.
FRAMES = [
    ("a frame without a mask", frame(0x81, b"[]", mask=False), PROTOCOL_ERROR),
    ("reserved bit 1", frame(0xC1, b"[]"), PROTOCOL_ERROR),
    ("reserved bit 2", frame(0xA1, b"[]"), PROTOCOL_ERROR),
    ("reserved bit 3", frame(0x91, b"[]"), PROTOCOL_ERROR),
    ("an opcode that is none", frame(0x83, b"[]"), PROTOCOL_ERROR),
    ("a control opcode that is none", frame(0x8B, b""), PROTOCOL_ERROR),
    ("a ping in two parts", frame(0x09, b"a"), PROTOCOL_ERROR),
    ("a ping of 126 bytes", frame(0x89, b"a" * 126), PROTOCOL_ERROR),
    ("the end of what has not begun", frame(0x80, b"[]"), PROTOCOL_ERROR),
    ("a text in a text", frame(0x01, b"[") + frame(0x81, b"]"), PROTOCOL_ERROR),
    ("a close of one byte", frame(0x88, b"a"), PROTOCOL_ERROR),
    ("100,000 fragments of a byte", frame(0x01, b"[") + frame(0x00, b"[") * 100_000, TOO_BIG),
]


class hostile_frames_test(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = Path(cls.enterClassContext(tempfile.TemporaryDirectory(prefix="busbar_hostile_")))
        cls.engine = OcppEngine(folder, "wallbox-1", more_stations=NEIGHBOUR)
        cls.addClassCleanup(cls.engine.end)
        cls.neighbour = RawSocket(cls.engine.url + "/neighbour")
        cls.addClassCleanup(cls.neighbour.end)
        cls.neighbour.boot()
        cls.beats = 0

    def connect(self) -> RawSocket:
        """The station before is gone: its identity is free once the gateway has seen its end."""
        deadline = time.monotonic() + 20
        while True:
            link = RawSocket(self.engine.url + "/wallbox-1")
            if link.status == 101:
                self.addCleanup(link.end)
                link.boot()
                return link
            link.end()
            self.assertLess(time.monotonic(), deadline, f"still refused: {link.status}")

    def serves_the_neighbour(self):
        type(self).beats += 1
        answer = self.neighbour.call(f"n{self.beats}", "Heartbeat", {})
        self.assertIn("currentTime", answer[2])
        self.assertIsNone(self.engine.process.poll(), "the engine has ended")

    def ends_with(self, link: RawSocket, code: int):
        try:
            self.assertEqual(link.close_code(), code)
        except OSError as ended:
            self.fail(f"it ended without a code: {ended!r}")

    def test_what_is_no_frame_of_a_WebSocket_ends_its_connection_alone(self):
        for name, sent, code in FRAMES:
            with self.subTest(name):
                link = self.connect()
                sender = threading.Thread(target=self.send_all, args=(link, sent))
                sender.start()
                self.ends_with(link, code)
                link.socket.close()
                sender.join(30)
                self.serves_the_neighbour()

    @staticmethod
    def send_all(link: RawSocket, sent: bytes):
        try:
            link.socket.sendall(sent)
        except OSError:
            pass

    def test_text_that_cannot_be_read_is_an_error_or_a_close_and_never_the_end_of_the_engine(self):
        for name, text, outcome in TEXTS:
            with self.subTest(name):
                link = self.connect()
                sender = threading.Thread(target=self.send_text, args=(link, text))
                sender.start()
                if isinstance(outcome, int):
                    self.ends_with(link, outcome)
                else:
                    self.is_served_after(link, outcome)
                link.socket.close()
                sender.join(30)
                self.serves_the_neighbour()

    @staticmethod
    def send_text(link: RawSocket, text):
        try:
            link.send(text if isinstance(text, bytes) else text.encode())
            link.send(b'[2,"after","Heartbeat",{}]')
        except OSError:
            pass

    def is_served_after(self, link: RawSocket, error):
        """The next heartbeat is answered; before it the error, where one is meant."""
        errors = []
        while True:
            opcode, payload = link.read()
            if opcode == 10:
                continue
            self.assertEqual(opcode, 1, payload)
            answer = json.loads(payload)
            if answer[:2] == [3, "after"]:
                break
            if answer[0] == 4 and answer[1] != "after":
                errors.append(answer[2])
            elif answer[0] == 2:
                link.send(json.dumps([3, answer[1], {"status": "Accepted"}]).encode())
        if error:
            self.assertEqual(errors, [error])

    def test_a_message_in_fragments_with_pings_between_them_is_read(self):
        link = self.connect()
        parts = b'[2,"after","Heartbeat",{}]'
        sent = frame(0x01, parts[:1])
        for each in parts[1:-1]:
            sent += frame(0x89, b"p") + frame(0x00, bytes([each]))
        link.socket.sendall(sent + frame(0x80, parts[-1:]))
        self.is_served_after(link, None)
        link.end()

    def test_a_flood_of_10_000_pings_keeps_no_neighbour_waiting(self):
        link = self.connect()
        flood = threading.Thread(target=self.send_all, args=(link, frame(0x89, b"p" * 100) * 10_000))
        flood.start()
        drains = threading.Thread(target=self.read_all, args=(link,))
        drains.start()
        for _ in range(20):
            self.serves_the_neighbour()
        flood.join(60)
        self.assertFalse(flood.is_alive(), "pings are not read")
        link.socket.shutdown(socket.SHUT_RDWR)
        drains.join(30)

    @staticmethod
    def read_all(link: RawSocket):
        try:
            while link.socket.recv(65536):
                pass
        except OSError:
            pass

    def test_heads_that_are_too_long_are_refused(self):
        for name, headers in (("2,000 headers", [f"X-{i}: 1" for i in range(2_000)]),
                              ("32 kB of subprotocols", ["Sec-WebSocket-Protocol: " + "a, " * 11_000 + "b"])):
            with self.subTest(name):
                try:
                    link = RawSocket(self.engine.url + "/wallbox-1", headers=headers)
                except OSError:
                    pass
                else:
                    self.addCleanup(link.end)
                    self.assertIn(link.status, (400, 401, 431))
                self.serves_the_neighbour()
        self.connect().end()

    def test_handshakes_that_are_never_finished_keep_no_station_out(self):
        place = urlsplit(self.engine.url)
        slow = [socket.create_connection((place.hostname, place.port), 30) for _ in range(500)]
        for each in slow:
            self.addCleanup(each.close)
            each.sendall(b"GET /ocpp/wallbox-1 HTTP/1.1\r\nHost: a\r\n")
        self.connect().end()
        self.serves_the_neighbour()
        for each in slow:
            each.settimeout(30)
            self.is_ended(each)

    def is_ended(self, each: socket.socket):
        """By an answer or without one."""
        try:
            while each.recv(65536):
                pass
        except ConnectionResetError:
            pass

    def test_what_stands_in_a_text_is_shown_as_text_and_never_in_a_label(self):
        evil = "\r\n\x1b[31m<script>{a=\"b\"}"
        link = self.connect()
        for field in ("chargePointVendor", "chargePointModel", "firmwareVersion", "iccid"):
            boot = {"chargePointVendor": "V", "chargePointModel": "M", field: evil + "x" * (255 - len(evil))}
            self.assertEqual(link.call(f"b-{field}", "BootNotification", boot)[2]["status"], "Accepted")
        link.call("evil", "StatusNotification",
                  {"connectorId": 1, "status": "Faulted", "errorCode": "OtherError", "info": evil,
                   "vendorErrorCode": evil})
        link.call("tag", "StartTransaction", {"connectorId": 1, "idTag": evil[:20], "meterStart": 0,
                                              "timestamp": "2026-01-01T00:00:00Z"})
        for path in ("/api/v1/chargepoints/wallbox-1", "/api/v1/chargepoints/wallbox-1/messages",
                     "/api/v1/chargepoints/wallbox-1/transactions"):
            with urllib.request.urlopen(self.engine.api + path, timeout=30) as answer:
                self.assertEqual(answer.headers["Content-Type"], "application/json")
                text = answer.read()
            json.loads(text)
            self.assertNotIn(b"\x1b", text)
        with urllib.request.urlopen(self.engine.api + "/metrics", timeout=30) as answer:
            self.assertNotIn("script", answer.read().decode())
        self.assertNotIn("\x1b", self.engine.log.read_text())
        self.serves_the_neighbour()

    def test_a_peer_that_never_reads_is_closed(self):
        link = self.connect()
        link.socket.settimeout(60)
        call = json.dumps([2, "i" * 250, "NoSuchAction", {}]).encode()
        # 60 MB of calls, and as much of answers, fit no buffer of the kernel.
        with self.assertRaises((BrokenPipeError, ConnectionResetError)):
            for _ in range(200_000):
                link.send(call)
        self.serves_the_neighbour()
        self.connect().end()


if __name__ == "__main__":
    unittest.main()
