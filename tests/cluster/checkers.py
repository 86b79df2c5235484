"""What must hold of a run. Each check returns its findings as sentences; none where it holds. They read the
history (history.py) and the log's records, and know nothing of how a fault was made."""

import struct
from collections import defaultdict
from pathlib import Path
import sys

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "deploy"))

import log_records  # noqa: E402
from session_ledger import text_of  # noqa: E402

RESULT_BYTES = 24
OUTCOME_AT = 22
GROWS_AT_MOST = 1.5
GROWS_KIB = 64 * 1024
FILES_MORE = 64
TURN_S = 2


def spans(history) -> list[dict]:
    """Each fault from its begin, or from the moment that it says to count from, to its end."""
    found, open_one = [], None
    for line in history:
        if line["kind"] != "fault":
            continue
        if line["phase"] == "begins":
            open_one = line
        elif open_one:
            found.append({"fault": open_one["fault"], "goal_s": open_one["goal_s"],
                          "begins": open_one["t"], "to": line["t"],
                          "from": open_one.get("counts_from", open_one["t"])})
            open_one = None
    return found


def silences(history, sites, span: dict) -> dict[str, float]:
    """For each site the longest time between two plans of it, at any node that is not cut off, that touches the
    span. One that counts from a later moment (all nodes were killed) counts nothing before it."""
    plans, is_cut = defaultdict(list), {}
    for line in history:
        if line["kind"] == "cut":
            is_cut[line["node"]] = line["is_cut"]
        if line["kind"] == "plan" and not is_cut.get(line["node"]):
            plans[line["site"]].append(line["t"])
    longest, begin, end = {}, span["from"], span["to"]
    for site in sites:
        before = [at for at in plans[site] if at <= begin][-1:] or [begin]
        if begin > span["begins"]:
            before = [begin]
        during = [at for at in plans[site] if begin < at < end]
        after = [at for at in plans[site] if at >= end][:1] or [end]
        moments = before + during + after
        longest[site] = max(b - a for a, b in zip(moments, moments[1:]))
    return longest


def slow_faults(history, sites, slack_s: float) -> list[str]:
    """A site stood without a plan for longer than its fault's goal and what the machine may add."""
    findings = []
    for span in spans(history):
        for site, silent_s in silences(history, sites, span).items():
            if silent_s > span["goal_s"] + slack_s:
                findings.append(f"{span['fault']}: {site} without a plan for {silent_s:.1f} s, "
                                f"goal {span['goal_s']} s and {slack_s:g} s for the machine")
    return findings


def accepted_of(record: bytes) -> tuple[str, list[tuple[int, int, int]]]:
    """The site of a record of answers, and (connector, epoch, number) of each that accepts."""
    owner = log_records.number_of(record, 2, "<Q")
    first, count = log_records.vector_of(record, 3)
    found = []
    for at in range(first, first + RESULT_BYTES * count, RESULT_BYTES):
        number, _, connector = struct.unpack_from("<QqI", record, at)
        if record[at + OUTCOME_AT] == log_records.ACCEPTED:
            found.append((connector, owner, number))
    return text_of(record, 0), found


def two_commanders(answers) -> list[str]:
    """A charge point accepted an older epoch after a newer one (OWN-1). `answers`: site and accepted
    (connector, epoch, number), in the log's order."""
    newest, findings = {}, []
    for site, accepted in answers:
        for connector, epoch, number in accepted:
            known = newest.get((site, connector), 0)
            if epoch < known:
                findings.append(f"{site} connector {connector}: accepted number {number} of epoch "
                                f"{epoch} after epoch {known}")
            newest[(site, connector)] = max(known, epoch)
    return findings


def two_owners(history, within_s: float) -> list[str]:
    """Two nodes both go on planning one site: it changes hands again and again, each time within `TURN_S`, for
    longer than `within_s`. A node that is cut off plans on, and reaches no station; one that wakes looks first."""
    findings, last, since, turned, is_cut = [], {}, {}, {}, {}
    for line in history:
        if line["kind"] == "cut":
            is_cut[line["node"]] = line["is_cut"]
        if line["kind"] != "plan" or is_cut.get(line["node"]):
            continue
        site, node, at = line["site"], line["node"], line["t"]
        if last.setdefault(site, node) == node:
            continue
        last[site] = node
        if at - turned.get(site, -TURN_S) > TURN_S:
            since[site] = at
        turned[site] = at
        if at - since[site] > within_s:
            findings.append(f"{site}: planned by two nodes in turn for {at - since[site]:.1f} s "
                            f"until {at:.1f}")
            since[site] = at
    return findings


def growth(history) -> list[str]:
    """A process that holds much more memory or many more files at its last look than at its first."""
    first, last = {}, {}
    for line in history:
        if line["kind"] == "size":
            first.setdefault((line["node"], line["process"]), line)
            last[(line["node"], line["process"])] = line
    findings = []
    for (node, process), begin in first.items():
        end = last[(node, process)]
        if end["rss_kib"] > GROWS_AT_MOST * begin["rss_kib"] + GROWS_KIB:
            findings.append(f"{node} ({process}): {begin['rss_kib']} KiB, then {end['rss_kib']}")
        if end["files"] > begin["files"] + FILES_MORE:
            findings.append(f"{node} ({process}): {begin['files']} open files, then {end['files']}")
    return findings


def refused_calls(history) -> list[str]:
    """Answers of 5xx to the client outside of every fault: 503 while a node starts belongs to a fault."""
    faults = spans(history)
    return [f"{line['node']} answered {line['status']} at {line['t']}" for line in history
            if line["kind"] == "call" and line["status"] >= 500
            and not any(each["begins"] <= line["t"] <= each["to"] for each in faults)]


def audit_findings(verdict: dict) -> list[str]:
    """What the fleet's auditor found."""
    found = [f"{site['site']} {each['at']} {each['rule']} {each['text']}"
             for site in verdict["sites"] for each in site["findings"]]
    if not all(site["looks"] > 0 for site in verdict["sites"]) or not verdict["sites"]:
        found.append("a site was not looked at")
    return found
