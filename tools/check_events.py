#!/usr/bin/env python3
"""Holds the table of events in docs/operations.md to the catalogue (domain/events/): each form stands
in a row with its kind, severity and text, each row is a form, and says what to do. No event is made
outside the catalogue. Exit 1 names each breach.

    tools/check_events.py [ROOT]
"""

import re
import sys
from collections import Counter
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from source_reader import blank_out, source_files

CATALOGUE = "domain/events"
PAGE = "docs/operations.md"
TABLE = re.compile(r"^\| kind \| severity \| text \| what to do \|\n(.*?)(?=^(?!\|)|\Z)", re.S | re.M)
FORM = re.compile(r'\bconstexpr form (\w+)\{((?:"(?:\\.|[^"\\])*"|[^"}]|\}(?!;))*)\};', re.S)
ROW = re.compile(r'^\s*"(?P<kind>\w+)",\s*(?P<levels>\{\s*\w+\s*,\s*\w+\s*\}|\w+),'
                 r'\s*(?P<text>(?:"(?:\\.|[^"\\])*"\s*)+)(?:,\s*speaker::\w+)?\s*$', re.S)
# How an event is filled by hand; a member of that type is none.
MADE = re.compile(r"\bdomain::event\s*\{|\bdomain::event\s+\w+\s*(?:\{|=\s*\{)"
                  r"|\bauto&\s+event\s*=|\bevent\.(?:level|text|kind|speaker)\s*=[^=]")
DECLARED = re.compile(r"\bdomain::event\s+\w+\s*;")
# Read events from the log, and from the history.
READERS = ("messages/event_codec.cpp", "adapters/store/event_rows.cpp")
LEFT_OUT = ("tests", "bench")


def forms_in(root: Path) -> tuple:
    """Counts of (kind, severity, text), and what is wrong with the sources of the catalogue."""
    forms, faults = Counter(), []
    for path in sorted((root / CATALOGUE).glob("*.cpp")):
        text, where = path.read_text(), str(path.relative_to(root))
        for name, inner in FORM.findall(text):
            row = ROW.match(inner)
            if not row:
                faults.append(f'{where}: form {name} is not {{"kind", severity, "text"}}')
                continue
            if len(re.findall(rf"\b{name}\b", blank_out(text))) < 2:
                faults.append(f"{where}: no constructor makes {name}")
            level = " to ".join(re.findall(r"\w+", row["levels"]))
            words = "".join(re.findall(r'"((?:\\.|[^"\\])*)"', row["text"]))
            forms[(row["kind"], level, words)] += 1
    return forms, faults


def rows_in(root: Path) -> tuple:
    """The same of the table of the manual."""
    table = TABLE.search((root / PAGE).read_text())
    if not table:
        return Counter(), [f"{PAGE}: no table | kind | severity | text | what to do |"]
    rows, faults = Counter(), []
    for line in table.group(1).splitlines()[1:]:
        cells = [cell.strip() for cell in line.strip("|").split(" | ")]
        if len(cells) != 4 or not all(cells):
            faults.append(f"{PAGE}: not | `kind` | severity | text | what to do |: {line[:60]}")
            continue
        rows[(cells[0].strip("`"), cells[1], cells[2])] += 1
    return rows, faults


def made_elsewhere(root: Path) -> list:
    faults = []
    for path in source_files(root):
        where = str(path.relative_to(root))
        if where.startswith(CATALOGUE) or where.split("/")[0] in LEFT_OUT:
            continue
        text = path.read_text()
        if "#include \"domain/events/form.hpp\"" in text:
            faults.append(f"{where}: domain/events/form.hpp is for the catalogue alone")
        if where in READERS:
            continue
        plain = blank_out(text)
        declared = DECLARED.finditer(plain) if path.suffix == ".cpp" else ()
        for hit in (*MADE.finditer(plain), *declared):
            line = text[: hit.start()].count("\n") + 1
            faults.append(f"{where}:{line}: an event is made outside {CATALOGUE}/")
    return faults


def check(root: Path) -> list:
    forms, faults = forms_in(root)
    rows, page_faults = rows_in(root)
    faults += page_faults
    faults += [f"{PAGE}: no row for | `{kind}` | {level} | {text} |"
               for kind, level, text in sorted((forms - rows).keys())]
    faults += [f"{PAGE}: no event is | `{kind}` | {level} | {text} |"
               for kind, level, text in sorted((rows - forms).keys())]
    return faults + made_elsewhere(root)


def main() -> int:
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent).resolve()
    faults = check(root)
    print("\n".join(faults) if faults else f"events: {forms_in(root)[0].total()} forms, each in {PAGE}")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
