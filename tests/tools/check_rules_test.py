"""Each thing that tools/check_rules.py holds is shown failing, and the project passes."""

import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import check_rules  # noqa: E402

# Not written out: this file is read by the check as well.
UNKNOWN = "LIM" + "-99"
UNKNOWN_IN_A_NAME = UNKNOWN.replace("-", "_")


def row_of(rule: str) -> str:
    cells = ["what it says", f"`control/{rule}.hpp`", f"`tests/control/{rule}_test.cpp`"]
    cells += ["`simulator/auditor.cpp`"] * (len(check_rules.COLUMNS) - 4)
    return f"| {rule} | {' | '.join(cells)} |"


class Tree(unittest.TestCase):
    """A tree in which every rule has its row, its code and its test."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        self.write("docs/control/README.md", "\n".join(row_of(rule) for rule in check_rules.RULES))
        self.write("simulator/auditor.cpp", "// looks on\n")
        for rule in check_rules.RULES:
            self.write(f"control/{rule}.hpp", f"// keeps {rule}\n")
            self.write(f"tests/control/{rule}_test.cpp",
                       f"TEST(suite, {rule.replace('-', '_')}_holds) {{}}\n")

    def write(self, path: str, text: str):
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text)

    def change(self, path: str, before: str, after: str):
        text = (self.root / path).read_text()
        self.assertIn(before, text)
        (self.root / path).write_text(text.replace(before, after))

    def assert_breach(self, words: str):
        faults = check_rules.check(self.root)
        self.assertTrue(any(words in fault for fault in faults), f"{words}: {faults}")

    def test_a_whole_table_passes(self):
        self.assertEqual(check_rules.check(self.root), [])

    def test_a_rule_without_a_row_or_with_two_is_told(self):
        self.change("docs/control/README.md", row_of("RAMP-1"), "")
        self.assert_breach("docs/control/README.md: RAMP-1 has no row")
        self.change("docs/control/README.md", row_of("OWN-1"), f"{row_of('OWN-1')}\n{row_of('OWN-1')}")
        self.assert_breach("OWN-1 has more than one row")

    def test_an_empty_or_missing_cell_is_told(self):
        self.change("docs/control/README.md", "| LIM-2 | what it says |", "| LIM-2 |  |")
        self.change("docs/control/README.md", "| LIM-3 | what it says |", "| LIM-3 |")
        self.assert_breach("docs/control/README.md:2: LIM-2: the cell `text` is empty")
        self.assert_breach(f"LIM-3 has {len(check_rules.COLUMNS) - 1} cells")

    def test_a_path_that_does_not_exist_is_told(self):
        (self.root / "control/SAFE-1.hpp").unlink()
        (self.root / "tests/control/SAFE-2_test.cpp").unlink()
        self.assert_breach("SAFE-1: control/SAFE-1.hpp does not exist")
        self.assert_breach("SAFE-2: tests/control/SAFE-2_test.cpp does not exist")

    def test_a_cell_that_names_no_path_is_told(self):
        self.change("docs/control/README.md", "`control/LIM-6.hpp`", "somewhere")
        self.assert_breach("LIM-6: the cell `code` names no path")

    def test_a_rule_that_no_test_cites_in_its_name_is_told(self):
        self.write("tests/control/FAIR-1_test.cpp", "TEST(suite, holds) {} // FAIR-1\n")
        self.assert_breach("tests: no test's name cites FAIR-1")
        self.assert_breach("FAIR-1: no test's name in tests/control/FAIR-1_test.cpp cites it")

    def test_a_rule_that_its_code_does_not_cite_is_told(self):
        self.write("control/LIFE-1.hpp", "// keeps it\n")
        self.assert_breach("LIFE-1: no comment of its code cites it")

    def test_a_rule_that_does_not_exist_is_told_wherever_it_is_cited(self):
        self.write("control/x.cpp", f"\n// {UNKNOWN}: no such rule\n")
        self.write("tests/control/x_test.cpp", f"TEST(x, {UNKNOWN_IN_A_NAME}_holds) {{}}\n")
        self.write("tests/page/x.unit.test.ts", f"it('{UNKNOWN} is shown', () => 1);\n")
        for place in ("control/x.cpp:2", "tests/control/x_test.cpp:1", "tests/page/x.unit.test.ts:1"):
            self.assert_breach(f"{place}: there is no rule {UNKNOWN}")

    def test_names_of_python_and_typescript_tests_count(self):
        (self.root / "tests/control/LIM-1_test.cpp").unlink()
        (self.root / "tests/control/LIM-2_test.cpp").unlink()
        self.write("tests/deploy/a_test.py", "    def test_LIM_1_holds(self):\n")
        self.write("tests/page/a.unit.test.ts", "it('LIM-2 is shown', () => 1);\n")
        faults = check_rules.check_tested(self.root)
        self.assertEqual(faults, [])


class TheProject(unittest.TestCase):
    def test_every_rule_has_text_code_and_tests(self):
        self.assertEqual(check_rules.check(ROOT), [])


if __name__ == "__main__":
    unittest.main()
