#!/usr/bin/env python3
"""Holds the includes to the edges of docs/architecture.md. Exit 1 names each forbidden include.

    tools/check_layers.py [ROOT]
"""

import re
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from source_reader import source_files

INCLUDE = re.compile(r'^\s*#\s*include\s+(?:"([^"]+)"|<([^>]+)>)', re.M)

# Folder -> what it may include of the project: a folder, or one file.
OWN = {
    "domain": ["domain/"],
    "text": ["domain/", "text/"],
    "control": ["domain/", "control/"],
    "site": ["domain/", "control/", "site/"],
    "ocpp": ["domain/", "control/smart_charging/", "control/sessions/", "text/", "ocpp/"],
    "ports": ["domain/", "ports/"],
    "messages": ["domain/", "ports/", "messages/"],
    "recording": ["domain/", "control/", "site/", "messages/", "recording/"],
    "actors": ["domain/", "control/", "site/", "ports/", "actors/"],
    "node": ["domain/", "control/", "site/", "ports/", "messages/", "actors/", "node/"],
    "adapters": ["domain/", "ports/", "messages/", "text/"],
    "simulator": ["domain/", "control/", "ports/", "messages/", "simulator/"],
    "dashboard": ["dashboard/"],
}
# Folder -> what none of its files may see, neither itself nor through what it includes: control
# decides, and needs neither what people see of a site nor what is told to them.
UNSEEN = {"control": ("domain/site_view.hpp", "domain/events/")}
# Pure helpers of an adapter's own protocol.
ADAPTER_CONTROL = {
    "adapters/config": ["control/limits/", "control/stations/", "control/sessions/authorisation.hpp",
                        "ocpp/v16/tolerance.hpp", "ocpp/v16/configuration_key.hpp"],
    "adapters/http": ["adapters/tls/", "ocpp/", "control/smart_charging/", "control/stations/", "control/safety/load_shedding.hpp",
                      "control/limits/node_limits.hpp", "control/operators/preview.hpp", "control/operators/order_book.hpp",
                      "control/cluster/forwarding.hpp", "control/access/"],
    "adapters/http/hooks": ["control/safety/breaker.hpp"],
    "adapters/access": ["adapters/sqlite/", "control/access/"],
    "adapters/store": ["adapters/sqlite/"],
    "adapters/ocpp": ["adapters/tls/", "ocpp/", "control/smart_charging/", "control/sessions/", "control/stations/", "control/ownership/"],
}
# Within one part: folder -> folders of the project that it does not know, though the part does.
BLIND_TO = {
    "ocpp/wire": ("ocpp/v", "control/"),
    "adapters/http/server": ("adapters/http/json/", "adapters/http/api/"),
    "adapters/http/json": ("adapters/http/api/",),
}
LIBRARIES = {
    "caf": re.compile(r"^caf/"),
    "flatbuffers": re.compile(r"^flatbuffers/|_generated\.h$"),
    "json": re.compile(r"^nlohmann/"),
    "simdjson": re.compile(r"^simdjson[./]"),
    "outside": re.compile(r"^(?:librdkafka|boost|sqlite3|prometheus|CLI|toml\+\+|benchmark|spdlog"
                          r"|zlib|mosquitto|openssl|argon2)[/.]|^(?:sys|arpa|netinet)/|^unistd\.h$"),
}
# Folder -> libraries it may use. adapters/: FlatBuffers in .cpp only.
ALLOWED = {
    "domain": set(),
    "text": {"json"},
    "control": set(),
    "site": set(),
    "ocpp": {"json", "simdjson"},
    "ports": set(),
    "messages": {"flatbuffers"},
    "recording": {"outside"},
    "actors": {"caf"},
    "node": {"caf"},
    "adapters": {"flatbuffers", "json", "outside", "simdjson"},
    "simulator": {"flatbuffers"},
    "dashboard": set(),
}


def own_edges(where: str) -> list[str]:
    top = where.split("/")[0]
    edges = list(OWN[top])
    if top == "adapters":
        folder = "/".join(where.split("/")[:2])
        inner = where.rsplit("/", 1)[0]
        edges += [folder + "/"] + ADAPTER_CONTROL.get(folder, [])
        edges += ADAPTER_CONTROL.get(inner, []) if inner != folder else []
    return edges


def library_of(name: str) -> str | None:
    return next((library for library, known in LIBRARIES.items() if known.search(name)), None)


def check_include(where: str, name: str) -> str | None:
    """Why `where` may not include `name`; None where it may."""
    top = where.split("/")[0]
    if top not in OWN:
        return None
    library = library_of(name)
    if library:
        if library not in ALLOWED[top]:
            return f"{top}/ may not use {library} (<{name}>)"
        if library == "flatbuffers" and top == "adapters" and where.endswith(".hpp"):
            return f"FlatBuffers stop at a codec's .cpp (<{name}>)"
        return None
    folder = where.rsplit("/", 1)[0]
    if name.startswith(BLIND_TO.get(folder, ("//",))):
        return f"{folder}/ may not include \"{name}\""
    first = name.split("/")[0]
    is_own = "/" in name and (first in OWN or first in ("apps", "loadtest", "tests"))
    if is_own and not any(name.startswith(edge) for edge in own_edges(where)):
        return f"{where.rsplit('/', 1)[0]}/ may not include \"{name}\""
    return None


def check_file(path: Path, root: Path) -> list[str]:
    where = str(path.relative_to(root))
    faults = []
    for hit in INCLUDE.finditer(path.read_text()):
        why = check_include(where, hit.group(1) or hit.group(2))
        if why:
            line = path.read_text()[: hit.start()].count("\n") + 1
            faults.append(f"{where}:{line}: {why}")
    return faults


def includes_of(name: str, root: Path, known: dict) -> list[str]:
    if name not in known:
        path = root / name
        text = path.read_text() if path.is_file() else ""
        known[name] = [hit.group(1) for hit in INCLUDE.finditer(text) if hit.group(1)]
    return known[name]


def seen_from(where: str, root: Path, known: dict) -> dict:
    """Every header that `where` includes, by itself or through others, and what includes it."""
    seen, waiting = {where: None}, [where]
    while waiting:
        at = waiting.pop()
        for name in includes_of(at, root, known):
            if name not in seen:
                seen[name] = at
                waiting.append(name)
    return seen


def check_unseen(root: Path) -> list[str]:
    faults, known = [], {}
    for top, unseen in UNSEEN.items():
        files = [path for path in source_files(root) if path.relative_to(root).parts[0] == top]
        for where in (str(path.relative_to(root)) for path in files):
            seen = seen_from(where, root, known)
            faults += [f"{where}: {top}/ may not see \"{name}\" (through {by})"
                       for name, by in seen.items() if name.startswith(unseen)]
    return faults


def check(root: Path) -> list[str]:
    return [fault for path in source_files(root) for fault in check_file(path, root)] + \
        check_unseen(root)


def main() -> int:
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent).resolve()
    faults = check(root)
    print("\n".join(faults) if faults else f"layers: {len(source_files(root))} files, every edge ok")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
