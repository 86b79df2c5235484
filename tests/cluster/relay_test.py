"""A cut holds back what one side sends, in the direction that is cut, until it heals."""

import contextlib
import socket
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from relay import free_ports, relay

SILENT_S = 0.3


class relay_test(unittest.TestCase):
    def setUp(self):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.addCleanup(self.listener.close)
        self.link = relay(free_ports(1)[0], self.listener.getsockname()[1])
        self.addCleanup(self.link.close)
        self.node = socket.create_connection(("127.0.0.1", self.link.port), timeout=10)
        self.addCleanup(self.node.close)
        self.broker, _ = self.listener.accept()
        self.broker.settimeout(10)
        self.addCleanup(self.broker.close)

    def assert_silent(self, side: socket.socket):
        side.settimeout(SILENT_S)
        with contextlib.suppress(TimeoutError):
            self.fail(f"got {side.recv(100)}")
        side.settimeout(10)

    def test_both_ways_are_open_at_first(self):
        self.node.sendall(b"ask")
        self.assertEqual(self.broker.recv(100), b"ask")
        self.broker.sendall(b"answer")
        self.assertEqual(self.node.recv(100), b"answer")

    def test_a_cut_of_both_ways_holds_all_back_until_it_heals(self):
        self.link.cut()
        self.node.sendall(b"ask")
        self.broker.sendall(b"answer")
        self.assert_silent(self.broker)
        self.assert_silent(self.node)
        self.link.heal()
        self.assertEqual(self.broker.recv(100), b"ask")
        self.assertEqual(self.node.recv(100), b"answer")

    def test_a_cut_of_one_way_leaves_the_other_open(self):
        self.link.cut(to_broker=False)
        self.node.sendall(b"ask")
        self.assertEqual(self.broker.recv(100), b"ask")
        self.broker.sendall(b"answer")
        self.assert_silent(self.node)

    def test_an_end_of_one_side_reaches_the_other(self):
        self.node.close()
        self.assertEqual(self.broker.recv(100), b"")


if __name__ == "__main__":
    unittest.main()
