#!/usr/bin/env python3
"""Holds docs/bounds.md to the constants that bound something: each stands in its table with its file
and its value, and each row is a constant. Exit 1 names each breach.

    tools/check_bounds.py [ROOT]
    tools/check_bounds.py --follow [ROOT]   rows of constants that have moved get the file of now
"""

import ast
import operator
import re
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from source_reader import CODE_FOLDERS, source_files
from type_reader import clean_of, split_at_commas

PAGE = "docs/bounds.md"
# Bounds of records stand in messages/bounds.hpp and the schemas; what is simulated is no product.
LEFT_OUT = ("tests", "bench", "messages", "simulator", "loadtest", "dashboard")
FOLDERS = tuple(folder for folder in CODE_FOLDERS if folder not in LEFT_OUT)
BOUND = re.compile(r"^(?:\w+_(?:max|every|patience|within|after|grace|pause|at_once)"
                   r"|every|patience)$")
DECLARATION = re.compile(r"^[ \t]*(?:inline |static )*constexpr\s+([\w:]+)\s+(\w+\s*[={][^;]*);",
                         re.M)
DECLARATOR = re.compile(r"^\s*(\w+)\s*(?:=\s*(.*)|\{(.*)\})$", re.S)
# In microseconds.
UNITS = {"microseconds": 1, "us": 1, "milliseconds": 1_000, "ms": 1_000, "seconds": 1_000_000,
         "s": 1_000_000, "minutes": 60_000_000, "min": 60_000_000, "hours": 3_600_000_000,
         "h": 3_600_000_000}
OPERATORS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
             ast.LShift: operator.lshift}
ROW = re.compile(r"^\| `(\w+)` \| ([^|]*) \| ([^|]*) \| `([\w/.]+)` \|$")
SHOWN = re.compile(r"^(?:2\^(\d+)|(-?\d[\d,]*))(?: ([^\d].*))?$")


def number_of(node) -> int:
    """What a constant expression of integers comes to. Raises ValueError for any other."""
    if isinstance(node, ast.Expression):
        return number_of(node.body)
    if isinstance(node, ast.Constant) and isinstance(node.value, (int, float)):
        return int(node.value)
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return -number_of(node.operand)
    if isinstance(node, ast.BinOp) and type(node.op) in OPERATORS:
        return OPERATORS[type(node.op)](number_of(node.left), number_of(node.right))
    raise ValueError("not a constant expression of numbers")


def value_of(expression: str, kind: str, known: dict) -> int:
    """The value of a constant: of a time in microseconds, of all else the number."""
    unit = UNITS.get(kind.rpartition("::")[2], 1)
    stated = re.fullmatch(r"\s*std::chrono::(\w+)\{(.*)\}\s*", expression, re.S)
    if stated:
        unit, expression = UNITS[stated.group(1)], stated.group(2)
    plain = re.sub(r"(?<=[\dA-Fa-f])'(?=[\dA-Fa-f])", "", expression)
    plain = re.sub(r"\b(\d+)[uUlL]+\b", r"\1", plain)
    plain = re.sub(r"\b(?:std::)?u?int\d+_t\{([^{}]*)\}", r"(\1)", plain)
    plain = re.sub(r"\b(?:\w+::)*([A-Za-z]\w*)\b(?!\{)",
                   lambda hit: f"({known[hit.group(1)]})" if hit.group(1) in known
                   else hit.group(0), plain)
    return number_of(ast.parse(plain.strip(), mode="eval")) * unit


def constants_of(text: str) -> list:
    """(type, name, expression) of every constant in a source, in order."""
    found = []
    for hit in DECLARATION.finditer(clean_of(text)):
        for part in split_at_commas(hit.group(2)):
            named = DECLARATOR.match(part)
            if named:
                found.append((hit.group(1), named.group(1), named.group(2) or named.group(3) or ""))
    return found


def bounds_in(root: Path) -> tuple:
    """Counts of (file, name, value), and what could not be worked out."""
    counts, faults, everywhere = Counter(), [], {}
    sources = {path: constants_of(path.read_text()) for path in source_files(root)
               if path.relative_to(root).parts[0] in FOLDERS}
    ordered = sorted(sources, key=lambda path: (path.relative_to(root).parts[0] != "domain", path))
    for path in ordered:
        here, where = {}, str(path.relative_to(root))
        for kind, name, expression in sources[path]:
            # The range of an integer type is no bound that anybody chose.
            if "numeric_limits" in expression:
                continue
            try:
                value = value_of(expression, kind, everywhere | here)
                here[name] = value
            except (ValueError, SyntaxError) as error:
                if BOUND.match(name):
                    faults.append(f"{where}: `{name} = {expression}`: {error}")
                continue
            if BOUND.match(name):
                counts[(where, name, value)] += 1
        if path.suffix == ".hpp":
            everywhere |= here
    return counts, faults


def rows_of(text: str) -> tuple:
    """(file, name, number, number in microseconds) of each row, and what is no row."""
    rows, faults = [], []
    for at, line in enumerate(text.splitlines(), 1):
        if not line.startswith("| `"):
            continue
        row = ROW.match(line)
        shown = SHOWN.match(row.group(2)) if row else None
        if not shown or not row.group(3).strip():
            faults.append(f"{PAGE}:{at}: not | `name` | value | what happens above it | `file` |")
            continue
        number = 2 ** int(shown.group(1)) if shown.group(1) else int(shown.group(2).replace(",", ""))
        rows.append((row.group(4), row.group(1), number, number * UNITS.get(shown.group(3), 1)))
    return rows, faults


def check(root: Path) -> list:
    code, faults = bounds_in(root)
    rows, page_faults = rows_of((root / PAGE).read_text())
    faults += page_faults
    # A constant of seconds that is a plain integer is compared as the number it is.
    page = Counter((where, name, number if (where, name, number) in code else scaled)
                   for where, name, number, scaled in rows)
    for where, name, value in sorted((code - page).keys()):
        faults.append(f"{where}: `{name}` ({value:,}) stands in no row of {PAGE} with that value")
    for where, name, value in sorted((page - code).keys()):
        faults.append(f"{PAGE}: no `{name}` of {value:,} in {where}")
    if "(bounds.md)" not in (root / "docs/architecture.md").read_text():
        faults.append(f"docs/architecture.md: no link to {PAGE}")
    return faults


def follow(root: Path):
    """Gives rows of constants that are gone the file of the one constant with the same name and
    value that stands in no row; their section is left as it is."""
    code, _ = bounds_in(root)
    lines = (root / PAGE).read_text().splitlines()
    rows = {at: rows_of(line)[0][0] for at, line in enumerate(lines) if rows_of(line)[0]}
    stated = {(where, name, value) for where, name, *values in rows.values() for value in values}
    for at, (where, name, number, scaled) in rows.items():
        if (where, name, number) in code or (where, name, scaled) in code:
            continue
        found = [key for key in code
                 if key[1] == name and key[2] in (number, scaled) and key not in stated]
        if len(found) == 1:
            lines[at] = lines[at].replace(f"| `{where}` |", f"| `{found[0][0]}` |")
            stated.add(found[0])
    (root / PAGE).write_text("\n".join(lines) + "\n")


def main() -> int:
    words = [word for word in sys.argv[1:] if word != "--follow"]
    root = Path(words[0] if words else Path(__file__).parent.parent).resolve()
    if "--follow" in sys.argv:
        follow(root)
    faults = check(root)
    print("\n".join(faults) if faults else f"bounds: {sum(bounds_in(root)[0].values())} constants, "
          "each documented")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
