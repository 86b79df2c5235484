"""Reads the records of Busbar's topics as far as audits need them (messages/schema/*.fbs)."""

import struct
from dataclasses import dataclass

from session_ledger import KINDS, field, is_mark, text_of

START, STOP = 2, 3  # CommandKind; RequestKind has 1 and 2
ACCEPTED = 1  # Outcome


@dataclass(frozen=True)
class session_fact:
    """A record of busbar.sessions.v1."""
    site: str
    session: str
    request: str
    kind: str
    at_us: int
    energy_wh: int
    why: str
    energy_wanted_wh: int | None
    departs_at_us: int | None
    station: str = ""
    driver: str = ""
    fence: int = 0


@dataclass(frozen=True)
class session_command:
    """A start or a stop of busbar.commands.v1, by site, epoch, connector and number."""
    key: tuple[str, int, int, int]
    kind: int
    session: str


@dataclass(frozen=True)
class driver_request:
    """A record of busbar.requests.v1."""
    site: str
    request: str
    kind: int
    asked_at_us: int


def number_of(record: bytes, place: int, form: str, absent=0):
    at = field(record, place)
    return absent if at is None else struct.unpack_from(form, record, at)[0]


def vector_of(record: bytes, place: int) -> tuple[int, int]:
    """Where the elements of a vector begin, and how many there are."""
    at = field(record, place)
    if at is None:
        return 0, 0
    begin = at + struct.unpack_from("<I", record, at)[0]
    return begin + 4, struct.unpack_from("<I", record, begin)[0]


def texts_of(record: bytes, place: int) -> list[str]:
    first, count = vector_of(record, place)
    found = []
    for at in range(first, first + 4 * count, 4):
        begin = at + struct.unpack_from("<I", record, at)[0]
        length = struct.unpack_from("<I", record, begin)[0]
        found.append(record[begin + 4:begin + 4 + length].decode())
    return found


def fact_of(record: bytes) -> session_fact:
    return session_fact(text_of(record, 2), text_of(record, 0), text_of(record, 1),
                        KINDS.get(number_of(record, 5, "<B"), "unspecified"),
                        number_of(record, 6, "<q"), number_of(record, 8, "<q"),
                        text_of(record, 10), number_of(record, 11, "<q", None),
                        number_of(record, 12, "<q", None), text_of(record, 3), text_of(record, 4),
                        number_of(record, 17, "<Q"))


def facts_that_count(partitions: list[list[bytes]]) -> list[session_fact]:
    """Without those of an older fence after an owner's mark or a fact of a newer one in their partition: a node that
    was cut off told them (OWN-2). The records of each partition in their order."""
    return [fact for records in partitions for fact in facts_that_count_in(records)]


def facts_that_count_in(records: list[bytes]) -> list[session_fact]:
    newest, counted = 0, []
    for record in records:
        if is_mark(record):
            newest = max(newest, number_of(record, 1, "<Q"))
            continue
        fact = fact_of(record)
        if fact.fence == 0 or fact.fence >= newest:
            counted.append(fact)
        newest = max(newest, fact.fence)
    return counted


@dataclass(frozen=True)
class site_state:
    """A record of busbar.sites.v1: who wrote it, and the positions that it includes."""
    site: str
    owner: int
    at_us: int
    sessions_position: int | None
    requests_position: int | None


def state_of(record: bytes) -> site_state:
    return site_state(text_of(record, 0), number_of(record, 2, "<Q"), number_of(record, 3, "<q"),
                      number_of(record, 23, "<q", None), number_of(record, 24, "<q", None))


@dataclass(frozen=True)
class owner_mark:
    """A record of busbar.owners.v1, or among the session facts."""
    owner: int
    node: str
    since_us: int


def mark_of(record: bytes) -> owner_mark:
    return owner_mark(number_of(record, 1, "<Q"), text_of(record, 2), number_of(record, 4, "<q"))


def request_of(record: bytes) -> driver_request:
    return driver_request(text_of(record, 1), text_of(record, 0), number_of(record, 3, "<B"),
                          number_of(record, 6, "<q"))


def is_fence(record: bytes) -> bool:
    """Of the records of busbar.commands.v1; all others are commands."""
    return record[4:8] == b"BBF1"


def fence_named_by(record: bytes) -> int:
    """Under which fence commands count: its offset in the partition plus one; 0: under none."""
    return number_of(record, 7, "<Q")


def unfenced(records: list[bytes]) -> list[bytes]:
    """Of a partition of busbar.commands.v1 from its begin: commands that name another fence than the
    last before them (OWN-2)."""
    last, found = 0, []
    for offset, record in enumerate(records):
        if is_fence(record):
            last = offset + 1
        elif fence_named_by(record) != last:
            found.append(record)
    return found


def session_commands_of(record: bytes) -> list[session_command]:
    if is_fence(record):
        return []
    site, owner, texts = text_of(record, 0), number_of(record, 2, "<Q"), texts_of(record, 5)
    first, count = vector_of(record, 4)
    found = []
    for at in range(first, first + 40 * count, 40):
        number, connector = struct.unpack_from("<QI", record, at)
        session = struct.unpack_from("<H", record, at + 20)[0]
        kind = record[at + 32]
        if kind in (START, STOP) and session:
            found.append(session_command((site, owner, connector, number), kind, texts[session - 1]))
    return found


def registers_of(record: bytes) -> dict[tuple[str, int, int, int], int]:
    """The registers that answers state, by the command that they answer (as `session_command`)."""
    site, owner = text_of(record, 0), number_of(record, 2, "<Q")
    results, _ = vector_of(record, 3)
    first, count = vector_of(record, 5)
    found = {}
    for at in range(first, first + 16 * count, 16):
        energy, result = struct.unpack_from("<qI", record, at)
        place = results + 24 * result
        number, _, connector = struct.unpack_from("<QqI", record, place)
        if record[place + 22] == ACCEPTED:
            found[(site, owner, connector, number)] = energy
    return found
