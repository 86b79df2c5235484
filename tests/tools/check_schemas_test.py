"""Each rule of tools/check_schemas.py is shown failing, and the schemas pass."""

import subprocess
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import check_schemas  # noqa: E402

GOOD = '''
enum Kind : ubyte { unspecified = 0, one = 1 }

struct Sample {
  /// Power. W, -5..5.
  power_w:int;
}

table Batch {
  /// The site. 1..64 bytes.
  site:string (id: 0, required);
  /// Samples. 0..9 of them.
  samples:[Sample] (id: 1);
}

root_type Batch;
file_identifier "ABC1";
'''


class Schemas(unittest.TestCase):
    def assert_breach(self, text: str, words: str):
        breaches = check_schemas.check_text("x.fbs", text)
        self.assertTrue(any(words in breach for breach in breaches), f"{words}: {breaches}")

    def test_a_good_schema_passes(self):
        self.assertEqual(check_schemas.check_text("x.fbs", GOOD), [])

    def test_an_enumeration_begins_with_unspecified_and_is_numbered(self):
        self.assert_breach(GOOD.replace("unspecified = 0, ", ""), "unspecified = 0")
        self.assert_breach(GOOD.replace("one = 1", "one"), "does not number")
        self.assert_breach(GOOD.replace("one = 1", "one = 2"), "does not number")

    def test_every_field_is_described_with_its_range(self):
        self.assert_breach(GOOD.replace("  /// Power. W, -5..5.\n", ""), "power_w has no ///")
        self.assert_breach(GOOD.replace("W, -5..5.", "W."), "states no range")

    def test_every_field_of_a_table_has_an_id_of_its_own(self):
        self.assert_breach(GOOD.replace(" (id: 1)", ""), "samples has no (id: n)")
        self.assert_breach(GOOD.replace("id: 1", "id: 0"), "each once")
        self.assert_breach(GOOD.replace("id: 1", "id: 2"), "each once")

    def test_a_quantity_ends_with_its_unit(self):
        self.assert_breach(GOOD.replace("power_w:", "power:"), "end with its unit")

    def test_a_message_has_an_identifier_of_its_own(self):
        self.assert_breach(GOOD.replace('file_identifier "ABC1";', ""), "no file_identifier")
        self.assertTrue(check_schemas.check_identifiers({"a.fbs": GOOD, "b.fbs": GOOD}))

    def test_a_line_that_is_no_field_is_told(self):
        self.assert_breach(GOOD.replace("power_w:int;", "power_w:int"), "not a field")

    def test_the_schemas_of_the_project_pass(self):
        done = subprocess.run([ROOT / "tools" / "check_schemas.py"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stdout)


if __name__ == "__main__":
    unittest.main()
