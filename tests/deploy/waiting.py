"""Waits for what another process does: a condition with a deadline.

BUSBAR_SLACK_S states what a machine that does other work, too, may add to a goal in seconds (10)."""

import os
import time

PATIENCE_S = 90
SLACK_S = float(os.environ.get("BUSBAR_SLACK_S", "10"))
# Of one HTTP request: a server that has the processor late is no server that does not answer.
ANSWERS_WITHIN_S = 30
PAUSE_S = 0.1  # between two polls of another process


def wait_for(what: str, holds, patience_s: float = PATIENCE_S):
    """The first true value of `holds()`; fails after `patience_s`. An OSError or a ValueError of
    `holds` is a "not yet": a server that does not listen, an answer that is not whole."""
    deadline = time.monotonic() + patience_s
    while time.monotonic() < deadline:
        try:
            value = holds()
        except (OSError, ValueError):
            value = None
        if value:
            return value
        time.sleep(PAUSE_S)
    raise AssertionError(f"{what}: not within {patience_s} s")


def wait_for_none(what: str, findings, patience_s: float = PATIENCE_S):
    """Until `findings()` is empty, which reads anew all that it compares; fails with the last of them."""
    last = None

    def are_gone():
        nonlocal last
        try:
            last = findings()
        except (OSError, ValueError) as failure:
            last = failure
            raise
        return not last
    try:
        wait_for(what, are_gone, patience_s)
    except AssertionError as late:
        raise AssertionError(f"{late}: {last}") from None
