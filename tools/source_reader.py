"""Reads C++ the way the checks in this folder need it: without comments and strings, as blocks.

Used by check_style.py and check_layers.py. Not a parser: it tracks braces and the text before them.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

CODE_SUFFIXES = (".cpp", ".hpp")
CODE_FOLDERS = ("domain", "control", "site", "ocpp", "text", "ports", "messages", "actors", "node",
                "adapters", "simulator", "apps", "loadtest", "dashboard", "tests", "bench")
CONTROL_WORDS = re.compile(r"^(?:\}?\s*else\b|if\b|for\b|while\b|switch\b|do\b|try\b|catch\b)")
TYPE_WORDS = re.compile(r"\b(?:namespace|class|struct|union|enum|extern)\b")


def source_files(root: Path) -> list[Path]:
    """Every .cpp and .hpp of the project's own folders, sorted; generated and built files left out."""
    found = []
    for folder in CODE_FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            inside = path.relative_to(root).parts
            if path.suffix in CODE_SUFFIXES and not {"node_modules", "dist", "build"} & set(inside):
                found.append(path)
    return found


def blank_out(text: str) -> str:
    """`text` with comments, strings and character literals turned into spaces; lines stay."""
    pattern = re.compile(
        r'//[^\n]*|/\*.*?\*/|R"(?P<tag>[^()\\\s]{0,16})\(.*?\)(?P=tag)"|"(?:\\.|[^"\\\n])*"'
        r"|(?<![0-9a-fA-F])'(?:\\.|[^'\\\n])*'", re.S)
    return pattern.sub(lambda hit: re.sub(r"[^\n]", " ", hit.group(0)), text)


@dataclass
class Block:
    """One pair of braces. `head` is what stands before it; lines are 1-based."""
    head: str
    first_line: int
    last_line: int = 0
    inner: list["Block"] = field(default_factory=list)

    @property
    def is_control(self) -> bool:
        return bool(CONTROL_WORDS.match(self.head))

    @property
    def is_type(self) -> bool:
        return bool(TYPE_WORDS.search(re.sub(r"<[^<>]*>", "", self.head).split("(")[0]))

    @property
    def is_lambda(self) -> bool:
        return bool(re.search(r"\[[^\[\]]*\]\s*(?:\([^()]*(?:\([^()]*\)[^()]*)*\))?"
                              r"\s*(?:mutable|noexcept|->\s*[\w:<>,&*\s]+)*\s*$", self.head))

    @property
    def is_function(self) -> bool:
        return (not self.is_control and not self.is_type and not self.is_lambda
                and bool(re.search(r"\)\s*(?:const|noexcept|override|final|->.*|:.*)?[\s\w]*$",
                                   self.head, re.S)))

    @property
    def name(self) -> str:
        hit = re.search(r"([~\w:]+)\s*\(", self.head)
        return hit.group(1) if hit else self.head.strip()[:40]

    @property
    def line_count(self) -> int:
        return self.last_line - self.first_line + 1


def blocks_of(text: str) -> list[Block]:
    """The outermost brace blocks of a source, each with the blocks inside it."""
    clean = re.sub(r"^[ \t]*#.*(?:\\\n.*)*$", lambda hit: re.sub(r"[^\n]", " ", hit.group(0)),
                   blank_out(text), flags=re.M)
    outermost: list[Block] = []
    stack: list[Block] = []
    start, line, parentheses = 0, 1, 0
    for place, char in enumerate(clean):
        if char == "\n":
            line += 1
        elif char == "(":
            parentheses += 1
        elif char == ")":
            parentheses -= 1
        elif char == ";" and parentheses <= 0:
            start = place + 1
        elif char == "{":
            raw = clean[start:place]
            head = raw.strip()
            first = line - (raw.lstrip() or "").count("\n") if head else line
            block = Block(head, first)
            (stack[-1].inner if stack else outermost).append(block)
            stack.append(block)
            start = place + 1
        elif char == "}" and stack:
            stack.pop().last_line = line
            start = place + 1
    return outermost


def functions_of(blocks: list[Block]) -> list[Block]:
    """Every function body, member functions included, functions inside functions left out."""
    found = []
    for block in blocks:
        if block.is_function:
            found.append(block)
        else:
            found += functions_of(block.inner)
    return found


def nesting_of(block: Block) -> int:
    """How deep control statements stand inside each other in `block`."""
    deepest = 0
    for inner in block.inner:
        deepest = max(deepest, nesting_of(inner) + (1 if inner.is_control else 0))
    return deepest
