#!/usr/bin/env python3
"""Holds docs/site-files.md to the fields that the reader of site files knows: every field stands in
the section of its table, and every field of a section's tables is one that is read. Exit 1 names
each breach.

    tools/check_site_fields.py [ROOT]
"""

import re
import sys
from pathlib import Path

# Which section a function of adapters/config/ reads, by the beginning of its heading.
SECTIONS = {
    "read_sections": "", "read_site_table": "[site]", "read_sharing": "[site]", "read_zone": "[site]",
    "read_staleness": "[site.input]", "read_input": "[site.input]",
    "read_shedding": "[site.load_shedding]", "read_turns": "[site.turns]",
    "read_lines": "[site.lines]", "read_ramp": "[site.ramp]", "read_terms": "[supervision]", "read_actors": "[supervision]",
    "read_limit": "[[node]]", "read_transformer": "[[node]]", "read_unmanaged": "[[node]]",
    "read_continuous": "[[node]]", "read_node": "[[node]]", "read_breaker": "[[node]]",
    "read_cable": "[[node]]", "read_thermal": "[[node]]", "read_imbalance": "[[node]]",
    "read_voltage": "[[node]]", "read_frequency": "[[node]]", "read_quality": "[[node]]",
    "read_protection": "[[node]]", "read_ranges": "[[capability]]",
    "read_derating": "[[capability]]", "read_point": "[[capability]]",
    "read_taper": "[[capability]]", "read_ac": "[[capability]]", "read_dc": "[[capability]]",
    "read_capability": "[[capability]]", "read_repetition": "[[station]]",
    "read_fallback": "[[station]]", "read_identity": "[[station]]", "read_profile": "[[station]]",
    "read_share": "[[station]]", "read_connectors": "[[station.connector]]",
    "read_station": "[[station]]", "read_ocpp": "[[station]]", "read_tolerances": "[[station]]",
    "read_tag_rules": "[[station]]", "read_settings": "[[station]]", "read_wiring": "[[station.connector]]",
    "read_currents": "[[station.connector]]", "read_switching": "[[station.connector]]",
    "read_connector": "[[station.connector]]",
}
READS = re.compile(
    r"\b(?:thousandths|integer|boolean|table|tables|required_id|text|choice|one_of|millionths"
    r"|per_line_thousandths|duration|lines_in|choices|required_amperes|read_part)(?:<[^<>]*>)?"
    r"\(\s*(?:[\w.*]+,\s*)*\"([a-z][a-z0-9_]*)\"")
FUNCTION = re.compile(r"^[^\s#/{}].*?\b(\w+)\(")
HEADING = re.compile(r"^#{2,3} (\[\[?[\w.]+\]\]?)")
CODE = re.compile(r"`([^`]*)`")
WORD = re.compile(r"[a-z][a-z0-9_]*")


def known_fields(text: str) -> list:
    """(function, field) of every field that a source of adapters/config/ reads."""
    found, function = [], ""
    for line in text.splitlines():
        begun = FUNCTION.match(line)
        if begun:
            function = begun.group(1)
        found += [(function, field) for field in READS.findall(line)]
    return found


def sections_of(text: str) -> dict:
    """The lines below each heading of a table, without those of the headings below it."""
    sections, here = {"": []}, ""
    for line in text.splitlines():
        heading = HEADING.match(line)
        here = heading.group(1) if heading else "" if line.startswith("## ") else here
        sections.setdefault(here, []).append(line)
    return sections


def named_in(lines: list) -> set:
    """Every word in code, and the last part of each table's heading."""
    words = set()
    for line in lines:
        heading = HEADING.match(line)
        codes = [heading.group(1)] if heading else []
        for code in CODE.findall(line) + codes:
            words.update(WORD.findall(code))
    return words


def fields_of_tables(lines: list) -> set:
    """The fields in the first column of the section's tables."""
    fields = set()
    for line in lines:
        if line.startswith("| `") and not line.startswith("| `["):
            for code in CODE.findall(line.split("|")[1]):
                fields.add(code.rpartition(".")[2])
    return fields


def breaches_of(known: list, doc: str) -> list:
    sections = sections_of(doc)
    headings = " ".join(sections)
    breaches, read_in = [], {}
    for function, field in known:
        if function not in SECTIONS:
            breaches.append(f"{function} reads `{field}`: no section is known for that function")
            continue
        section = SECTIONS[function]
        read_in.setdefault(section, set()).add(field)
        words = named_in(sections.get(section, []))
        if field not in words and not re.search(rf"[\[.]{field}\]", headings):
            breaches.append(f"docs/site-files.md: {section or 'the file'} lacks `{field}` ({function})")
    for section, lines in sections.items():
        for field in sorted(fields_of_tables(lines) - read_in.get(section, set())) if section else []:
            breaches.append(f"docs/site-files.md: {section} has `{field}`, which nothing reads")
    return breaches


def check(root: Path) -> list:
    known = []
    for source in sorted((root / "adapters/config").glob("*.cpp")):
        known += known_fields(source.read_text())
    return breaches_of(known, (root / "docs/site-files.md").read_text())


def main() -> int:
    root = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent.parent
    breaches = check(root)
    for breach in breaches:
        print(breach)
    print(f"site fields: {len(breaches)} breaches" if breaches else "site fields: every one documented")
    return 1 if breaches else 0


if __name__ == "__main__":
    sys.exit(main())
