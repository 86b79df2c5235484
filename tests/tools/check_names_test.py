"""The check of names in backticks is shown failing on each kind of name, and the project passes."""

import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import check_names  # noqa: E402

HEADER = """#pragma once
// Plans a site.
struct base {
  int rank = 0;
};
struct ask : public base {
  int cap = 0; // a comment names `cap`, and `left_over` is gone
};
inline int limit_of(int watts);
"""


class Names(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = Path(self.folder.name)
        self.put("control/plan.hpp", HEADER.replace(", and `left_over` is gone", ""))
        self.put("apps/plan_command.cpp", 'auto a = option("--site", "busbar_depth-max"); // --gone\n')
        self.put("tests/control/plan_test.cpp", "int fixture_only;\n")
        self.put("Makefile", "demo: release\nasan tsan:\n")

    def tearDown(self):
        self.folder.cleanup()

    def put(self, name: str, text: str):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def faults(self, code: str) -> list:
        self.put("control/README.md", f"# control\n\nSee `{code}`.\n")
        return check_names.check(self.root)

    def assert_all_there(self, *codes: str):
        for code in codes:
            self.assertEqual(self.faults(code), [])

    def assert_missing(self, code: str, why: str):
        self.assertEqual(self.faults(code), [f"control/README.md:3: `{code}`: {why}"])

    def test_what_is_there_has_no_breach(self):
        self.assert_all_there("limit_of(watts)", "ask.cap", "ask::cap", "ask::rank", "plan.hpp",
                              "control/plan.hpp", "control/", "*_command.cpp", "apps/<name>_command.cpp",
                              "busbar plan --site", "busbar plan", "make tsan", "busbar_depth-max",
                              "limit_*", "std::function", "-_.:", "/var/lib/x")

    def test_an_identifier_that_is_gone(self):
        self.assert_missing("limits_of", "no `limits_of`")

    def test_an_identifier_that_only_a_comment_names(self):
        self.put("control/other.hpp", "// says nothing of others: limits_of\n")
        self.assert_missing("limits_of", "no `limits_of`")

    def test_an_identifier_that_only_tests_have(self):
        self.assert_missing("fixture_only", "no `fixture_only`")

    def test_a_member_that_its_type_does_not_have(self):
        self.assert_missing("ask::limit_of", "`ask` has no `limit_of`")

    def test_a_file_that_is_gone(self):
        self.assert_missing("planner.hpp", "no such file or folder")
        self.assert_missing("control/safety/", "no such file or folder")
        self.assert_missing("*_actor.cpp", "no such file or folder")

    def test_a_command_that_is_gone(self):
        self.assert_missing("busbar cap", "no command `busbar cap`")

    def test_a_target_of_make_that_is_gone(self):
        self.assert_missing("make plan", "no target `plan` in the Makefile")

    def test_an_option_that_is_gone(self):
        self.assert_missing("busbar plan --gone", "no `--gone`")

    def test_a_name_with_hyphens_that_is_gone(self):
        self.assert_missing("depth-max-site", "no `depth-max-site`")

    def test_a_name_in_a_comment_beside_a_member(self):
        self.put("control/plan.hpp", HEADER)
        self.assertEqual(self.faults("ask"),
                         ["control/plan.hpp:7: `left_over`: no `left_over`"])

    def test_a_name_that_a_comment_breaks_over_two_lines(self):
        self.put("control/plan.hpp", "#pragma once\n// Answers `busbar\n// cap` well.\n")
        self.assertEqual([fault for fault in self.faults("plan") if "plan.hpp" in fault][0],
                         "control/plan.hpp:2: `busbar cap`: no command `busbar cap`")

    def test_an_example_in_a_fence_is_not_read(self):
        self.put("README.md", "# x\n```\nrun `gone`\n```\n")
        self.assertEqual(self.faults("ask"), [])


class TheProject(unittest.TestCase):
    def test_every_name_is_there(self):
        self.assertEqual(check_names.check(ROOT), [])


if __name__ == "__main__":
    unittest.main()
