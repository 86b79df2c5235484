"""The check of docs/bounds.md is shown failing each way, and the page passes."""

import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import check_bounds  # noqa: E402

SOURCE = """
constexpr std::size_t rows_max = 200'000; // more is refused
constexpr domain::seconds retry_after{5};
inline constexpr std::int64_t one = std::int64_t{1} << 33, fine_max = one << 20;
constexpr std::int64_t hold_max = 60;
constexpr auto int_max = std::numeric_limits<int>::max();
constexpr std::size_t width = 3;
void wait() {
  constexpr domain::microseconds patience = std::chrono::milliseconds{50};
}
"""
PAGE = """
| name | value | above it | file |
|---|---|---|---|
| `rows_max` | 200,000 | refused | `actors/bay.cpp` |
| `retry_after` | 5 s | no earlier | `actors/bay.cpp` |
| `fine_max` | 2^53 mA | counts as this | `actors/bay.cpp` |
| `hold_max` | 60 s | refused | `actors/bay.cpp` |
| `patience` | 50 ms | given up | `actors/bay.cpp` |
"""


class Bounds(unittest.TestCase):
    def faults(self, source: str = SOURCE, page: str = PAGE, link: str = "[all](bounds.md)") -> list:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            for name, text in (("actors/bay.cpp", source), ("docs/bounds.md", page),
                               ("docs/architecture.md", link)):
                (root / name).parent.mkdir(exist_ok=True)
                (root / name).write_text(text)
            return check_bounds.check(root)

    def test_a_page_with_every_bound_passes(self):
        self.assertEqual(self.faults(), [])

    def test_a_constant_without_a_row(self):
        self.assertEqual(self.faults(source=SOURCE + "constexpr int tries_max = 6;\n"),
                         ["actors/bay.cpp: `tries_max` (6) stands in no row of docs/bounds.md with "
                          "that value"])

    def test_a_row_with_another_number(self):
        faults = self.faults(page=PAGE.replace("200,000", "100,000"))
        self.assertEqual(faults, ["actors/bay.cpp: `rows_max` (200,000) stands in no row of "
                                  "docs/bounds.md with that value",
                                  "docs/bounds.md: no `rows_max` of 100,000 in actors/bay.cpp"])

    def test_a_row_with_another_unit_of_time(self):
        self.assertEqual(len(self.faults(page=PAGE.replace("5 s", "5 ms"))), 2)

    def test_a_row_of_a_constant_that_is_gone(self):
        faults = self.faults(source=SOURCE.replace("patience", "pauses_for"))
        self.assertEqual(faults, ["docs/bounds.md: no `patience` of 50,000 in actors/bay.cpp"])

    def test_two_constants_of_one_name_need_two_rows(self):
        again = "void stop() {\n  constexpr std::chrono::milliseconds patience{50};\n}\n"
        self.assertEqual(len(self.faults(source=SOURCE + again)), 1)

    def test_a_row_that_does_not_say_what_happens(self):
        faults = self.faults(page=PAGE.replace("given up", ""))
        self.assertIn("docs/bounds.md:8: not | `name` |", faults[0])

    def test_a_value_that_cannot_be_worked_out(self):
        faults = self.faults(source=SOURCE + "constexpr int tries_max = f(6);\n")
        self.assertEqual(faults, ["actors/bay.cpp: `tries_max = f(6)`: not a constant expression of "
                                  "numbers"])

    def test_a_constant_that_has_moved_is_followed(self):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            for name, text in (("actors/desk.cpp", SOURCE), ("docs/bounds.md", PAGE),
                               ("docs/architecture.md", "[all](bounds.md)")):
                (root / name).parent.mkdir(exist_ok=True)
                (root / name).write_text(text)
            self.assertEqual(len(check_bounds.check(root)), 10)
            check_bounds.follow(root)
            self.assertEqual(check_bounds.check(root), [])
            self.assertIn("| `patience` | 50 ms | given up | `actors/desk.cpp` |",
                          (root / "docs/bounds.md").read_text())

    def test_a_page_that_is_not_linked(self):
        self.assertEqual(self.faults(link="bounds"),
                         ["docs/architecture.md: no link to docs/bounds.md"])


class TheProject(unittest.TestCase):
    def test_every_bound_is_documented(self):
        self.assertEqual(check_bounds.check(ROOT), [])


if __name__ == "__main__":
    unittest.main()
