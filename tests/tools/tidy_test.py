"""Which sources tools/tidy.py looks at, from which commit, and that a finding is a fault."""

import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import tidy  # noqa: E402


class Tree(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.root = Path(self.folder.name).resolve()

    def tearDown(self):
        self.folder.cleanup()

    def put(self, name: str, text: str = ""):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


class Chosen(Tree):
    SOURCES = ["control/plan.cpp", "control/split.cpp", "domain/names.cpp"]

    def setUp(self):
        super().setUp()
        for name in self.SOURCES:
            self.put(name)
        self.put("control/split.cpp", '#include "domain/ids.hpp"\n')
        self.put("domain/names.cpp", '#include "domain/ids.hpp"\n')

    def chosen(self, *changed: str) -> list:
        return tidy.concerned(list(changed), self.SOURCES, self.root)

    def test_sources_are_the_projects_own_without_tests_and_what_is_generated(self):
        self.put("tests/plan_test.cpp")
        self.put("build/dev/generated/assets.cpp")
        files = [*self.SOURCES, "tests/plan_test.cpp", "build/dev/generated/assets.cpp", "gone.cpp"]
        commands = [{"directory": str(self.root), "file": name} for name in files]
        commands.append({"directory": "/usr/lib", "file": "other.cpp"})
        self.assertEqual(tidy.sources_of(commands, self.root), self.SOURCES)

    def test_a_changed_source_is_looked_at(self):
        self.assertEqual(self.chosen("control/plan.cpp", "docs/testing.md"), ["control/plan.cpp"])

    def test_a_changed_header_is_looked_at_through_the_source_of_its_name(self):
        self.assertEqual(self.chosen("control/plan.hpp"), ["control/plan.cpp"])

    def test_a_changed_header_without_a_source_is_looked_at_through_the_first_that_includes_it(self):
        self.assertEqual(self.chosen("domain/ids.hpp"), ["domain/names.cpp"])

    def test_a_header_that_only_headers_include_is_looked_at_through_the_source_above_them(self):
        self.put("control/row.hpp", '#include "control/cell.hpp"\n')
        self.put("control/cell.hpp", '#include "control/row.hpp"\n')
        self.assertEqual(self.chosen("control/cell.hpp"), [])
        self.put("control/plan.cpp", '#include "control/row.hpp"\n')
        self.assertEqual(self.chosen("control/cell.hpp"), ["control/plan.cpp"])

    def test_tests_are_not_looked_at(self):
        self.assertEqual(self.chosen("tests/control/plan_test.cpp", "tests/domain/ids.hpp"), [])

    def test_changed_rules_are_for_a_whole_run(self):
        self.assertEqual(self.chosen(".clang-tidy"), [])


class Base(Tree):
    def git(self, *words: str) -> str:
        return subprocess.run(["git", "-c", "user.name=a", "-c", "user.email=a@b", *words],
                              cwd=self.root, check=True, capture_output=True, text=True).stdout.strip()

    def commit(self, name: str) -> str:
        self.put(name)
        self.git("add", "-A")
        self.git("commit", "-qm", name)
        return self.git("rev-parse", "HEAD")

    def test_a_branch_is_compared_with_where_it_left_main(self):
        self.git("init", "-q", "-b", "main")
        left = self.commit("a")
        self.git("checkout", "-q", "-b", "topic")
        self.commit("b")
        self.git("checkout", "-q", "main")
        self.commit("c")
        self.git("checkout", "-q", "topic")
        self.assertEqual(tidy.base_of(self.root, ""), left)

    def test_main_itself_is_compared_with_the_commit_before(self):
        self.git("init", "-q", "-b", "main")
        before = self.commit("a")
        self.commit("b")
        self.assertEqual(tidy.base_of(self.root, ""), before)

    def test_a_first_commit_has_nothing_to_compare_with(self):
        self.git("init", "-q", "-b", "main")
        self.commit("a")
        self.assertEqual(tidy.base_of(self.root, ""), "")

    def test_what_is_no_repository_has_nothing_to_compare_with(self):
        self.assertEqual(tidy.base_of(self.root, ""), "")


@unittest.skipUnless(shutil.which("clang-tidy"), "clang-tidy is not installed")
class Findings(Tree):
    def told(self, text: str) -> tuple:
        self.put(".clang-tidy", (ROOT / ".clang-tidy").read_text())
        self.put("control/plan.cpp", text)
        self.put("compile_commands.json",
                 f'[{{"directory": "{self.root}", "file": "control/plan.cpp", '
                 '"command": "c++ -std=c++20 -c control/plan.cpp"}]')
        return tidy.look_at(self.root, "control/plan.cpp", self.root)

    def test_a_value_that_is_used_after_it_was_moved_away_is_a_fault(self):
        is_clean, told = self.told("#include <string>\n#include <utility>\n"
                                   "std::size_t f(std::string a) {\n"
                                   "  const std::string b = std::move(a);\n"
                                   "  return a.size() + b.size();\n}\n")
        self.assertFalse(is_clean)
        self.assertIn("bugprone-use-after-move", told)

    def test_a_source_without_findings_is_clean(self):
        self.assertEqual(self.told("int f(int a) { return a + 1; }\n")[0], True)

    def test_a_source_that_does_not_compile_is_a_fault(self):
        self.assertEqual(self.told("int f() { return g(); }\n")[0], False)


if __name__ == "__main__":
    unittest.main()
