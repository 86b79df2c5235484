"""Each check of kept_checks.py finds what was planted, and nothing in a history that is right."""

import sys
import unittest
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import kept_checks
from log_records import START, STOP, driver_request, session_command, session_fact

ACCEPTED = session_fact("yard", "CP-1.1.1", "r-1", "ACCEPTED", 1, 0, "", None, None)
RUNS = replace(ACCEPTED, kind="IN_PROGRESS", at_us=2, energy_wh=5)
COMPLETED = replace(ACCEPTED, kind="COMPLETED", at_us=3, energy_wh=9, why="driver")
DENIED = replace(ACCEPTED, session="", kind="DENIED", why="no answer")
RIGHT = [ACCEPTED, RUNS, COMPLETED]
BEGIN, END = ("yard", 1, 0, 7), ("yard", 1, 0, 9)
COMMANDS = [session_command(BEGIN, START, "CP-1.1.1"), session_command(END, STOP, "CP-1.1.1")]
REQUEST = driver_request("yard", "r-1", 1, 1)


class kept_checks_test(unittest.TestCase):
    def test_nothing_is_found_in_a_history_that_is_right(self):
        self.assertEqual(kept_checks.lost_sessions(RIGHT, set()), [])
        self.assertEqual(kept_checks.lost_sessions([ACCEPTED], {("yard", "CP-1.1.1")}), [])
        self.assertEqual(kept_checks.doubled_sessions(RIGHT), [])
        self.assertEqual(kept_checks.falling_energy(RIGHT), [])
        self.assertEqual(kept_checks.wrong_bills(RIGHT, COMMANDS, {BEGIN: 100, END: 110}), (1, []))
        self.assertEqual(kept_checks.wrong_answers(RIGHT, [REQUEST], 10), [])
        self.assertEqual(kept_checks.unsaid_starts(RIGHT, COMMANDS), [])

    def test_LIFE_1_a_session_that_is_neither_completed_nor_open_is_found(self):
        self.assertEqual(len(kept_checks.lost_sessions([ACCEPTED, RUNS], set())), 1)

    def test_LIFE_1_a_second_start_or_bill_is_found(self):
        self.assertEqual(len(kept_checks.doubled_sessions(RIGHT + [COMPLETED])), 1)
        self.assertEqual(len(kept_checks.doubled_sessions(RIGHT + [ACCEPTED])), 1)
        self.assertEqual(len(kept_checks.doubled_sessions([RUNS, COMPLETED])), 1)

    def test_LIFE_1_energy_that_falls_is_found(self):
        self.assertEqual(len(kept_checks.falling_energy(RIGHT[:2] + [replace(COMPLETED, energy_wh=4)])), 1)

    def test_LIFE_1_a_bill_that_differs_from_the_registers_is_found(self):
        self.assertEqual(len(kept_checks.wrong_bills(RIGHT, COMMANDS, {BEGIN: 100, END: 111})[1]), 1)
        self.assertEqual(kept_checks.wrong_bills(RIGHT, COMMANDS, {BEGIN: 100}), (0, []))

    def test_KEEP_1_a_request_with_two_answers_or_none_is_found(self):
        self.assertEqual(len(kept_checks.wrong_answers(RIGHT + [DENIED], [REQUEST], 10)), 1)
        self.assertEqual(len(kept_checks.wrong_answers([], [REQUEST], 10)), 1)
        self.assertEqual(kept_checks.wrong_answers([], [REQUEST], 1), [])

    def test_KEEP_1_a_start_of_a_session_that_no_fact_accepts_is_found(self):
        self.assertEqual(len(kept_checks.unsaid_starts([], COMMANDS)), 2)

    def test_KEEP_1_a_reserved_station_that_another_driver_takes_is_found(self):
        held = replace(ACCEPTED, session="", station="CP-1", driver="Alice")
        hers = replace(held, session="CP-1.1.1")
        his = replace(hers, driver="Bob", at_us=900_000_000)
        self.assertEqual(kept_checks.broken_reservations([held, hers, his]), [])
        self.assertEqual(kept_checks.broken_reservations([held, replace(his, at_us=900_000_001)]), [])
        self.assertEqual(kept_checks.broken_reservations([held, replace(his, station="CP-2")]), [])
        self.assertEqual(len(kept_checks.broken_reservations([held, his])), 1)


if __name__ == "__main__":
    unittest.main()
