"""Waits for what another process does: a condition with a deadline."""

import time

PATIENCE_S = 90
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
