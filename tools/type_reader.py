"""Reads classes and parameter lists out of C++, for check_style.py: which members a class declares,
how many parameters a function takes. Like source_reader.py it counts brackets and is not a parser.
"""

import re
from dataclasses import dataclass

from source_reader import blank_out

TYPE_HEAD = re.compile(r"(?:template\s*<[^{};]*>\s*)?(class|struct)\s+(?:\[\[\w+\]\]\s*)?"
                       r"([A-Za-z_][\w:]*)(?:<[^{};]*>)?\s*(?:final\s*)?(?::(?!:)[^;{}]*)?$", re.S)
NO_MEMBER = re.compile(r"(?:using|typedef|friend|static_assert|enum|class|struct|union)\b")
ACCESS = re.compile(r"^\s*(?:public|private|protected)\s*:(?!:)")
OPENS, CLOSES = "([{", ")]}"


@dataclass
class TypeRead:
    """One class or struct: names of its methods and data members as they stand in its body.

    Constructors, destructors, defaulted and deleted functions, friends, static constants and
    nested types are no members in this sense; an overload is a method of its own.
    """
    name: str
    line: int
    methods: list
    members: list


def clean_of(text: str) -> str:
    """`text` without comments, strings and preprocessor lines; lines stay."""
    return re.sub(r"^[ \t]*#(?:.*\\\n)*.*$", lambda hit: re.sub(r"[^\n]", " ", hit.group(0)),
                  blank_out(text), flags=re.M)


def end_of(text: str, opened: int) -> int:
    """Where the bracket that opens at `opened` closes; the end of the text where it does not."""
    depth = 0
    for place in range(opened, len(text)):
        if text[place] in OPENS:
            depth += 1
        elif text[place] in CLOSES:
            depth -= 1
            if depth == 0:
                return place
    return len(text)


def without_angles(text: str) -> str:
    """`text` without template arguments, operators' symbols, attributes and arrows."""
    text = re.sub(r"\boperator\s*(?:\(\)|[^\w\s(]+)", "operator_symbol", text)
    text = re.sub(r"\[\[.*?\]\]", " ", text, flags=re.S).replace("->", " ")
    text = re.sub(r"<<|<=|>=|(?<=\s)[<>](?=\s)", " ", text)
    while True:
        shorter = re.sub(r"<[^<>;{}]*>", "", text)
        if shorter == text:
            return text
        text = shorter


def split_at_commas(text: str) -> list:
    """The parts between commas that stand in no bracket."""
    parts, depth, start = [], 0, 0
    for place, char in enumerate(text):
        if char in OPENS:
            depth += 1
        elif char in CLOSES:
            depth -= 1
        elif char == "," and depth == 0:
            parts.append(text[start:place])
            start = place + 1
    parts.append(text[start:])
    return [part for part in parts if part.strip()]


def parameters_of(head: str) -> list:
    """The parameters of a function by what stands before its body (or its semicolon)."""
    plain = without_angles(head)
    opened = re.search(r"[~\w]\s*\(", plain)
    if not opened:
        return []
    at = opened.end() - 1
    found = split_at_commas(plain[at + 1:end_of(plain, at)])
    return [] if [part.strip() for part in found] == ["void"] else found


def is_body(head: str) -> bool:
    """Whether a brace after `head` opens a function's body (not a type, nor an initial value)."""
    plain = without_angles(head)
    return ("(" in plain and not re.search(r"(?<![=!<>])=(?!=)", plain.split("(")[0])
            and not re.search(r"\b(?:class|struct|union|enum)\b", plain.split("(")[0]))


def statements_of(body: str) -> list:
    """The declarations of a class body: (text without inner blocks, offset)."""
    found, start, place = [], 0, 0
    text = ""
    while place < len(body):
        char = body[place]
        if not text.strip() and ACCESS.match(body[place:place + 20]):
            place += ACCESS.match(body[place:place + 20]).end()
            start, text = place, ""
            continue
        if char == "(" or char == "[":
            end = end_of(body, place)
            text += body[place:end + 1]
            place = end
        elif char == "{":
            end = end_of(body, place)
            # An initial value of a constructor's member is followed by more; a body is the end.
            rest = body[end + 1:].lstrip()[:1]
            if is_body(text) and rest not in ("{", ","):
                found.append((text.strip(), start))
                text, start = "", end + 1
            else:
                text += "{}"
            place = end
        elif char == ";":
            found.append((text.strip(), start))
            text, start = "", place + 1
        else:
            text += char
        place += 1
    return [(text, start) for text, start in found if text]


def sort_out(statement: str, name: str, read: TypeRead):
    """Puts one declaration among the methods or the data members of `read`, or nowhere."""
    plain = re.sub(r"^\s*template\b", "", without_angles(statement)).strip()
    plain = re.sub(r"^requires\s.*?(?=\b(?:static|constexpr|void|auto|bool)\b)", "", plain)
    before_value = re.split(r"(?<![=!<>])=(?!=)", plain)[0]
    before_value = before_value.split("{}")[0]
    if NO_MEMBER.match(plain):
        declared = (re.search(r"\{\}\s*(\w+)", plain)
                    or re.search(r"^\w+\s+[\w:]+[\s&*]+(\w+)(?:\{\})?$", plain))
        if declared and plain.startswith(("struct", "class", "union", "enum")):
            read.members.append(declared.group(1))
        return
    called = re.search(r"(~?\w+)\s*\(", before_value)
    if called:
        is_special = called.group(1).lstrip("~") == name.rpartition("::")[2]
        if not is_special and not re.search(r"=\s*(?:default|delete)\s*$", plain):
            read.methods.append(called.group(1))
        return
    if re.match(r"(?:inline\s+)?(?:static|constexpr)\b", plain):
        return
    for part in split_at_commas(plain):
        declared = re.search(r"(\w+)\s*(?:\[[^\]]*\]\s*)*(?::\s*\d+)?$",
                             re.split(r"=|\{\}", part)[0].strip())
        if declared:
            read.members.append(declared.group(1))


def types_of(text: str) -> list:
    """Every class and struct with a body, nested ones too, in the order of the text."""
    clean = clean_of(text)
    found = []
    for brace in re.finditer(r"\{", clean):
        at = brace.start()
        begun = max(clean.rfind(mark, 0, at) for mark in ";{}")
        head = re.sub(r"^\s*(?:public|private|protected)\s*:(?!:)", "", clean[begun + 1:at]).strip()
        if "enum" in head.split() or not TYPE_HEAD.search(head):
            continue
        name = TYPE_HEAD.search(head).group(2)
        read = TypeRead(name, clean.count("\n", 0, at) + 1, [], [])
        for statement, _ in statements_of(clean[at + 1:end_of(clean, at)]):
            sort_out(statement, name, read)
        found.append(read)
    return found
