#!/usr/bin/env python3
"""Changes one comparison, operator or constant of control/ at a time and asks whether a test notices.

    tools/mutants.py [--count 300] [--seed 1] [--jobs 2] [--only control/safety] [--report FILE]

Works on a copy of the tree in build/mutants; each job has its own. A mutant that does not compile
does not count. Prints a line each, the score at the end; exit 1 below 90 % killed. Survivors that
cannot be told from the original (equivalent) are listed with their reason in
tools/mutants_accepted.txt: `file: original line => mutated line: reason`.
"""

import argparse
import random
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from queue import Queue

sys.path.insert(0, str(Path(__file__).parent))
from source_reader import blank_out

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "build" / "mutants"
ACCEPTED = ROOT / "tools" / "mutants_accepted.txt"
COPIED = ("CMakeLists.txt", "CMakePresets.json", "cmake", "domain", "control", "messages", "actors",
          "adapters", "simulator", "loadtest", "dashboard", "apps", "bench", "tests", "tools", "docs",
          "examples")
TEST_SECONDS = 300
GOAL_PERMILLE = 900

# What is found in the blanked text, and what it becomes.
OPERATORS = [
    (re.compile(r"(?<=[\w)\] ]) < (?=[\w(\-*])"), " <= "),
    (re.compile(r" <= "), " < "),
    (re.compile(r"(?<=[\w)\] ]) > (?=[\w(\-*])"), " >= "),
    (re.compile(r" >= "), " > "),
    (re.compile(r" == "), " != "),
    (re.compile(r" != "), " == "),
    (re.compile(r" && "), " || "),
    (re.compile(r" \|\| "), " && "),
    (re.compile(r"(?<=[\w)\]]) \+ (?=[\w(])"), " - "),
    (re.compile(r"(?<=[\w)\]]) - (?=[\w(])"), " + "),
    (re.compile(r"(?<=[\w)\]]) \+= "), " -= "),
    (re.compile(r"\bstd::min\b"), "std::max"),
    (re.compile(r"\bstd::max\b"), "std::min"),
    (re.compile(r"\breturn true;"), "return false;"),
    (re.compile(r"\breturn false;"), "return true;"),
]
CONSTANT = re.compile(r"(?<![\w.'<])([1-9]\d*(?:'\d{3})*)(?![\w.'>])")


@dataclass(frozen=True)
class Mutant:
    path: str
    line: int
    start: int
    end: int
    text: str

    def apply(self, source: str) -> str:
        return source[: self.start] + self.text + source[self.end:]

    def shown(self, source: str) -> str:
        before = source.splitlines()[self.line - 1].strip()
        after = self.apply(source).splitlines()[self.line - 1].strip()
        return f"{self.path}: {before} => {after}"


def mutants_of(path: str, source: str) -> list[Mutant]:
    clean = blank_out(source)
    clean = re.sub(r"^\s*#.*$|^\s*(?:template|static_assert|assert)\b.*$",
                   lambda hit: " " * len(hit.group(0)), clean, flags=re.M)
    found = []

    def add(start: int, end: int, text: str):
        found.append(Mutant(path, source[:start].count("\n") + 1, start, end, text))

    for pattern, text in OPERATORS:
        for hit in pattern.finditer(clean):
            add(hit.start(), hit.end(), text)
    for hit in CONSTANT.finditer(clean):
        add(hit.start(1), hit.end(1), str(int(hit.group(1).replace("'", "")) + 1))
    return found


def run(command: list[str], folder: Path, seconds: int) -> int:
    """Exit code; 124 where it did not end in time."""
    try:
        return subprocess.run(command, cwd=folder, timeout=seconds, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL).returncode
    except subprocess.TimeoutExpired:
        return 124


def prepare(folder: Path):
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name,
                            ignore=shutil.ignore_patterns("node_modules", "dist", "__pycache__"))
        elif source.exists():
            shutil.copy(source, folder / name)
    subprocess.run(["cmake", "-S", ".", "-B", "build", "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Dev",
                    "-DBUSBAR_DASHBOARD=OFF", "-DBUSBAR_WERROR=OFF"],
                   cwd=folder, check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["ninja", "-C", "build", "-j", "1", "busbar_test_control"], cwd=folder, check=True,
                   stdout=subprocess.DEVNULL)
    if run(["build/tests/busbar_test_control"], folder, TEST_SECONDS) != 0:
        raise SystemExit("mutants: the tests fail before any change")


def verdict(mutant: Mutant, folder: Path) -> str:
    path = folder / mutant.path
    source = path.read_text()
    path.write_text(mutant.apply(source))
    try:
        if run(["ninja", "-C", "build", "-j", "1", "busbar_test_control"], folder, TEST_SECONDS):
            return "does not compile"
        tests = ["build/tests/busbar_test_control", "--gtest_fail_fast", "--gtest_brief=1"]
        return "killed" if run(tests, folder, TEST_SECONDS) else "survived"
    finally:
        path.write_text(source)


def sources(only: str) -> list[Path]:
    return [path for path in sorted((ROOT / "control").rglob("*.[ch]pp"))
            if str(path.relative_to(ROOT)).startswith(only)]


def choose(count: int, seed: int, only: str) -> list[Mutant]:
    every = [mutant for path in sources(only)
             for mutant in mutants_of(str(path.relative_to(ROOT)), path.read_text())]
    print(f"mutants: {len(every)} possible, SEED={seed}", flush=True)
    return random.Random(seed).sample(every, min(count, len(every)))


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", default="control/")
    parser.add_argument("--report", type=Path)
    arguments = parser.parse_args()
    chosen = choose(arguments.count, arguments.seed, arguments.only)
    accepted = ACCEPTED.read_text().splitlines() if ACCEPTED.exists() else []
    folders: Queue[Path] = Queue()
    for job in range(arguments.jobs):
        prepare(WORK / str(job))
        folders.put(WORK / str(job))
    tally: dict[str, list[str]] = {}

    def judge(mutant: Mutant):
        folder = folders.get()
        try:
            shown = mutant.shown((ROOT / mutant.path).read_text())
            word = verdict(mutant, folder)
            if word == "survived" and any(line.startswith(shown + ":") for line in accepted):
                word = "equivalent"
            tally.setdefault(word, []).append(shown)
            print(f"{word:17} line {mutant.line:4} {shown}", flush=True)
        finally:
            folders.put(folder)

    with ThreadPoolExecutor(arguments.jobs) as pool:
        list(pool.map(judge, chosen))
    killed, survived = len(tally.get("killed", [])), len(tally.get("survived", []))
    score = 1000 * killed // max(killed + survived, 1)
    lines = [f"mutants: {killed} killed, {survived} survived, "
             f"{len(tally.get('equivalent', []))} equivalent, "
             f"{len(tally.get('does not compile', []))} did not compile: {score} permille killed"]
    lines += [f"survived: {shown}" for shown in tally.get("survived", [])]
    print("\n".join(lines))
    if arguments.report:
        arguments.report.write_text("\n".join(lines) + "\n")
    return 0 if score >= GOAL_PERMILLE else 1


if __name__ == "__main__":
    sys.exit(main())
