"""What must hold of a log after an engine was killed (KEEP-1, LIFE-1). Each check returns its findings as
sentences; none where it holds. They know nothing of how the engine was killed."""

from collections import Counter, defaultdict

from log_records import START, STOP

APART_WH = 1
STARTS = 1  # RequestKind
RESERVED_US = 900_000_000


def by_session(facts) -> dict[tuple[str, str], list]:
    found = defaultdict(list)
    for fact in facts:
        if fact.session and fact.kind != "DENIED":
            found[(fact.site, fact.session)].append(fact)
    return found


def story_of(told) -> str:
    """What the topic says of a session, each kind of fact with its last time."""
    last = {each.kind: each for each in told}
    return ", ".join(f"{kind} until {each.at_us} ({each.energy_wh} Wh)" for kind, each in last.items())


def lost_sessions(facts, still_open: set[tuple[str, str]]) -> list[str]:
    """Accepted, not completed, and not open either."""
    return [f"{site} {session}: accepted, never completed, not open; {story_of(told)}"
            for (site, session), told in by_session(facts).items()
            if not any(each.kind == "COMPLETED" for each in told)
            and (site, session) not in still_open]


def doubled_sessions(facts) -> list[str]:
    """Accepted or completed more than once, or completed without having been accepted."""
    findings = []
    for (site, session), told in by_session(facts).items():
        count = Counter(each.kind for each in told)
        if count["COMPLETED"] > 1:
            findings.append(f"{site} {session}: completed {count['COMPLETED']} times")
        if count["ACCEPTED"] != 1:
            findings.append(f"{site} {session}: accepted {count['ACCEPTED']} times")
    return findings


def falling_energy(facts) -> list[str]:
    """The energy of a session falls from one fact to the next."""
    findings = []
    for (site, session), told in by_session(facts).items():
        for before, after in zip(told, told[1:]):
            if after.energy_wh < before.energy_wh and after.kind != "SETTLED":
                findings.append(f"{site} {session}: {before.energy_wh} Wh, then {after.energy_wh}")
    return findings


def wrong_bills(facts, commands, registers) -> tuple[int, list[str]]:
    """How many bills stand beside the registers of their start and their stop, and which differ from what
    these enclose by more than a watt-hour."""
    begins, ends = {}, {}
    for command in commands:
        if command.key in registers:
            side = begins if command.kind == START else ends
            side[(command.key[0], command.session)] = registers[command.key]
    findings, compared = [], 0
    for name, told in by_session(facts).items():
        bills = [each for each in told if each.kind in ("COMPLETED", "SETTLED")]
        if not bills or name not in begins or name not in ends:
            continue
        compared += 1
        metered = ends[name] - begins[name]
        if abs(bills[-1].energy_wh - metered) > APART_WH:
            findings.append(f"{name[0]} {name[1]}: billed {bills[-1].energy_wh} Wh, "
                            f"metered {metered} Wh ({bills[-1].why})")
    return compared, findings


def wrong_answers(facts, requests, asked_before_us: int) -> list[str]:
    """Requests for a start that were answered twice, or not at all."""
    answers = defaultdict(list)
    for fact in facts:
        if fact.kind in ("ACCEPTED", "DENIED") and fact.request:
            answers[(fact.site, fact.request)].append(f"{fact.kind} {fact.session} {fact.why}".strip())
    findings = []
    for request in requests:
        told = answers[(request.site, request.request)]
        if request.kind == STARTS and len(told) > 1:
            findings.append(f"{request.site} {request.request}: answered {told}")
        if request.kind == STARTS and not told and request.asked_at_us < asked_before_us:
            findings.append(f"{request.site} {request.request}: not answered")
    return findings


def unsaid_starts(facts, commands) -> list[str]:
    """Starts in the log whose session no fact accepts."""
    accepted = {(each.site, each.session) for each in facts if each.kind == "ACCEPTED"}
    return [f"{each.key[0]} {each.session}: started, never accepted" for each in commands
            if each.kind in (START, STOP) and (each.key[0], each.session) not in accepted]


def broken_reservations(facts) -> list[str]:
    """A station that is reserved for one driver, and taken by another within the time."""
    held, findings = {}, []
    for fact in facts:
        if fact.kind != "ACCEPTED":
            continue
        place = (fact.site, fact.station)
        driver, until_us = held.get(place, (fact.driver, 0))
        if fact.driver != driver and fact.at_us < until_us:
            findings.append(f"{fact.site} {fact.station}: reserved for {driver}, taken by {fact.driver}")
        if fact.session:
            held.pop(place, None)
        else:
            held[place] = (fact.driver, fact.at_us + RESERVED_US)
    return findings
