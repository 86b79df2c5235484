"""What an engine node holds itself: its lists are of the whole fleet, unless another node asks."""

import urllib.request

ASKS_AS_A_NODE = {"X-Busbar-Forwarded": "a-test"}


def own(url: str) -> urllib.request.Request:
    """For `urlopen`: answered from what the node holds."""
    return urllib.request.Request(url, headers=ASKS_AS_A_NODE)
