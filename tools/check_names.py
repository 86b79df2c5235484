#!/usr/bin/env python3
"""Holds what READMEs and headers' comments put into backticks to what there is: identifiers, members
(`type::member`), files, options, `busbar` commands and targets of make. Exit 1 names each breach.

    tools/check_names.py [ROOT]
"""

import fnmatch
import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from source_reader import CODE_FOLDERS, CODE_SUFFIXES
from type_reader import clean_of, end_of, TYPE_HEAD

CODE_OR_COMMENT = re.compile(r'"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])\'|//[^\n]*|/\*.*?\*/', re.S)
FENCE = re.compile(r"^```.*?^```", re.S | re.M)
QUOTED = re.compile(r"`([^`\n]+)`")
WORD = re.compile(r"_*[A-Za-z]\w*")
MEMBER = re.compile(r"(?<![\w:])(?:\w+::)*(\w+)::(\w+)")
OPTION = re.compile(r"(?<![\w-])--[a-z][\w-]*")
HYPHENATED = re.compile(r"(?<![\w-])[A-Za-z]\w*(?:-\w+)+")
FILE = re.compile(r"^[\w.*<>/-]*(?:/[\w.*<>/-]*"
                  r"|\.(?:[ch]pp|py|sh|ts|toml|json|yml|in|md|fbs|js|xml|cmake))$")
TEXT_SUFFIXES = {".cpp", ".hpp", ".fbs", ".py", ".sh", ".ts", ".svelte", ".json", ".toml", ".yml",
                 ".cmake", ".txt", ".properties", ".in", ".js", ".xml", ".html", ".css", ""}
MADE = {"build", "dist", "node_modules", ".git", "__pycache__"}
# Names of others' interfaces that stand in no code here; each with its owner.
FOREIGN = {"--help": "CLI11", "--config": "Prometheus", "insync": "Kafka", "replicas": "Kafka"}
FOREIGN_NAMESPACE = re.compile(r"\b(?:caf|std|boost|nlohmann)(?:::\w+)+")


def files_of(root: Path) -> list:
    """Every file of the project's own; made ones left out. Hidden ones only at the top."""
    found = [path for path in sorted(root.iterdir()) if path.is_file()]
    for folder in sorted(path for path in root.iterdir() if path.is_dir()):
        if folder.name in MADE:
            continue
        found += [path for path in sorted(folder.rglob("*"))
                  if path.is_file() and not MADE & set(path.relative_to(root).parts)]
    return found


def without_comments(text: str) -> str:
    return CODE_OR_COMMENT.sub(lambda hit: hit.group(0) if hit.group(0)[0] in "\"'" else " ", text)


class Tree:
    """What there is under `root` to be named."""

    def __init__(self, root: Path):
        self.paths = [str(path.relative_to(root)) for path in files_of(root)]
        self.folders = {str(parent) for path in self.paths for parent in Path(path).parents}
        self.words = {False: set(), True: set()}
        self.texts = {False: [], True: []}
        self.members, self.bases = {}, {}
        for name in self.paths:
            if Path(name).suffix in TEXT_SUFFIXES:
                self.read(root / name, name)
        self.targets = set()
        if "Makefile" in self.paths:
            makefile = (root / "Makefile").read_text()
            self.targets = set(" ".join(re.findall(r"^([\w ]+):", makefile, re.M)).split())
        for is_test in (False, True):
            self.words[is_test] |= {word for path in self.paths for word in WORD.findall(path)}
            self.texts[is_test] = "\n".join(self.texts[is_test])

    def read(self, path: Path, name: str):
        text = path.read_text(errors="replace")
        if path.suffix in (".cpp", ".hpp", ".ts", ".fbs"):
            text = without_comments(text)
        words = set(WORD.findall(text))
        for is_test in (True,) if name.startswith("tests/") else (False, True):
            self.words[is_test] |= words
            self.texts[is_test].append(text)
        if path.suffix in CODE_SUFFIXES:
            self.read_types(path.read_text())

    def read_types(self, text: str):
        """The words in the body of each type, by the last part of its name."""
        clean = clean_of(text)
        for brace in re.finditer(r"\b(?:class|struct|enum)\b[^;{}()]*(\{)", clean):
            head = clean[brace.start():brace.start(1)].strip()
            named = TYPE_HEAD.search(head) or re.match(r"(enum)(?: class)? ([\w:]+)", head)
            if named:
                name = named.group(2).rpartition("::")[2]
                body = clean[brace.start(1):end_of(clean, brace.start(1))]
                self.members.setdefault(name, set()).update(WORD.findall(body))
                if " : " in head:
                    bases = WORD.findall(head.partition(" : ")[2])
                    self.bases.setdefault(name, set()).update(bases)

    def has_file(self, name: str, near: str) -> bool:
        wanted = re.sub(r"<\w+>", "*", name).rstrip("/")
        patterns = [wanted, f"{near}/{wanted}", f"*/{wanted}"]
        return any(fnmatch.fnmatchcase(path, pattern)
                   for pattern in patterns for path in self.candidates(pattern))

    def candidates(self, pattern: str):
        if "*" not in pattern:
            return [pattern] if pattern in self.folders or pattern in self.paths else []
        return [*self.paths, *self.folders]

    def has_member(self, owner: str, name: str) -> bool:
        """Of a type: in its body or a base's. Of a namespace: anywhere."""
        if owner not in self.members:
            return True
        return name in self.members[owner] or any(
            base != owner and base in self.members and self.has_member(base, name)
            for base in self.bases.get(owner, ()))


def faults_of(code: str, tree: Tree, near: str, is_test: bool) -> list:
    """Why `code` names what is not there; empty: all of it is."""
    if code.startswith(("/", "http")) or code.startswith("build/"):
        return []
    if FILE.match(code) and not code.startswith("*."):
        return [] if tree.has_file(code, near) else ["no such file or folder"]
    faults = []
    command = re.match(r"busbar ([a-z]+)", code)
    if command and f"apps/{command.group(1)}_command.cpp" not in tree.paths:
        faults.append(f"no command `busbar {command.group(1)}`")
    target = re.match(r"make ([a-z]+)", code)
    if target and target.group(1) not in tree.targets:
        faults.append(f"no target `{target.group(1)}` in the Makefile")
    plain = FOREIGN_NAMESPACE.sub(" ", re.sub(r"^(?:busbar|make) [a-z]+", "", code))
    for pattern in (OPTION, HYPHENATED):
        for whole in pattern.findall(plain):
            if whole not in tree.texts[is_test] and whole not in FOREIGN:
                faults.append(f"no `{whole}`")
        plain = pattern.sub(" ", plain)
    for owner, name in MEMBER.findall(plain):
        if not tree.has_member(owner, name):
            faults.append(f"`{owner}` has no `{name}`")
    known = tree.words[is_test]
    for word in WORD.findall(plain):
        if word not in known and word not in FOREIGN and not begins_a_name(code, word, known):
            faults.append(f"no `{word}`")
    return faults


def begins_a_name(code: str, word: str, known: set) -> bool:
    """Of `word_*`: whether any name begins so."""
    return f"{word}*" in code and any(name.startswith(word) for name in known)


def quoted_in(path: Path) -> list:
    """(line, code) of what stands in backticks in a README or in a header's comments."""
    text = path.read_text()
    if path.suffix == ".md":
        text = FENCE.sub(lambda hit: re.sub(r"[^\n]", " ", hit.group(0)), text)
        return [(text.count("\n", 0, hit.start()) + 1, hit.group(1)) for hit in QUOTED.finditer(text)]
    found, block, begun = [], "", 0
    for number, line in enumerate([*text.splitlines(), ""], 1):
        at = line.find("//")
        if at < 0 or (block and line[:at].strip()):
            found += [(begun, hit.group(1)) for hit in QUOTED.finditer(block)]
            block = ""
        if at >= 0:
            begun = begun if block else number
            block += " " + line[at:].lstrip("/").strip()
    return found


def check(root: Path) -> list:
    tree = Tree(root)
    headers = [path for folder in CODE_FOLDERS for path in sorted((root / folder).rglob("*.hpp"))
               if not MADE & set(path.relative_to(root).parts)]
    readmes = [path for path in files_of(root) if path.name == "README.md"]
    breaches = []
    for path in readmes + headers:
        where = str(path.relative_to(root))
        is_test = where.startswith("tests/")
        for line, code in quoted_in(path):
            for fault in faults_of(code, tree, str(Path(where).parent), is_test):
                breaches.append(f"{where}:{line}: `{code}`: {fault}")
    return breaches


def main() -> int:
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent).resolve()
    breaches = check(root)
    print("\n".join(breaches) if breaches else "names: all that READMEs and headers name is there")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
