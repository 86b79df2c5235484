#!/usr/bin/env python3
"""Holds the table of docs/control/README.md (rule, text, code, tests, simulation) to the tree.

    tools/check_rules.py [ROOT]

Every rule of design has one row with no empty cell; what a row names exists; the rule is cited by
the code, by a test's name, and by every test that the row names; nobody cites a rule that does not
exist. A name in backticks that holds a `/` is a path. Exit 1 names each breach.
"""

import re
import sys
from dataclasses import dataclass
from pathlib import Path

TABLE = "docs/control/README.md"
RULES = ("LIM-1", "LIM-2", "LIM-3", "LIM-4", "LIM-5", "LIM-6", "LIM-7", "LIM-8", "LIM-9",
         "FAIR-1", "FAIR-2", "FAIR-3", "RAMP-1", "SAFE-1", "SAFE-2", "LIFE-1", "OWN-1",
         "OWN-2", "OWN-3", "OWN-4", "OWN-5", "KEEP-1", "KEEP-2", "KEEP-3", "QUAL-1",
         "OCPP-1", "OCPP-2", "OCPP-3", "OCPP-4", "OCPP-5", "OCPP-6", "OCPP-7", "OCPP-8", "OCPP-9",
         "OCPP-10", "OCPP-11")
COLUMNS = ("rule", "text", "code", "tests", "simulation")
FAMILIES = "|".join(sorted({rule.split("-")[0] for rule in RULES}))
# OCPP-1.6 and OCPP_3_13_2 are a version and a clause of the protocol.
CITATION = re.compile(rf"(?<![A-Za-z0-9])({FAMILIES})[-_](\d+)(?!(?<=OCPP.\d)[_.]?\d|(?<=OCPP.\d\d)[_.]?\d)")
ROW = re.compile(rf"^\|\s*((?:{FAMILIES})-\d+)\s*\|(.*)\|\s*$")
PATH = re.compile(r"`([^`\s]*/[^`\s]*)`")
# Where a test's name stands: TEST(suite, name), def test_name(self), it('name', ...).
TEST_NAMES = {
    ".cpp": re.compile(r"^TEST(?:_F|_P)?\(\s*\w+,\s*(\w+)\s*\)", re.M),
    ".py": re.compile(r"^\s*def (test_\w+)\(", re.M),
    ".ts": re.compile(r"\b(?:it|test|describe)(?:\.each\([^)]*\))?\(\s*(['`\"].*?['`\"])", re.S),
}
SUFFIXES = {".cpp", ".hpp", ".py", ".ts", ".svelte", ".sh", ".md", ".fbs", ".toml"}
CITING_FOLDERS = ("domain", "control", "site", "ocpp", "text", "ports", "messages", "actors",
                  "node", "adapters", "simulator", "apps", "loadtest", "dashboard", "bench", "deploy", "docs", "examples", "tests", "tools")


@dataclass(frozen=True)
class Row:
    rule: str
    line: int
    cells: dict[str, str]

    def paths(self, column: str) -> list[str]:
        return PATH.findall(self.cells[column])


def files_of(path: Path) -> list[Path]:
    """The readable files at or below `path`; what is built or fetched left out."""
    found = [path] if path.is_file() else sorted(path.rglob("*"))
    return [file for file in found if file.suffix in SUFFIXES and file.is_file()
            and not {"node_modules", "dist", "build"} & set(file.parts)]


def cited_in(text: str) -> set[str]:
    return {f"{family}-{int(number)}" for family, number in CITATION.findall(text)}


def test_names(file: Path) -> list[str]:
    pattern = TEST_NAMES.get(file.suffix)
    return pattern.findall(file.read_text()) if pattern else []


def rows_of(text: str) -> tuple[list[Row], list[str]]:
    rows, faults = [], []
    for number, line in enumerate(text.splitlines(), 1):
        hit = ROW.match(line)
        if not hit:
            continue
        cells = [hit.group(1)] + [cell.strip() for cell in hit.group(2).split("|")]
        if len(cells) != len(COLUMNS):
            faults.append(f"{TABLE}:{number}: {hit.group(1)} has {len(cells)} cells, not "
                          f"{len(COLUMNS)} ({' | '.join(COLUMNS)})")
            continue
        rows.append(Row(hit.group(1), number, dict(zip(COLUMNS, cells))))
    return rows, faults


def check_rows(rows: list[Row]) -> list[str]:
    faults = [f"{TABLE}: {rule} has no row" for rule in RULES
              if rule not in {row.rule for row in rows}]
    for row in rows:
        if sum(other.rule == row.rule for other in rows) > 1:
            faults.append(f"{TABLE}:{row.line}: {row.rule} has more than one row")
        faults += [f"{TABLE}:{row.line}: {row.rule}: the cell `{column}` is empty"
                   for column, cell in row.cells.items() if not cell.strip(" -")]
    return faults


def check_paths(root: Path, row: Row) -> list[str]:
    faults = []
    for column in COLUMNS[2:]:
        paths = row.paths(column)
        if row.cells[column] and not paths:
            faults.append(f"{TABLE}:{row.line}: {row.rule}: the cell `{column}` names no path")
        faults += [f"{TABLE}:{row.line}: {row.rule}: {path} does not exist"
                   for path in paths if not (root / path).exists()]
    return faults


def check_citations_of(root: Path, row: Row) -> list[str]:
    """The code names the rule, and so does a test's name in everything that `tests` lists."""
    def cites(path: str) -> bool:
        return any(row.rule in cited_in(file.read_text()) for file in files_of(root / path))

    def shows(path: str) -> bool:
        return any(row.rule in cited_in(name) for file in files_of(root / path)
                   for name in test_names(file))

    faults = []
    if not any(cites(path) for path in row.paths("code")):
        faults.append(f"{TABLE}:{row.line}: {row.rule}: no comment of its code cites it")
    return faults + [f"{TABLE}:{row.line}: {row.rule}: no test's name in {path} cites it"
                     for path in row.paths("tests") if (root / path).exists() and not shows(path)]


def check_tested(root: Path) -> list[str]:
    shown = {rule for file in files_of(root / "tests") for name in test_names(file)
             for rule in cited_in(name)}
    return [f"tests: no test's name cites {rule}" for rule in RULES if rule not in shown]


def check_known(root: Path) -> list[str]:
    faults = []
    for file in (file for name in CITING_FOLDERS for file in files_of(root / name)):
        for number, line in enumerate(file.read_text().splitlines(), 1):
            faults += [f"{file.relative_to(root)}:{number}: there is no rule {rule}"
                       for rule in sorted(cited_in(line)) if rule not in RULES]
    return faults


def check(root: Path) -> list[str]:
    table = root / TABLE
    rows, faults = rows_of(table.read_text() if table.exists() else "")
    faults += check_rows(rows)
    for row in rows:
        faults += check_paths(root, row) + check_citations_of(root, row)
    return faults + check_tested(root) + check_known(root)


def main() -> int:
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent).resolve()
    faults = check(root)
    print("\n".join(faults) if faults else f"rules: {len(RULES)}, each with code and tests")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
