"""What tools/mutants.py changes, what it leaves alone, and which tests it asks first."""

import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import mutants  # noqa: E402


def changed(line: str) -> set[str]:
    return {mutant.apply(line) for mutant in mutants.mutants_of("control/x.cpp", line)}


class Changes(unittest.TestCase):
    def test_comparisons_operators_and_constants_are_changed_one_at_a_time(self):
        self.assertEqual(changed("if (a < b && c == 10) x = d + 1;\n"),
                         {"if (a <= b && c == 10) x = d + 1;\n",
                          "if (a < b || c == 10) x = d + 1;\n",
                          "if (a < b && c != 10) x = d + 1;\n",
                          "if (a < b && c == 11) x = d + 1;\n",
                          "if (a < b && c == 10) x = d - 1;\n",
                          "if (a < b && c == 10) x = d + 2;\n"})
        self.assertEqual(changed("return 10'000;\n"), {"return 10001;\n"})

    def test_comments_texts_includes_and_template_arguments_are_left_alone(self):
        for line in ("// a < b\n", 'text = "a < b";\n', "#include <array>\n",
                     "std::array<int, 3> lines;\n", "template <class T> T f();\n"):
            self.assertEqual(changed(line), set(), line)

    def test_assertions_and_reserved_room_are_left_alone(self):
        for line in ("assert(a < b &&\n  c == 10);\n", "static_assert(a < b);\n",
                     "rows.reserve(count + 1);\n"):
            self.assertEqual(changed(line), set(), line)
        self.assertEqual(changed("assert(a < b);\nreturn 7;\n"), {"assert(a < b);\nreturn 8;\n"})

    def test_a_mutant_is_shown_with_its_line_before_and_after(self):
        source = "int f() {\n  return 7;\n}\n"
        [mutant] = mutants.mutants_of("control/x.cpp", source)
        self.assertEqual(mutant.line(source), 2)
        self.assertEqual(mutant.shown(source), "control/x.cpp: return 7; => return 8;")


class Choice(unittest.TestCase):
    def test_the_same_seed_chooses_the_same_mutants_and_another_others(self):
        first, again, other = (mutants.choose(50, seed, "control/", None) for seed in (1, 1, 2))
        self.assertEqual(first, again)
        self.assertNotEqual(first, other)
        self.assertEqual(len(first), 50)

    def test_only_takes_the_named_folders(self):
        chosen = mutants.choose(20, 1, "control/safety,control/limits", None)
        self.assertEqual({mutant.path.split("/")[1] for mutant in chosen}, {"safety", "limits"})

    def test_the_suites_of_the_files_folder_go_first_and_all_others_after(self):
        own, others = mutants.filters_of("control/sessions/bill.cpp")
        self.assertIn("bill.*", own.split(":"))
        self.assertNotIn("planner.*", own.split(":"))
        self.assertEqual(others, f"-{own}")
        self.assertEqual(mutants.filters_of("control/planner.cpp"), ("", "*"))


if __name__ == "__main__":
    unittest.main()
