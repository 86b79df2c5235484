"""A WebSocket client by hand: it may be as rude as a test wants."""

import base64
import json
import os
import socket
import ssl
import struct
from urllib.parse import urlsplit


class RawSocket:
    """One connection; `status` and `headers` are those of the handshake's answer. `tls`: the
    context under which wss:// is spoken."""

    def __init__(self, url: str, protocols="ocpp1.6", headers=(), timeout_s: float = 30,
                 tls: ssl.SSLContext | None = None):
        place = urlsplit(url)
        self.socket = socket.create_connection((place.hostname, place.port), timeout_s)
        if tls:
            self.socket = tls.wrap_socket(self.socket, server_hostname=place.hostname)
        key = base64.b64encode(os.urandom(16)).decode()
        lines = [f"GET {place.path} HTTP/1.1", f"Host: {place.netloc}", "Upgrade: websocket",
                 "Connection: Upgrade", f"Sec-WebSocket-Key: {key}", "Sec-WebSocket-Version: 13",
                 *([f"Sec-WebSocket-Protocol: {protocols}"] if protocols else []), *headers]
        self.socket.sendall(("\r\n".join(lines) + "\r\n\r\n").encode())
        self.buffer = b""
        head = self.read_until(b"\r\n\r\n").decode(errors="replace").split("\r\n")
        self.status = int(head[0].split()[1])
        self.headers = {line.split(":", 1)[0].lower(): line.split(":", 1)[1].strip()
                        for line in head[1:] if ":" in line}

    def read_until(self, end: bytes) -> bytes:
        while end not in self.buffer:
            more = self.socket.recv(65536)
            if not more:
                raise ConnectionError("closed in the head")
            self.buffer += more
        found, self.buffer = self.buffer.split(end, 1)
        return found

    def read_exactly(self, count: int) -> bytes:
        while len(self.buffer) < count:
            more = self.socket.recv(65536)
            if not more:
                raise ConnectionError("closed")
            self.buffer += more
        found, self.buffer = self.buffer[:count], self.buffer[count:]
        return found

    def rest(self) -> bytes:
        """Everything until the end."""
        while more := self.socket.recv(65536):
            self.buffer += more
        return self.buffer

    def send(self, payload: bytes, opcode: int = 1, length: int = -1):
        """A masked frame; `length` lies about its size."""
        size = len(payload) if length < 0 else length
        head = bytes([0x80 | opcode])
        if size < 126:
            head += bytes([0x80 | size])
        elif size < 65536:
            head += bytes([0x80 | 126]) + struct.pack(">H", size)
        else:
            head += bytes([0x80 | 127]) + struct.pack(">Q", size)
        self.socket.sendall(head + b"\0\0\0\0" + payload)

    def read(self) -> tuple:
        """(opcode, payload); pings are answered."""
        first, second = self.read_exactly(2)
        size = second & 127
        if size == 126:
            size = struct.unpack(">H", self.read_exactly(2))[0]
        elif size == 127:
            size = struct.unpack(">Q", self.read_exactly(8))[0]
        payload = self.read_exactly(size)
        if first & 15 == 9:
            self.send(payload, 10)
            return self.read()
        return first & 15, payload

    def answer_pings(self):
        """Until the connection ends."""
        try:
            while True:
                self.read()
        except OSError:
            pass

    def close_code(self) -> int:
        """What it is closed with, whatever comes before."""
        while True:
            opcode, payload = self.read()
            if opcode == 8:
                return struct.unpack(">H", payload[:2])[0]

    def answer_to(self, text: str, message_id: str) -> list:
        """Sends a frame; CALLs of the other side are accepted until the answer comes."""
        self.send(text.encode())
        while True:
            _, payload = self.read()
            frame = json.loads(payload)
            if frame[0] == 2:
                self.send(json.dumps([3, frame[1], {"status": "Accepted"}]).encode())
            elif frame[1] == message_id:
                return frame

    def call(self, message_id: str, action: str, payload: dict) -> list:
        return self.answer_to(json.dumps([2, message_id, action, payload]), message_id)

    def boot(self) -> list:
        return self.call("boot", "BootNotification",
                         {"chargePointVendor": "V", "chargePointModel": "M"})

    def end(self):
        self.socket.close()
