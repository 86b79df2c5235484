"""What busbar.sessions.v1 says of each session, for tests that audit it (LIFE-1)."""

import struct
from collections import Counter, defaultdict

KINDS = {1: "ACCEPTED", 2: "DENIED", 3: "IN_PROGRESS", 4: "COMPLETED", 5: "SETTLED", 6: "CHANGED"}
SESSION, SITE, KIND = 0, 2, 5  # field ids in messages/schema/sessions.fbs


def field(record: bytes, number: int) -> int | None:
    """Where a field of the root table lies; None where it is not given."""
    table = struct.unpack_from("<I", record)[0]
    vtable = table - struct.unpack_from("<i", record, table)[0]
    at = 4 + 2 * number
    if at >= struct.unpack_from("<H", record, vtable)[0]:
        return None
    offset = struct.unpack_from("<H", record, vtable + at)[0]
    return table + offset if offset else None


def text_of(record: bytes, number: int) -> str:
    place = field(record, number)
    if place is None:
        return ""
    begin = place + struct.unpack_from("<I", record, place)[0]
    length = struct.unpack_from("<I", record, begin)[0]
    return record[begin + 4:begin + 4 + length].decode()


def is_mark(record: bytes) -> bool:
    """An owner's mark: facts of the nodes before it that stand after it do not count. All others are facts."""
    return record[4:8] == b"BBO1"


def session_of(record: bytes) -> str:
    return text_of(record, SESSION)


def site_and_session_of(record: bytes) -> str:
    """Sites of the same station names count their sessions alike."""
    return f"{text_of(record, SITE)} {session_of(record)}"


def kind_of(record: bytes) -> str:
    place = field(record, KIND)
    return KINDS[record[place]] if place is not None else "unspecified"


def ledger(records: list[bytes], name_of=session_of) -> dict[str, Counter]:
    """How often each kind of fact is told of each session; denials open none."""
    told = defaultdict(Counter)
    for record in records:
        if not is_mark(record) and session_of(record):
            told[name_of(record)][kind_of(record)] += 1
    return told
