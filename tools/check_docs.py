#!/usr/bin/env python3
"""Holds the documents (*.md) to CONTRIBUTING.md's page of style. Exit 1 names each breach.

    tools/check_docs.py [ROOT]

- A line of prose has at most 120 columns; tables, images and blocks of code may be wider.
- A path in backticks, in a link or in plain text that looks like one of the tree exists, seen from
  the root or from the document's folder; `*` and `<name>` stand for anything. So does the heading
  that a link names.
- A name_with_underscores in backticks stands somewhere in the tree beside the documents.
- A page of docs/ that a source, script or schema cites exists.
- A block of C++ in CONTRIBUTING.md is a part of the file that the sentence before it names.
- "whoever", "nobody" and the like are for people.
- A decision (docs/adr/) has its number alone, and its heading states it.
"""

import os
import re
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path

COLUMNS = 120
EXAMPLES = "CONTRIBUTING.md"
# What is fetched or built; no document of the project stands there.
SKIPPED = {"node_modules", "dist", "build", "__pycache__"}
SUFFIXES = ("hpp", "cpp", "in", "py", "sh", "md", "toml", "json", "fbs", "yml", "ts", "svelte",
            "cmake", "txt", "csv", "xml", "properties", "png")
TEXT_SUFFIXES = {f".{suffix}" for suffix in SUFFIXES} - {".md", ".png"}
# Metrics are put together from parts; tests/deploy/alerts_test.py holds those of the manual.
FOREIGN_NAMES = re.compile(r"busbar_\w+|localtime_r")
WORDS = re.compile(r"\b(?:who|whom)ever\b|\b(?:some|no|any|every)body\b", re.I)
CODE = re.compile(r"`([^`\n]+)`")
LINK = re.compile(r"\]\(([^)\s]+)\)")
PLAIN_PATH = re.compile(rf"(?<![\w/.-])((?:[a-z][\w-]*/)+[\w-]+\.(?:{'|'.join(SUFFIXES)}))\b")
CITATION = re.compile(r"(?<![\w/.-])docs/[\w/-]+\.md\b")
# Trees that tests of the checks make up.
MADE_UP = "tests/tools/"
NAME = re.compile(r"(?:\w+::)*([a-z][a-z0-9]*(?:_[a-z0-9]+)+)(?:\(\))?")
# A name without a folder is a file of the tree where its kind is one that only the tree has.
FILE_NAME = re.compile(r"[\w*<>{}.-]+\.(?:hpp|cpp|in|py|sh|toml|fbs|ts|svelte|yml|cmake)")
EXAMPLE = re.compile(r"`(?P<path>[^`\n]+)`[^`]*?\n```cpp\n(?P<code>.*?)```", re.S)


@dataclass(frozen=True)
class Line:
    number: int
    text: str
    is_code: bool


def is_own(name: str) -> bool:
    return name not in SKIPPED and not name.startswith(".")


def files_of(root: Path) -> list[Path]:
    found = []
    for folder, folders, files in os.walk(root):
        folders[:] = filter(is_own, folders)
        found += [Path(folder, file) for file in files if is_own(file)]
    return sorted(found)


def documents(root: Path) -> list[Path]:
    return [path for path in files_of(root) if path.suffix == ".md"]


def lines_of(text: str) -> list[Line]:
    """Lines with what is a block of code, between fences or indented by four after an empty one."""
    found, is_fenced, is_indented = [], False, False
    before = ""
    for number, line in enumerate(text.splitlines(), 1):
        is_fence = line.lstrip().startswith("```")
        begins = line.startswith("    ") and (is_indented or not before.strip()
                                              or before.startswith("#"))
        is_indented = not is_fenced and begins
        found.append(Line(number, line, is_fenced or is_fence or is_indented))
        is_fenced ^= is_fence
        before = line
    return found


def check_width(line: Line, where: str) -> list[str]:
    is_free = line.is_code or line.text.lstrip().startswith(("|", "!["))
    if is_free or len(line.text) <= COLUMNS:
        return []
    return [f"{where}:{line.number}: {len(line.text)} columns of prose, at most {COLUMNS}"]


def check_words(line: Line, where: str) -> list[str]:
    if where == EXAMPLES:
        return []
    return [f"{where}:{line.number}: \"{hit.group(0)}\": the thing by its name"
            for hit in WORDS.finditer(line.text)]


@cache
def top_folders(root: Path) -> frozenset[str]:
    return frozenset(path.name for path in root.iterdir()
                     if path.is_dir() and is_own(path.name))


def looks_like_a_path(root: Path, name: str) -> bool:
    if re.search(r"[\s:=$(|,;]|^[/~-]|\.\.\.", name):
        return False
    return name.split("/")[0] in top_folders(root) if "/" in name else bool(
        FILE_NAME.fullmatch(name))


def exists(root: Path, document: Path, name: str) -> bool:
    pattern = re.sub(r"<[^<>]*>|\{[^{}]*\}", "*", name).rstrip("/")
    for base in (root, document.parent):
        if "*" in pattern and any(base.glob(pattern)):
            return True
        if (base / pattern).exists():
            return True
    return False


def mentioned(line: Line) -> list[str]:
    """Everything in a line that may be a path of the tree."""
    plain = CODE.sub("", line.text)
    return CODE.findall(line.text) + PLAIN_PATH.findall(LINK.sub("", plain))


def check_paths(root: Path, document: Path, line: Line, where: str) -> list[str]:
    names = dict.fromkeys(name for name in mentioned(line) if looks_like_a_path(root, name))
    return [f"{where}:{line.number}: {name} does not exist"
            for name in names if not exists(root, document, name)]


def heading_names(text: str) -> set[str]:
    """As a link names them: small letters, without signs, with hyphens for spaces."""
    headings = [line.text.lstrip("#").strip() for line in lines_of(text)
                if line.text.startswith("#") and not line.is_code]
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in headings}


def check_links(document: Path, line: Line, where: str) -> list[str]:
    faults = []
    for link in LINK.findall(line.text):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, heading = link.partition("#")
        target = document.parent / path if path else document
        if not target.exists():
            faults.append(f"{where}:{line.number}: {link} does not exist")
        elif heading and heading not in heading_names(target.read_text()):
            faults.append(f"{where}:{line.number}: {path} has no heading {heading}")
    return faults


@cache
def known_words(root: Path) -> frozenset[str]:
    """Every name_with_underscores in the tree, in text or as a part of a file's name."""
    words = set()
    for path in files_of(root):
        words |= set(re.findall(r"[a-z][a-z0-9_]*", path.name))
        if path.suffix in TEXT_SUFFIXES or path.name == "Makefile":
            words |= set(re.findall(r"[a-z][a-z0-9]*(?:_[a-z0-9]+)+", path.read_text()))
    return frozenset(words)


def check_names(root: Path, line: Line, where: str) -> list[str]:
    hits = [hit for code in CODE.findall(line.text) if (hit := NAME.fullmatch(code))]
    return [f"{where}:{line.number}: {hit.group(0)} stands nowhere in the tree"
            for hit in hits if not FOREIGN_NAMES.fullmatch(hit.group(1))
            and hit.group(1) not in known_words(root)]


def check_examples(root: Path) -> list[str]:
    document = root / EXAMPLES
    faults = []
    for hit in EXAMPLE.finditer(document.read_text() if document.exists() else ""):
        path = root / hit.group("path")
        if not path.is_file():
            faults.append(f"{EXAMPLES}: no file {hit.group('path')} to hold its example to")
        elif hit.group("code") not in path.read_text():
            faults.append(f"{EXAMPLES}: the example is not what stands in {hit.group('path')}")
    return faults


def check_citations(root: Path) -> list[str]:
    faults = []
    for path in files_of(root):
        where = str(path.relative_to(root))
        if path.suffix not in TEXT_SUFFIXES or where.startswith(MADE_UP):
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            faults += [f"{where}:{number}: {cited} does not exist"
                       for cited in CITATION.findall(line) if not (root / cited).exists()]
    return faults


def check_document(root: Path, document: Path) -> list[str]:
    where = str(document.relative_to(root))
    faults = []
    for line in lines_of(document.read_text()):
        faults += check_width(line, where) + check_words(line, where)
        if line.is_code:
            continue
        faults += check_paths(root, document, line, where) + check_links(document, line, where)
        faults += check_names(root, line, where)
    return faults


def check_decisions(root: Path) -> list[str]:
    faults, file_of = [], {}
    for path in sorted((root / "docs/adr").glob("[0-9]*.md")):
        number, where = path.name.split("-")[0], str(path.relative_to(root))
        if number in file_of:
            faults.append(f"{where}: {file_of[number]} has the number {number}, too")
        if not path.read_text().startswith(f"# {int(number)}. "):
            faults.append(f"{where}: its heading does not begin with \"# {int(number)}. \"")
        file_of[number] = path.name
    return faults


def check(root: Path) -> list[str]:
    faults = [fault for document in documents(root) for fault in check_document(root, document)]
    return faults + check_citations(root) + check_examples(root) + check_decisions(root)


def main() -> int:
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent).resolve()
    faults = check(root)
    print("\n".join(faults) if faults else f"docs: {len(documents(root))} documents, no breach")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
