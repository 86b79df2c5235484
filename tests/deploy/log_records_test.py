"""Which session facts count: what engines, gateways and fleets do (messages/fact_gate.hpp), read by a test's own eyes."""

import struct
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import log_records
import session_ledger

GOLDEN = Path(__file__).resolve().parents[1] / "messages/golden"
OWNER, AT_US, FENCE = 1, 6, 17  # field ids in messages/schema/owners.fbs and sessions.fbs


def table(identifier: bytes, fields: dict[int, int]) -> bytes:
    """A FlatBuffers table of numbers of eight bytes each."""
    slots = max(fields) + 1
    places = {each: 8 + 8 * place for place, each in enumerate(sorted(fields))}
    vtable = struct.pack("<HH", 4 + 2 * slots, 8 + 8 * len(fields))
    vtable += b"".join(struct.pack("<H", places.get(each, 0)) for each in range(slots))
    vtable += b"\0" * (-len(vtable) % 8)
    values = b"".join(struct.pack("<Q", fields[each]) for each in sorted(fields))
    begin = 8 + len(vtable)
    return struct.pack("<I", begin) + identifier + vtable + \
        struct.pack("<iI", len(vtable), 0) + values


def fact(at_us: int, fence: int = 0) -> bytes:
    return table(b"BBS1", {AT_US: at_us, FENCE: fence} if fence else {AT_US: at_us})


def mark(owner: int) -> bytes:
    return table(b"BBO1", {OWNER: owner})


class log_records_test(unittest.TestCase):
    def counted(self, *partitions: list[bytes]) -> list[int]:
        return [each.at_us for each in log_records.facts_that_count(list(partitions))]

    def test_OWN_2_facts_of_an_older_fence_after_one_of_a_newer_do_not_count(self):
        self.assertEqual(self.counted([fact(1, 7), fact(2, 12), fact(3, 7), fact(4, 12)]), [1, 2, 4])

    def test_OWN_2_facts_of_an_older_fence_after_the_mark_of_a_newer_owner_do_not_count(self):
        self.assertEqual(self.counted([fact(1, 7), mark(12), fact(2, 7), fact(3, 12)]), [1, 3])

    def test_OWN_2_a_mark_that_comes_late_counts_less_than_a_newer_fact(self):
        self.assertEqual(self.counted([fact(1, 12), mark(7), fact(2, 7)]), [1])

    def test_OWN_2_marks_of_one_partition_say_nothing_of_another(self):
        self.assertEqual(self.counted([mark(12)], [fact(1, 7)]), [1])

    def test_facts_that_name_no_fence_count(self):
        self.assertEqual(self.counted([mark(12), fact(1)]), [1])

    def test_a_mark_is_no_fact_and_a_fact_no_mark(self):
        owner = (GOLDEN / "owners.bin").read_bytes()
        told = (GOLDEN / "sessions.bin").read_bytes()
        self.assertTrue(session_ledger.is_mark(owner))
        self.assertFalse(session_ledger.is_mark(told))
        self.assertEqual(session_ledger.ledger([owner]), {})
        self.assertEqual(len(session_ledger.ledger([owner, told])), 1)


if __name__ == "__main__":
    unittest.main()
