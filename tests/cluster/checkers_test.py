"""Each checker of a cluster's run is shown failing on a made history, and passing on one that is right."""

import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import checkers


def plan(at, node, site="yard-1", number=None):
    return {"t": at, "kind": "plan", "node": node, "site": site, "plan": number or int(at * 10)}


def fault(at, phase, goal_s=2, **more):
    return {"t": at, "kind": "fault", "fault": "leave", "phase": phase, "goal_s": goal_s, **more}


def steady(node, begin, end):
    return [plan(float(at), node) for at in range(begin, end)]


class checkers_of_a_run(unittest.TestCase):
    def test_a_site_that_stays_without_a_plan_is_found(self):
        told = steady("engine-1", 0, 10) + [fault(9.5, "begins")] + steady("engine-2", 21, 30)
        told += [fault(25, "ends")]
        self.assertEqual(checkers.slow_faults(told, ["yard-1"], 5),
                         ["leave: yard-1 without a plan for 12.0 s, goal 2 s and 5 s for the machine"])
        self.assertEqual(checkers.slow_faults(told, ["yard-1"], 10), [])

    def test_a_site_that_never_comes_back_is_found(self):
        told = steady("engine-1", 0, 10) + [fault(9.5, "begins"), fault(40, "ends")]
        self.assertEqual(len(checkers.slow_faults(told, ["yard-1"], 5)), 1)

    def test_plans_of_a_node_that_is_cut_off_count_for_nothing(self):
        told = steady("engine-1", 0, 10) + [fault(9.5, "begins")]
        told += [{"t": 9.6, "kind": "cut", "node": "engine-1", "is_cut": True}]
        told += steady("engine-1", 10, 20)
        told += [{"t": 19.5, "kind": "cut", "node": "engine-1", "is_cut": False}]
        told += steady("engine-1", 20, 23) + [fault(22.5, "ends")]
        self.assertEqual(len(checkers.slow_faults(told, ["yard-1"], 5)), 1)
        self.assertEqual(checkers.slow_faults(told, ["yard-1"], 10), [])

    def test_silence_counts_from_where_the_fault_says(self):
        told = steady("engine-1", 0, 10) + [fault(9.5, "begins", counts_from=30)]
        told += steady("engine-1", 33, 36) + [fault(35, "ends")]
        self.assertEqual(checkers.slow_faults(told, ["yard-1"], 2), [])

    def test_an_older_epoch_that_is_accepted_is_found(self):
        answers = [("yard-1", [(0, 5, 1), (1, 5, 2)]), ("yard-1", [(0, 6, 1)])]
        self.assertEqual(checkers.two_commanders(answers), [])
        answers += [("yard-2", [(0, 5, 9)]), ("yard-1", [(0, 5, 3)])]
        self.assertEqual(checkers.two_commanders(answers),
                         ["yard-1 connector 0: accepted number 3 of epoch 5 after epoch 6"])

    def test_two_nodes_that_plan_one_site_are_found(self):
        once = steady("engine-1", 0, 10) + steady("engine-2", 10, 20)
        self.assertEqual(checkers.two_owners(once, 5), [])
        both = sorted(steady("engine-1", 0, 20) + [plan(at + 0.5, "engine-2") for at in range(10, 20)],
                      key=lambda line: line["t"])
        self.assertEqual(len(checkers.two_owners(both, 5)), 1)
        self.assertEqual(checkers.two_owners(both, 10), [])

    def test_memory_and_files_that_grow_are_found(self):
        def size(rss_kib, files):
            return {"t": 0, "kind": "size", "node": "engine-1", "process": 7, "rss_kib": rss_kib,
                    "files": files}
        self.assertEqual(checkers.growth([size(90_000, 60), size(120_000, 70)]), [])
        self.assertEqual(checkers.growth([size(90_000, 60), size(400_000, 170)]),
                         ["engine-1 (7): 90000 KiB, then 400000",
                          "engine-1 (7): 60 open files, then 170"])

    def test_an_error_outside_of_every_fault_is_found(self):
        told = [fault(1, "begins"), {"t": 2, "kind": "call", "node": "a", "status": 503, "ms": 1},
                fault(3, "ends")]
        self.assertEqual(checkers.refused_calls(told), [])
        told += [{"t": 4, "kind": "call", "node": "a", "status": 500, "ms": 1}]
        self.assertEqual(checkers.refused_calls(told), ["a answered 500 at 4"])

    def test_findings_of_the_audit_and_sites_that_it_never_saw_are_found(self):
        site = {"site": "yard-1", "looks": 3, "findings": []}
        self.assertEqual(checkers.audit_findings({"sites": [site]}), [])
        broken = {**site, "findings": [{"at": "now", "rule": "LIM-1", "text": "too much"}]}
        self.assertEqual(checkers.audit_findings({"sites": [broken]}), ["yard-1 now LIM-1 too much"])
        self.assertEqual(len(checkers.audit_findings({"sites": [{**site, "looks": 0}]})), 1)
        self.assertEqual(len(checkers.audit_findings({"sites": []})), 1)


if __name__ == "__main__":
    unittest.main()
