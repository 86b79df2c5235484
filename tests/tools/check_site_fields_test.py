"""The check of docs/site-files.md is shown failing each way, and the document passes."""

import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import check_site_fields  # noqa: E402

READER = '''
void read_identity(table_reader& reader, domain::station& station) {
  station.id = reader.required_id("id");
  put(station.name, reader.text("name", 128));
}
'''
DOC = '''
## [[station]]
| field | default | meaning and range |
|---|---|---|
| `id`, `name` | required, the id | |
'''


def breaches(reader: str, doc: str) -> list:
    return check_site_fields.breaches_of(check_site_fields.known_fields(reader), doc)


class SiteFields(unittest.TestCase):
    def test_a_document_with_every_field_passes(self):
        self.assertEqual(breaches(READER, DOC), [])

    def test_a_field_that_is_read_and_not_documented_is_named(self):
        self.assertEqual(breaches(READER, DOC.replace(", `name`", "")),
                         ["docs/site-files.md: [[station]] lacks `name` (read_identity)"])

    def test_a_field_of_another_table_does_not_count(self):
        elsewhere = DOC.replace(", `name`", "") + "\n## [[node]]\n| `name` | the id | |\n"
        self.assertIn("docs/site-files.md: [[station]] lacks `name` (read_identity)",
                      breaches(READER, elsewhere))

    def test_a_documented_field_that_nothing_reads_is_named(self):
        self.assertEqual(breaches(READER, DOC + "| `colour` | red | |\n"),
                         ["docs/site-files.md: [[station]] has `colour`, which nothing reads"])

    def test_a_function_of_no_section_is_named(self):
        self.assertEqual(breaches(READER.replace("read_identity", "read_paint"), DOC)[0],
                         "read_paint reads `id`: no section is known for that function")

    def test_the_site_files_document_has_every_field(self):
        self.assertEqual(check_site_fields.check(ROOT), [])
        known = {field for source in (ROOT / "adapters/config").glob("*.cpp")
                 for _, field in check_site_fields.known_fields(source.read_text())}
        self.assertGreater(len(known), 100)


if __name__ == "__main__":
    unittest.main()
