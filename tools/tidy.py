#!/usr/bin/env python3
"""Runs clang-tidy (.clang-tidy says which checks) and says how far it is. Exit 1: something was found.

    tools/tidy.py BUILD                    every source of the project's own, tests and benches left out
    tools/tidy.py BUILD --changed [BASE]   only what differs from where this branch left BASE; without
                                           BASE: from origin/main or main, on main from the commit before

BUILD holds compile_commands.json and what is generated. Where clang-tidy is not installed the whole
run is a fault, and the run of what has changed says that it is left out.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from source_reader import source_files  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent
JOBS = 2
LEFT_OUT = ("tests", "bench", "build")


def sources_of(commands: list, root: Path) -> list:
    """The project's own sources among those that a build compiles, sorted."""
    found = set()
    for entry in commands:
        path = (Path(entry["directory"]) / entry["file"]).resolve()
        if path.is_relative_to(root) and path.exists():
            name = path.relative_to(root)
            if name.parts[0] not in LEFT_OUT:
                found.add(str(name))
    return sorted(found)


def concerned(changed: list, sources: list, root: Path) -> list:
    """The sources among `changed`, and of each changed header the source through which it is looked
    at: the one of its name, else one that includes it, by itself or through another header. Changed
    rules are for a whole run."""
    chosen, users = set(), includers(root)
    for name in changed:
        if name in sources:
            chosen.add(name)
        elif name.endswith(".hpp") and name.partition("/")[0] not in LEFT_OUT:
            chosen.update(source_with(name, users, sources))
    return sorted(chosen)


def includers(root: Path) -> dict:
    """Of each of the project's own headers: the files that include it, sorted."""
    users = {}
    for path in source_files(root):
        for included in re.findall(r'^#include "([^"]+)"', path.read_text(), re.M):
            users.setdefault(included, []).append(str(path.relative_to(root)))
    return users


def source_with(header: str, users: dict, sources: list) -> list:
    """The source nearest to a header, alone in a list; empty: nothing but tests includes it."""
    waiting, seen = [header], {header}
    while waiting:
        near = [user for name in waiting for user in users.get(name, [])]
        own = [str(Path(name).with_suffix(".cpp")) for name in waiting]
        for source in own + near:
            if source in sources:
                return [source]
        waiting = [name for name in dict.fromkeys(near) if name.endswith(".hpp") and name not in seen]
        seen.update(waiting)
    return []


def git(root: Path, *words: str) -> str:
    done = subprocess.run(["git", *words], cwd=root, capture_output=True, text=True)
    return done.stdout.strip() if done.returncode == 0 else ""


def base_of(root: Path, wanted: str) -> str:
    """The commit to compare with; empty: there is none."""
    here = git(root, "rev-parse", "HEAD")
    for name in [wanted] if wanted else ["origin/main", "main"]:
        base = git(root, "merge-base", "HEAD", name)
        if base and base != here:
            return base
    return git(root, "rev-parse", "--verify", "HEAD~1")


def look_at(build: Path, name: str, root: Path) -> tuple:
    """Whether a source is clean, and what clang-tidy says about it."""
    done = subprocess.run(["clang-tidy", "-p", str(build), "--quiet", "--extra-arg=-w", name],
                          cwd=root, capture_output=True, text=True)
    told = re.sub(r"^\d+ (?:warnings?|errors?).*\n?", "", done.stderr, flags=re.M)
    return done.returncode == 0, done.stdout + (told if done.returncode else "")


def run(build: Path, names: list, root: Path) -> int:
    faults = 0
    with ThreadPoolExecutor(JOBS) as pool:
        waiting = {pool.submit(look_at, build, name, root): name for name in names}
        for number, done in enumerate(as_completed(waiting), 1):
            is_clean, told = done.result()
            faults += not is_clean
            print(f"[{number}/{len(names)}] {waiting[done]}" + ("" if is_clean else "\n" + told),
                  flush=True)
    print(f"tidy: {len(names)} sources, {faults} with findings")
    return 1 if faults else 0


def main() -> int:
    words = sys.argv[1:]
    is_changed = "--changed" in words
    words = [word for word in words if word != "--changed"]
    if not words:
        print(__doc__, file=sys.stderr)
        return 2
    if not shutil.which("clang-tidy"):
        print("tidy: clang-tidy is not installed" + (": what has changed is not looked at"
                                                     if is_changed else " (tools/install.sh test)"))
        return 0 if is_changed else 1
    build = Path(words[0]).resolve()
    names = sources_of(json.loads((build / "compile_commands.json").read_text()), ROOT)
    if is_changed:
        base = base_of(ROOT, words[1] if len(words) > 1 else os.environ.get("BASE", ""))
        if not base:
            print("tidy: no commit to compare with: nothing is looked at")
            return 0
        changed = git(ROOT, "diff", "--name-only", "--diff-filter=d", base).splitlines()
        names = concerned(changed, names, ROOT)
    return run(build, names, ROOT)


if __name__ == "__main__":
    sys.exit(main())
