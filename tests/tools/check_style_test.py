"""Each rule of tools/check_style.py is shown failing on a tree that breaks it and nothing else."""

import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import check_style  # noqa: E402

README = "# x\n\nWhat this folder is.\nIts rule.\n"


class StyleCase(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = Path(self.folder.name)
        self.put("actors/README.md", README)
        self.put("control/README.md", README)

    def tearDown(self):
        self.folder.cleanup()

    def put(self, name: str, text: str):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def faults(self, name: str, text: str) -> list[str]:
        self.put(name, text)
        return check_style.check(self.root)

    def assert_breach(self, name: str, text: str, words: str):
        faults = self.faults(name, text)
        self.assertEqual(len(faults), 1, faults)
        self.assertIn(words, faults[0])
        self.assertIn(name.split("/")[0], faults[0])

    def test_a_clean_tree_has_no_breach(self):
        self.assertEqual(self.faults("actors/site.cpp", "int main() {\n  return 0;\n}\n"), [])

    def test_a_line_of_101_columns(self):
        self.assert_breach("actors/site.cpp", "// " + "x" * 98 + "\n", "101 columns")

    def test_a_source_of_501_lines(self):
        self.assert_breach("actors/site.cpp", "int x;\n" * 501, "501 lines, at most 500")

    def test_a_header_of_301_lines(self):
        text = "#pragma once\n// contract\n" + "extern int x;\n" * 299
        self.assert_breach("actors/site.hpp", text, "301 lines, at most 300")

    def test_a_function_of_71_lines(self):
        text = "void plan() {\n" + "  step();\n" * 69 + "}\n"
        self.assert_breach("actors/site.cpp", text, "plan has 71 lines")

    def test_a_member_function_of_71_lines_in_a_namespace(self):
        text = ("namespace busbar {\nstruct site {\n  int plan(int a) const {\n" + "    step();\n" * 69
                + "  }\n};\n}\n")
        self.assert_breach("actors/site.cpp", text, "plan has 71 lines")

    def test_a_make_behavior_of_51_lines(self):
        text = "behavior state::make_behavior() {\n" + "  step();\n" * 49 + "}\n"
        self.assert_breach("actors/site.cpp", text, "make_behavior has 51 lines, at most 50")

    def test_four_levels_of_nesting(self):
        text = ("void plan() {\n  for (;;) {\n    if (a) {\n      while (b) {\n        if (c) {\n"
                "          d();\n        }\n      }\n    }\n  }\n}\n")
        self.assert_breach("actors/site.cpp", text, "nests 4 deep")

    def test_braces_in_comments_and_strings_do_not_count(self):
        text = "void plan() {\n  // {{{{\n  say(\"{{{{\");\n  char c = '{';\n}\n"
        self.assertEqual(self.faults("actors/site.cpp", text), [])

    def test_a_name_that_says_nothing(self):
        self.assert_breach("actors/utils.cpp", "int x;\n", "a name that says nothing")

    def test_a_file_name_in_camel_case(self):
        self.assert_breach("actors/SiteActor.cpp", "int x;\n", "snake_case")

    def test_an_accessor_with_get(self):
        self.assert_breach("actors/site.cpp", "int get_limit();\n", "no get_ prefix")

    def test_unfinished_work(self):
        self.assert_breach("actors/site.cpp", "// TODO later\n", "unfinished work")

    def test_white_space_at_the_end(self):
        self.assert_breach("actors/site.cpp", "int x; \n", "white space")

    def test_a_header_without_pragma(self):
        self.assert_breach("actors/site.hpp", "// contract\nint x();\n", "without #pragma once")

    def test_a_header_without_contract(self):
        self.assert_breach("actors/site.hpp", "#pragma once\nint x();\n", "begins with its contract")

    def test_a_clock_in_control(self):
        self.assert_breach("control/plan.cpp", "auto t = steady_clock::now();\n", "no clock")

    def test_a_thread_in_control(self):
        self.assert_breach("control/plan.cpp", "#include <thread>\n", "threads")

    def test_randomness_in_control(self):
        self.assert_breach("control/plan.cpp", "std::random_device device;\n", "no randomness")

    def test_an_unordered_container_in_control(self):
        self.assert_breach("control/plan.cpp", "std::unordered_map<int, int> m;\n", "unordered")

    def test_floating_point_in_control(self):
        self.assert_breach("control/plan.cpp", "double limit = 1;\n", "floating point")

    def test_a_sleep_in_a_test(self):
        self.assert_breach("tests/actors/site_test.cpp",
                           "void f() {\n  std::this_thread::sleep_for(x);\n}\n", "a sleep hides")

    def test_a_folder_without_readme(self):
        self.assert_breach("simulator/world.cpp", "int x;\n", "no README.md")

    def test_a_readme_that_is_a_book(self):
        self.put("simulator/README.md", "line\n" * 26)
        self.assert_breach("simulator/world.cpp", "int x;\n", "26 lines")


class TheProject(unittest.TestCase):
    def test_it_has_no_breach(self):
        self.assertEqual(check_style.check(ROOT), [])


if __name__ == "__main__":
    unittest.main()
