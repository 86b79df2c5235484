#!/usr/bin/env python3
"""Holds messages/schema/*.fbs to the rules of docs/messages.md. Exit 1 names each breach.

    tools/check_schemas.py [ROOT]
"""

import re
import sys
from pathlib import Path

FIELD = re.compile(r"^\s+(\w+):\s*([\w\[\]]+)(?:\s*=\s*\w+)?(?:\s*\(([^)]*)\))?\s*;\s*$")
BLOCK = re.compile(r"^(table|struct)\s+(\w+)\s*\{")
ENUM = re.compile(r"\benum\s+(\w+)\s*:\s*ubyte\s*\{([^}]*)\}")
ID = re.compile(r"\bid:\s*(\d+)")
RANGE = re.compile(r"-?\d+\.\.|A value of |\b0 or \d|Bit 0|Unused, 0|holds it down\.|check passed|^Why")
MEASURED = re.compile(r"_(ma|w|wh|mv|mhz|mc|us|s|permille|micro)$")
INTEGER_TYPES = {"long", "int", "uint", "ulong", "ushort", "short", "byte", "ubyte"}


def check_enums(where: str, text: str) -> list:
    breaches = []
    for name, body in ENUM.findall(text):
        values = [part.strip() for part in body.split(",") if part.strip()]
        if values[:1] != ["unspecified = 0"]:
            breaches.append(f"{where}: enum {name} does not begin with unspecified = 0")
        numbers = [re.search(r"=\s*(\d+)$", value) for value in values]
        if [int(found.group(1)) if found else None for found in numbers] != list(range(len(values))):
            breaches.append(f"{where}: enum {name} does not number its values 0, 1, 2...")
    return breaches


def check_field(where: str, kind: str, comment: str, name: str, kind_of: str, attributes: str) -> list:
    breaches = []
    if not comment:
        breaches.append(f"{where}: {name} has no /// line")
    elif not (RANGE.search(comment) or kind_of.startswith("[") or kind_of[0].isupper()):
        breaches.append(f"{where}: the /// line of {name} states no range")
    if kind == "table" and not ID.search(attributes or ""):
        breaches.append(f"{where}: {name} has no (id: n)")
    if kind_of in INTEGER_TYPES and re.search(r"current|power|energy|_at\b|lease|voltage", name) \
            and not MEASURED.search(name) and name not in {"has_node"}:
        breaches.append(f"{where}: {name} does not end with its unit")
    return breaches


def check_ids(where: str, name: str, ids: list) -> list:
    if sorted(ids) == list(range(len(ids))):
        return []
    return [f"{where}: the ids of table {name} are not 0..{len(ids) - 1}, each once"]


def check_text(where: str, text: str, shared: bool = False) -> list:
    """Every breach in one schema. `shared`: words for several topics, no message of its own."""
    breaches = check_enums(where, text)
    if not shared and not re.search(r'^file_identifier "[A-Z0-9]{4}";$', text, re.M):
        breaches.append(f"{where}: no file_identifier of four capitals or digits")
    kind, block, ids, comment = None, "", [], ""
    for number, line in enumerate(text.splitlines(), 1):
        place = f"{where}:{number}"
        opened = BLOCK.match(line)
        if opened:
            kind, block, ids = opened.group(1), opened.group(2), []
        elif line.startswith("}") and kind:
            breaches += check_ids(place, block, ids) if kind == "table" else []
            kind = None
        elif kind and line.strip().startswith("///"):
            comment = (comment + " " + line.strip()[3:].strip()).strip()
            continue
        elif kind and line.strip():
            field = FIELD.match(line)
            if not field:
                breaches.append(f"{place}: not a field on one line: {line.strip()}")
            else:
                breaches += check_field(place, kind, comment, *field.groups())
                ids += [int(found) for found in ID.findall(field.group(3) or "")]
        comment = ""
    return breaches


def check_identifiers(texts: dict) -> list:
    seen, breaches = {}, []
    for where, text in texts.items():
        for found in re.findall(r'^file_identifier "(.{4})";', text, re.M):
            if found in seen:
                breaches.append(f"{where}: identifier {found} is that of {seen[found]}")
            seen[found] = where
    return breaches


def main() -> int:
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parents[1]
    texts = {path.name: path.read_text() for path in sorted(root.glob("messages/schema/*.fbs"))}
    breaches = check_identifiers(texts)
    for where, text in texts.items():
        breaches += check_text(where, text, shared=where == "vocabulary.fbs")
    for breach in breaches:
        print(breach)
    if not breaches:
        print(f"schemas: {len(texts)} files, every field stated")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
