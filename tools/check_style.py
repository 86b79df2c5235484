#!/usr/bin/env python3
"""Holds the sources to CONTRIBUTING.md's rules that a program can see. Exit 1 names each breach.

    tools/check_style.py [ROOT]
    tools/check_style.py --lower [ROOT]   takes out of tools/style_exceptions.txt what is no longer
                                          needed, lowers what has shrunk and follows what has moved to
                                          another file; it never adds or raises
"""

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from source_reader import blank_out, blocks_of, functions_of, nesting_of, source_files
from type_reader import parameters_of, types_of

LINE_COLUMNS = 100
HEADER_LINES = 300
SOURCE_LINES = 500
FUNCTION_LINES = 70
BEHAVIOR_LINES = 50
NESTING = 3
HANDLER_LINES = 5
HANDLING_LINES = 20
METHODS = 20
MEMBERS = 12
PARAMETERS = 5
# Tests and benches have fixtures, which name many things and are called by nothing.
UNSHAPED_FOLDERS = ("tests", "bench")
EXCEPTIONS = Path("tools/style_exceptions.txt")
HANDLES = re.compile(r"(?:_shell|_actor)::handle\w*$")
BANNED_STEMS = {"common", "util", "utils", "utility", "helper", "helpers", "misc", "manager"}
UNFINISHED = re.compile(r"\b(?:TODO|FIXME|XXX|HACK)\b")
WAITS = re.compile(r"\b(?:sleep_for|sleep_until|usleep|nanosleep)\b|(?<![\w.])sleep\s*\(")
SHARED_PLACES = re.compile(r"\bTempDir\s*\(|\btemp_directory_path\s*\(|\btmpnam\s*\(")
SCRATCH = Path("tests/builders/scratch_folder.hpp")
ACCESSOR = re.compile(r"\bget_\w+\s*\(")
# CAF's, nlohmann's and CLI11's own member names, called but not defined here.
FOREIGN_ACCESSORS = {"get_or", "get_if", "get_as", "get_ptr", "get_ref", "get_to",
                     "get_or_else", "get_allocator", "get_id", "get_executor", "get_tzdb",
                     "get_info", "get_future", "get_subcommands", "get_name",
                     "get_options", "get_lnames"}
PURE_FOLDERS = ("domain", "control", "site")
PURE_BANS = [
    (re.compile(r"#include <(?:thread|mutex|atomic|random|iostream|fstream|ctime|future)>"),
     "threads, randomness, files and streams stay out of domain/, control/ and site/"),
    (re.compile(r"_clock::now\b|\btime\s*\(\s*(?:nullptr|NULL|0)\s*\)|\bgettimeofday\b"),
     "no clock in domain/, control/ and site/: time is passed in"),
    (re.compile(r"\brand\s*\(|\brandom_device\b|\bmt19937"),
     "no randomness in domain/, control/ and site/"),
    (re.compile(r"\bunordered_(?:map|set|multimap|multiset)\b"),
     "no unordered containers in domain/, control/ and site/: their order differs between machines"),
    (re.compile(r"\b(?:double|float)\b"),
     "no floating point in domain/ and control/ (allowed files: FLOATING_POINT_FILES)"),
]
# Files whose floating point decides nothing about current or power; each with its reason.
FLOATING_POINT_FILES: dict[str, str] = {}
README_LINES = (3, 25)


def shown(path: Path, root: Path) -> str:
    return str(path.relative_to(root))


def check_lines(path: Path, text: str, where: str) -> list[str]:
    faults = []
    lines = text.splitlines()
    most = HEADER_LINES if path.suffix == ".hpp" else SOURCE_LINES
    if len(lines) > most:
        faults.append(f"{where}: {len(lines)} lines, at most {most}")
    for number, line in enumerate(lines, 1):
        if len(line) > LINE_COLUMNS:
            faults.append(f"{where}:{number}: {len(line)} columns, at most {LINE_COLUMNS}")
        if UNFINISHED.search(line):
            faults.append(f"{where}:{number}: unfinished work is named in an issue, not in code")
        if line != line.rstrip():
            faults.append(f"{where}:{number}: white space at the end of the line")
        if "\t" in line:
            faults.append(f"{where}:{number}: a tab")
    return faults


def check_functions(text: str, where: str) -> list[str]:
    faults = []
    for function in functions_of(blocks_of(text)):
        most = BEHAVIOR_LINES if function.name.endswith("make_behavior") else FUNCTION_LINES
        if function.line_count > most:
            faults.append(f"{where}:{function.first_line}: {function.name} has "
                          f"{function.line_count} lines, at most {most}")
        if nesting_of(function) > NESTING:
            faults.append(f"{where}:{function.first_line}: {function.name} nests "
                          f"{nesting_of(function)} deep, at most {NESTING}")
    return faults


def handlers_of(text: str) -> list:
    """(name, first line, lines, allowed) of what handles a message: the functions of a behavior, and the
    `handle` functions that these call."""
    found = []
    for function in functions_of(blocks_of(text)):
        if function.name.endswith("make_behavior"):
            for number, handler in enumerate(lambdas_in(function), 1):
                lines_before = handler.head[:handler.head.rfind("[")].count("\n")
                found.append((f"{function.name}/{number}", handler.first_line + lines_before,
                              handler.line_count - lines_before, HANDLER_LINES))
        elif HANDLES.search(function.name):
            found.append((function.name, function.first_line, function.line_count,
                          HANDLING_LINES))
    return found


def lambdas_in(block) -> list:
    """The outermost lambdas in a block."""
    return [found for inner in block.inner
            for found in ([inner] if inner.is_lambda else lambdas_in(inner))]


def shapes_of(text: str, where: str) -> list:
    """(line, path and name and measure, value, allowed) of everything whose size has a bound.

    A record (a struct without methods) may have any number of members: it is a row of a table or
    what a schema states."""
    found = []
    for read in types_of(text):
        found.append((read.line, f"{where} {read.name} methods", len(read.methods), METHODS))
        if read.methods:
            found.append((read.line, f"{where} {read.name} members", len(read.members), MEMBERS))
    for function in functions_of(blocks_of(text)):
        found.append((function.first_line, f"{where} {function.name} parameters",
                      len(parameters_of(function.head)), PARAMETERS))
    return found + [(line, f"{where} {name} lines", lines, most)
                    for name, line, lines, most in handlers_of(text)]


def exceptions_in(root: Path) -> dict:
    """What may be larger than the rules allow, each with the size that it has."""
    listed = {}
    path = root / EXCEPTIONS
    for line in path.read_text().splitlines() if path.exists() else []:
        words = line.partition("#")[0].split()
        if words:
            listed[" ".join(words[:-1])] = int(words[-1])
    return listed


def measured(root: Path, files: list) -> dict:
    """Of everything whose size has a bound: its largest (value, allowed, line), by its key."""
    sizes = {}
    for path in files:
        if path.relative_to(root).parts[0] in UNSHAPED_FOLDERS:
            continue
        for line, key, value, allowed in shapes_of(path.read_text(), shown(path, root)):
            if key not in sizes or value > sizes[key][0]:
                sizes[key] = (value, allowed, line)
    return sizes


def check_shapes(root: Path, files: list) -> list[str]:
    faults, listed, sizes = [], exceptions_in(root), measured(root, files)
    for key, (value, allowed, line) in sizes.items():
        if value > listed.get(key, allowed):
            where, name, measure = key.split(" ")
            faults.append(f"{where}:{line}: {name} has {value} {measure}, at most "
                          f"{listed.get(key, allowed)}")
    for key, most in listed.items():
        value, allowed, _ = sizes.get(key, (0, 0, 0))
        if value <= allowed:
            faults.append(f"{EXCEPTIONS}: `{key} {most}` is no longer needed (--lower)")
        elif value < most:
            faults.append(f"{EXCEPTIONS}: `{key} {most}` has shrunk to {value} (--lower)")
    return faults


def moved_to(key: str, sizes: dict, listed: dict) -> str:
    if key in sizes:
        return key
    same = [other for other in sizes if other not in listed
            and other.partition(" ")[2] == key.partition(" ")[2] and sizes[other][0] > sizes[other][1]]
    return same[0] if len(same) == 1 else key


def lower_exceptions(root: Path):
    """Takes out or lowers exceptions; comments and the order of lines stay. What stands in a file
    that is gone is followed to the one file that has the same and is not listed."""
    sizes, kept = measured(root, source_files(root)), []
    listed = exceptions_in(root)
    for line in (root / EXCEPTIONS).read_text().splitlines():
        words = line.partition("#")[0].split()
        if not words:
            kept.append(line)
            continue
        key = moved_to(" ".join(words[:-1]), sizes, listed)
        value, allowed, _ = sizes.get(key, (0, 0, 0))
        if value > allowed:
            kept.append(f"{key} {min(value, int(words[-1]))}")
    (root / EXCEPTIONS).write_text("\n".join(kept) + "\n")


def check_names(path: Path, clean: str, where: str) -> list[str]:
    faults = []
    if path.stem in BANNED_STEMS or BANNED_STEMS & {part.lower() for part in path.parts}:
        faults.append(f"{where}: a name that says nothing ({', '.join(sorted(BANNED_STEMS))})")
    if not re.fullmatch(r"[a-z0-9_]+", path.stem):
        faults.append(f"{where}: file names are snake_case")
    for number, line in enumerate(clean.splitlines(), 1):
        for hit in ACCESSOR.finditer(line):
            if hit.group(0).rstrip("( ") not in FOREIGN_ACCESSORS:
                faults.append(f"{where}:{number}: `{hit.group(0)}`: no get_ prefix")
    if path.suffix == ".hpp" and "#pragma once" not in clean:
        faults.append(f"{where}: a header without #pragma once")
    return faults


def check_purity(clean: str, where: str) -> list[str]:
    faults = []
    for number, line in enumerate(clean.splitlines(), 1):
        for pattern, why in PURE_BANS:
            if not pattern.search(line):
                continue
            if "floating point" in why and where in FLOATING_POINT_FILES:
                continue
            faults.append(f"{where}:{number}: {why}")
    return faults


def check_waits(clean: str, where: str) -> list[str]:
    return [f"{where}:{number}: a sleep hides a race: wait for a condition with a deadline"
            for number, line in enumerate(clean.splitlines(), 1) if WAITS.search(line)]


def check_scratch(relative: Path, clean: str, where: str) -> list[str]:
    if relative == SCRATCH:
        return []
    return [f"{where}:{number}: tests run side by side: a file stands in a scratch_folder ({SCRATCH})"
            for number, line in enumerate(clean.splitlines(), 1) if SHARED_PLACES.search(line)]


def check_contract(text: str, where: str) -> list[str]:
    body = text.replace("#pragma once", "", 1).lstrip()
    return [] if body.startswith("//") else [f"{where}: a header begins with its contract"]


def check_folders(root: Path, files: list[Path]) -> list[str]:
    faults = []
    folders = {path.parent for path in files if path.relative_to(root).parts[0] != "tests"}
    for folder in sorted(folders):
        if folder.is_relative_to(root / "tests"):
            continue
        readme = folder / "README.md"
        name = str(folder.relative_to(root))
        if not readme.exists():
            faults.append(f"{name}: no README.md that states its rule")
            continue
        count = len(readme.read_text().splitlines())
        if not README_LINES[0] <= count <= README_LINES[1]:
            faults.append(f"{name}/README.md: {count} lines, allowed {README_LINES[0]} to "
                          f"{README_LINES[1]}")
    return faults


def check_file(path: Path, root: Path) -> list[str]:
    text = path.read_text()
    where = shown(path, root)
    # The layer checks read include lines too, so only comments and strings are blanked.
    clean = blank_out(text)
    faults = check_lines(path, text, where) + check_functions(text, where)
    faults += check_names(path.relative_to(root), clean, where)
    top = path.relative_to(root).parts[0]
    if path.suffix == ".hpp" and top != "tests":
        faults += check_contract(text, where)
    if top == "tests":
        faults += check_scratch(path.relative_to(root), clean, where)
    if top in PURE_FOLDERS:
        faults += check_purity(clean, where)
    if top in ("tests", "domain", "control", "messages", "simulator"):
        faults += check_waits(clean, where)
    return faults


def check(root: Path) -> list[str]:
    files = source_files(root)
    faults = [fault for path in files for fault in check_file(path, root)]
    return faults + check_shapes(root, files) + check_folders(root, files)


def main() -> int:
    words = [word for word in sys.argv[1:] if word != "--lower"]
    root = Path(words[0] if words else Path(__file__).parent.parent).resolve()
    if "--lower" in sys.argv:
        lower_exceptions(root)
    faults = check(root)
    print("\n".join(faults) if faults else f"style: {len(source_files(root))} files, no breach")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
