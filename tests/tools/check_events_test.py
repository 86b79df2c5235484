"""The check of the events' table is shown failing each way, and the tree passes."""

import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import check_events  # noqa: E402

SOURCE = """
constexpr form lost{"meter_lost", critical, "the meter is lost; counts as "
                                            "{load}"};
constexpr form raised{"raised", {info, critical}, "{a}};", speaker::log};
event of() { return filled(lost, raised); }
"""
PAGE = """## Events
| kind | severity | text | what to do |
|---|---|---|---|
| `meter_lost` | critical | the meter is lost; counts as {load} | look at the meter |
| `raised` | info to critical | {a}}; | nothing |

## More
| `other` | of | another | table |
"""


class Events(unittest.TestCase):
    def faults(self, source: str = SOURCE, page: str = PAGE, user: str = "") -> list:
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            for name, text in (("domain/events/meters.cpp", source), ("docs/operations.md", page),
                               ("site/desk.cpp", user)):
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text)
            return check_events.check(root)

    def test_a_table_of_every_form_passes(self):
        self.assertEqual(self.faults(), [])

    def test_a_form_without_a_row_is_named(self):
        page = PAGE.replace("| `meter_lost` | critical | the meter is lost; counts as {load} "
                            "| look at the meter |\n", "")
        self.assertIn("no row for | `meter_lost` | critical |", self.faults(page=page)[0])

    def test_a_row_without_a_form_is_named(self):
        page = PAGE.replace("\n\n## More", "\n| `gone` | info | is gone | nothing |\n\n## More")
        self.assertIn("no event is | `gone` | info | is gone |", self.faults(page=page)[0])

    def test_another_severity_or_text_is_a_fault_both_ways(self):
        for old, new in (("| critical |", "| warning |"), ("is lost;", "is away;")):
            self.assertEqual(len(self.faults(page=PAGE.replace(old, new, 1))), 2)

    def test_a_row_says_what_to_do(self):
        faults = self.faults(page=PAGE.replace("| look at the meter |", "| |"))
        self.assertTrue(any("what to do" in fault for fault in faults), faults)

    def test_a_form_that_no_constructor_makes_is_named(self):
        faults = self.faults(source=SOURCE.replace("filled(lost, raised)", "filled(raised)"))
        self.assertIn("no constructor makes lost", faults[0])

    def test_a_form_that_cannot_be_read_is_named(self):
        faults = self.faults(source=SOURCE + "constexpr form odd{lost};\n")
        self.assertIn("form odd is not", faults[0])

    def test_an_event_that_is_filled_elsewhere_is_named(self):
        for user in ("void f() { domain::event event; }", "auto e = domain::event{};",
                     "domain::event one{site, at};", "event.level = domain::severity::info;",
                     "auto& event = out.emplace_back();", '#include "domain/events/form.hpp"'):
            self.assertEqual(len(self.faults(user=user)), 1, user)
        self.assertEqual(self.faults(user="domain::event f(const domain::event& event);"), [])

    def test_the_tree_passes(self):
        self.assertEqual(check_events.check(ROOT), [])


if __name__ == "__main__":
    unittest.main()
