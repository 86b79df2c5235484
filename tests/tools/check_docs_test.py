"""Each thing that tools/check_docs.py holds is shown failing, and the project passes."""

import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import check_docs  # noqa: E402

PROSE = "The station reports a reading. "
# Not written out: the check is not to find them in this file.
UNKNOWN_NAME = "never" + "_heard_of"
SOURCE = "int twice(int value) {\n  return value * 2;\n}\n"


class Documents(unittest.TestCase):
    """A tree with one document, that each test writes."""

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)
        self.write("control/limits/cable.hpp", "// cable_limit\n")
        self.write("control/limits/node_tables.cpp", "")
        self.write("control/README.md", "# control\n\n## What is here\n")

    def write(self, path: str, text: str):
        (self.root / path).parent.mkdir(parents=True, exist_ok=True)
        (self.root / path).write_text(text)

    def faults_of(self, text: str, path: str = "docs/page.md") -> list[str]:
        self.write(path, text)
        check_docs.known_words.cache_clear()
        check_docs.top_folders.cache_clear()
        return check_docs.check(self.root)

    def assert_refused(self, text: str, words: str, path: str = "docs/page.md"):
        faults = self.faults_of(text, path)
        self.assertTrue(any(words in fault for fault in faults), f"{words}: {faults}")

    def assert_taken(self, text: str, path: str = "docs/page.md"):
        self.assertEqual(self.faults_of(text, path), [])

    def test_a_line_of_prose_has_at_most_120_columns(self):
        self.assert_taken("x" * 120)
        self.assert_refused("\n" + "x" * 121, "docs/page.md:2: 121 columns of prose, at most 120")
        self.assert_refused("- " + PROSE * 4, "docs/page.md:1: 126 columns")

    def test_tables_and_blocks_of_code_may_be_wider(self):
        wide = PROSE * 5
        self.assert_taken(f"| {wide} |")
        self.assert_taken(f"![{wide}](../control/README.md)")
        self.assert_taken(f"```\n{wide}\n```\n")
        self.assert_taken(f"Run it:\n\n    {wide}\n    {wide}\n")
        self.assert_refused(f"```\n{wide}\n```\n{wide}", "docs/page.md:4:")
        self.assert_refused(f"- An item that goes on\n    {wide}", "docs/page.md:2:")

    def test_a_path_exists_seen_from_the_root_or_from_the_document(self):
        self.assert_taken("`control/limits/cable.hpp`, `control/limits/`, control/limits/cable.hpp")
        self.assert_taken("`limits/cable.hpp` and `limits/`", "control/OTHER.md")
        self.assert_refused("`control/limits/fuse.hpp`", "docs/page.md:1: control/limits/fuse.hpp")
        self.assert_refused("see control/limits/fuse.hpp.", "control/limits/fuse.hpp does not exist")
        self.assert_refused("`control/fuses/`", "control/fuses/ does not exist")
        self.assert_refused("`cable.hpp`", "cable.hpp does not exist")

    def test_a_pattern_is_the_name_of_something(self):
        self.assert_taken("`control/*/*_tables.cpp`, `control/<folder>/cable.hpp`")
        self.assert_refused("`control/*/*_table.cpp`", "control/*/*_table.cpp does not exist")

    def test_what_is_no_path_of_the_tree_is_let_be(self):
        self.assert_taken("`/api/v1/sites`, `a/b`, `build/dev/tests`, `out.csv`, `kafka://host:1`, "
                          "`control/limits = 3`")

    def test_a_link_leads_to_a_file_and_a_heading(self):
        self.assert_taken("[here](../control/README.md#what-is-here), [out](https://example.org/x)")
        self.assert_refused("[gone](../control/GONE.md)", "../control/GONE.md does not exist")
        self.assert_refused("[part](../control/README.md#what-was-here)",
                            "../control/README.md has no heading what-was-here")

    def test_a_name_in_backticks_stands_in_the_tree(self):
        self.assert_taken("`cable_limit`, `control::cable_limit`, `node_tables`, `busbar_any_total`")
        self.assert_refused(f"`{UNKNOWN_NAME}`", f"{UNKNOWN_NAME} stands nowhere in the tree")

    def test_a_document_that_a_source_cites_exists(self):
        self.write("control/limits/cable.hpp", "// cable_limit, see docs/page.md.\n")
        self.assert_taken(PROSE)
        self.write("control/limits/cable.hpp", "\n// cable_limit, see docs/gone.md.\n")
        self.assert_refused(PROSE, "control/limits/cable.hpp:2: docs/gone.md does not exist")

    def test_an_example_is_what_stands_in_its_file(self):
        self.write("control/twice.cpp", "#include <int>\n" + SOURCE)
        example = "The source (`control/twice.cpp`):\n\n```cpp\n{}```\n"
        self.assert_taken(example.format(SOURCE), "CONTRIBUTING.md")
        self.assert_refused(example.format(SOURCE.replace("2", "3")),
                            "the example is not what stands in control/twice.cpp",
                            "CONTRIBUTING.md")
        self.assert_refused("It is said twice:\n\n`control/thrice.cpp`:\n```cpp\nint x;\n```\n",
                            "no file control/thrice.cpp", "CONTRIBUTING.md")

    def test_things_are_not_called_like_people(self):
        self.assert_refused("Who" + "ever has not answered waits.", "docs/page.md:1: \"Whoever\"")
        self.assert_refused("no" + "body decides", "the thing by its name")

    def test_a_decision_has_a_number_of_its_own_that_its_heading_states(self):
        self.write("docs/adr/0001-sites.md", "# 1. Sites\n")
        self.assert_taken("# 2. Actors\n", "docs/adr/0002-actors.md")
        self.assert_refused("# 1. Logs\n", "0001-sites.md has the number 0001, too",
                            "docs/adr/0001-zones.md")
        self.assert_refused("# 4. Logs\n", 'does not begin with "# 3. "', "docs/adr/0003-logs.md")

    def test_what_is_fetched_or_built_is_no_document_of_the_project(self):
        self.assert_taken("x" * 200, "dashboard/node_modules/a/README.md")
        self.assert_taken("x" * 200, "build/dev/README.md")


class TheProject(unittest.TestCase):
    def test_its_documents_keep_the_page_of_style(self):
        self.assertEqual(check_docs.check(ROOT), [])


if __name__ == "__main__":
    unittest.main()
