#!/usr/bin/env python3
"""Changes one comparison, operator or constant of control/ at a time and asks whether a test notices.

    tools/mutants.py [--count 300] [--seed 1] [--jobs 1] [--only control/safety,control/limits]
                     [--report FILE] [--again FILE]

Works on a copy of the tree (build/mutants/<job>), so the tree may change meanwhile. Judged by
busbar_test_control: first the suites of the changed file's folder, then the others. An interrupted
run goes on where it was, as long as neither control/ nor its tests changed; a larger --count keeps
what a smaller one found. --again judges the survivors of an earlier report only.

killed: a test fails, crashes (the library's checks of ranges are on) or does not end. Not counted:
what does not compile; what the compiler turns into the same program; what is listed in
tools/mutants_accepted.txt because nobody can tell it from the original (`file: original line =>
mutated line: reason`). Assertions and `reserve` calls are left alone. Exit 1 below 90 % killed.
"""

import argparse
import hashlib
import os
import random
import re
import resource
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path
from queue import Queue
from threading import Lock

sys.path.insert(0, str(Path(__file__).parent))
from source_reader import blank_out

ROOT = Path(__file__).resolve().parent.parent
WORK = ROOT / "build" / "mutants"
ACCEPTED = ROOT / "tools" / "mutants_accepted.txt"
COPIED = ("CMakeLists.txt", "CMakePresets.json", "cmake", "domain", "control", "site", "ocpp", "text",
          "ports", "messages", "actors", "node", "adapters", "simulator", "loadtest", "dashboard", "apps",
          "tests", "tools", "docs", "examples")
# Their bytes decide what a verdict is worth.
JUDGED_BY = ("domain", "control", "tests/control", "tests/builders")
TARGET = "busbar_test_control"
TESTS = f"build/tests/{TARGET}"
CONFIGURE = ["cmake", "-S", ".", "-B", "build", "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Plain",
             "-DCMAKE_CXX_FLAGS=-O1 -D_GLIBCXX_ASSERTIONS", "-DBUSBAR_DASHBOARD=OFF",
             "-DBUSBAR_WERROR=OFF"]
BUILD = ["ninja", "-C", "build", "-j", "1", TARGET]
# A run of the tests ends at four times the CPU time that all of them take, or at this size.
MEMORY_BYTES = 3 << 30
WALL_SECONDS = 900
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
LEFT_ALONE = re.compile(r"^[ \t]*(?:#.*|template\b.*|[^\n;]*\b(?:static_)?assert\([^;]*;"
                        r"|[^\n;]*\.reserve\([^;]*;)", re.M)
SUITE = re.compile(r"^TEST(?:_F|_P)?\((\w+),", re.M)


@dataclass(frozen=True, order=True)
class Mutant:
    path: str
    start: int
    end: int
    text: str

    def apply(self, source: str) -> str:
        return source[: self.start] + self.text + source[self.end:]

    def line(self, source: str) -> int:
        return source[: self.start].count("\n") + 1

    def shown(self, source: str) -> str:
        place = self.line(source) - 1
        before, after = source.splitlines()[place], self.apply(source).splitlines()[place]
        return f"{self.path}: {before.strip()} => {after.strip()}"


def mutants_of(path: str, source: str) -> list[Mutant]:
    clean = LEFT_ALONE.sub(lambda hit: re.sub(r"[^\n]", " ", hit.group(0)), blank_out(source))
    found = [Mutant(path, hit.start(), hit.end(), text)
             for pattern, text in OPERATORS for hit in pattern.finditer(clean)]
    return found + [Mutant(path, hit.start(1), hit.end(1),
                           str(int(hit.group(1).replace("'", "")) + 1))
                    for hit in CONSTANT.finditer(clean)]


def files_of(name: str) -> list[Path]:
    """Every file of ROOT/name, or that file itself; what is built or fetched left out."""
    top = ROOT / name
    if top.is_file():
        return [top]
    return [path for path in sorted(top.rglob("*")) if path.is_file()
            and not {"node_modules", "dist", "__pycache__"} & set(path.relative_to(ROOT).parts)]


def digest_of_tree() -> str:
    digest = hashlib.sha256(repr((OPERATORS, CONSTANT, CONFIGURE)).encode())
    for path in (path for name in JUDGED_BY for path in files_of(name)):
        digest.update(str(path.relative_to(ROOT)).encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()[:16]


def filters_of(path: str) -> tuple[str, str]:
    """--gtest_filter for the suites of the file's folder in tests/, and for all others."""
    folder = ROOT / "tests" / Path(path).parent
    suites = [suite for test in sorted(folder.rglob("*_test.cpp"))
              for suite in SUITE.findall(test.read_text())] if folder != ROOT / "tests/control" else []
    own = ":".join(f"{form}{suite}.*" for suite in sorted(set(suites)) for form in ("", "*/"))
    return own, f"-{own}" if own else "*"


class Workplace:
    """A copy of the tree with its build, in which one mutant stands at a time."""

    def __init__(self, folder: Path):
        self.folder = folder
        self.environment = {**os.environ, "CCACHE_DIR": str(WORK / "ccache")}
        self.refresh()
        self.must(CONFIGURE)
        self.must(BUILD)
        self.cpu_seconds = 600
        before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
        if self.run([TESTS]) != 0:
            raise SystemExit("mutants: the tests fail before any change")
        own = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
        self.cpu_seconds = int(4 * own) + 1
        self.original = self.program()

    def refresh(self):
        """Makes the copy equal to ROOT, touching only what differs."""
        wanted = {path.relative_to(ROOT) for name in COPIED for path in files_of(name)}
        for name in COPIED:
            for path in sorted((self.folder / name).rglob("*")):
                if path.is_file() and path.relative_to(self.folder) not in wanted:
                    path.unlink()
        for path in wanted:
            copy, content = self.folder / path, (ROOT / path).read_bytes()
            # Files come and go between runs only, and looking for them costs time at every build.
            if path.name == "CMakeLists.txt" or path.suffix == ".cmake":
                content = content.replace(b" CONFIGURE_DEPENDS", b"")
            if not copy.exists() or copy.read_bytes() != content:
                copy.parent.mkdir(parents=True, exist_ok=True)
                copy.write_bytes(content)
                copy.chmod((ROOT / path).stat().st_mode)

    def must(self, command: list[str]):
        done = subprocess.run(command, cwd=self.folder, env=self.environment, text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode != 0:
            raise SystemExit(f"mutants: {' '.join(command)} fails:\n{done.stdout[-3000:]}")

    def run(self, command: list[str], bounded: bool = True) -> int:
        """Exit code; not 0 where it went beyond its bounds."""
        def bound():
            resource.setrlimit(resource.RLIMIT_CPU, (self.cpu_seconds, self.cpu_seconds))
            resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        try:
            return subprocess.run(command, cwd=self.folder, env=self.environment,
                                  timeout=WALL_SECONDS, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL,
                                  preexec_fn=bound if bounded else None).returncode
        except subprocess.TimeoutExpired:
            return 124

    def program(self) -> str:
        return hashlib.sha256((self.folder / TESTS).read_bytes()).hexdigest()

    def verdict(self, mutant: Mutant, source: str) -> str:
        """What stands in the file afterwards is the mutant: `put` brings the source back."""
        self.put(mutant.path, mutant.apply(source))
        if self.run(BUILD, bounded=False):
            return "does not compile"
        if self.program() == self.original:
            return "same program"
        for chosen in filters_of(mutant.path):
            if chosen and self.run([TESTS, "--gtest_fail_fast", "--gtest_brief=1",
                                    f"--gtest_filter={chosen}"]):
                return "killed"
        return "survived"

    def put(self, path: str, text: str):
        (self.folder / path).write_text(text)


def accepted_survivors() -> list[str]:
    lines = ACCEPTED.read_text().splitlines() if ACCEPTED.exists() else []
    return [line for line in lines if line and not line.startswith("#")]


def choose(count: int, seed: int, only: str, again: Path | None) -> list[Mutant]:
    """By file, so that each is built back only once; files in any order, so that a part of a run is
    a sample of all."""
    folders = tuple(only.split(","))
    shown = {}
    for path in files_of("control"):
        name, source = str(path.relative_to(ROOT)), path.read_text()
        if path.suffix in (".cpp", ".hpp") and name.startswith(folders):
            shown |= {mutant: mutant.shown(source) for mutant in mutants_of(name, source)}
    texts = set(shown.values())
    for entry in accepted_survivors():
        if entry.startswith(folders) and not any(entry.startswith(f"{text}: ") for text in texts):
            print(f"mutants: accepted, but no longer there: {entry}")
    if again:
        survivors = {line.partition("survived: ")[2] for line in again.read_text().splitlines()}
        chosen = [mutant for mutant, text in shown.items() if text in survivors]
    else:
        chosen = random.Random(seed).sample(list(shown), min(count, len(shown)))
    print(f"mutants: {len(chosen)} of {len(shown)} possible, SEED={seed}", flush=True)
    files = sorted({mutant.path for mutant in chosen})
    random.Random(seed).shuffle(files)
    return sorted(chosen, key=lambda mutant: (files.index(mutant.path), mutant))


class Run:
    """Judges mutants, writes each verdict down at once, says how long it will take."""

    def __init__(self, chosen: list[Mutant]):
        self.chosen = chosen
        self.sources = {path: (ROOT / path).read_text() for path in {m.path for m in chosen}}
        self.notes = WORK / f"{digest_of_tree()}.verdicts"
        self.accepted = accepted_survivors()
        self.lock = Lock()
        self.known = self.remembered()
        self.todo = [mutant for mutant in chosen if mutant not in self.known]
        self.begun = time.monotonic()
        self.judged = 0

    def remembered(self) -> dict[Mutant, str]:
        known = {}
        for line in self.notes.read_text().splitlines() if self.notes.exists() else []:
            fields = line.split("\t")
            if len(fields) == 5:
                known[Mutant(fields[1], int(fields[2]), int(fields[3]), fields[4])] = fields[0]
        return known

    def note(self, mutant: Mutant, word: str):
        with self.lock:
            self.known[mutant] = word
            with self.notes.open("a") as notes:
                notes.write(f"{word}\t{mutant.path}\t{mutant.start}\t{mutant.end}\t{mutant.text}\n")
            self.judged += 1
            left = (time.monotonic() - self.begun) / self.judged * (len(self.todo) - self.judged)
            source = self.sources[mutant.path]
            print(f"[{self.judged}/{len(self.todo)}, {left / 60:.0f} min] {self.word(mutant):16} "
                  f"line {mutant.line(source)} {mutant.shown(source)}", flush=True)

    def word(self, mutant: Mutant) -> str:
        word = self.known[mutant]
        line = mutant.shown(self.sources[mutant.path]) + ": "
        if word == "survived" and any(entry.startswith(line) for entry in self.accepted):
            return "accepted"
        return word

    def judge_all(self, jobs: int):
        if not self.todo:
            return
        places: Queue[Workplace] = Queue()
        for job in range(jobs):
            places.put(Workplace(WORK / str(job)))
        self.begun = time.monotonic()
        files = [list(group) for _, group in groupby(self.todo, lambda mutant: mutant.path)]

        def judge(mutants: list[Mutant]):
            place, source = places.get(), self.sources[mutants[0].path]
            try:
                for mutant in mutants:
                    self.note(mutant, place.verdict(mutant, source))
            finally:
                place.put(mutants[0].path, source)
                places.put(place)

        with ThreadPoolExecutor(jobs) as pool:
            list(pool.map(judge, files))

    def report(self) -> tuple[int, str]:
        """Killed in permille of those that count, and the text."""
        tally: dict[str, list[Mutant]] = {}
        for mutant in self.chosen:
            tally.setdefault(self.word(mutant), []).append(mutant)
        killed, survived = len(tally.get("killed", [])), len(tally.get("survived", []))
        score = 1000 * killed // max(killed + survived, 1)
        counts = ", ".join(f"{len(mutants)} {word}" for word, mutants in sorted(tally.items()))
        lines = [f"mutants: {counts}: {score} permille killed"]
        lines += [f"survived: {mutant.shown(self.sources[mutant.path])}"
                  for mutant in tally.get("survived", [])]
        return score, "\n".join(lines)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--count", type=int, default=300)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--only", default="control/", help="beginnings of paths, by commas")
    parser.add_argument("--report", type=Path, help="a file for the survivors")
    parser.add_argument("--again", type=Path, help="the report whose survivors are judged")
    arguments = parser.parse_args()
    WORK.mkdir(parents=True, exist_ok=True)
    run = Run(choose(arguments.count, arguments.seed, arguments.only, arguments.again))
    run.judge_all(arguments.jobs)
    score, text = run.report()
    print(text)
    if arguments.report:
        arguments.report.write_text(text + "\n")
    return 0 if score >= GOAL_PERMILLE else 1


if __name__ == "__main__":
    sys.exit(main())
