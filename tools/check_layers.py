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
    "messages": ["domain/", "messages/"],
    "recording": ["domain/", "control/", "site/", "messages/", "recording/"],
    "actors": ["domain/", "control/", "site/", "messages/", "actors/"],
    "adapters": ["domain/", "messages/", "text/", "actors/interfaces.hpp", "actors/engine_port.hpp"],
    "simulator": ["domain/", "control/", "messages/", "simulator/"],
    "dashboard": ["dashboard/"],
}
# Pure helpers of an adapter's own protocol.
ADAPTER_CONTROL = {
    "adapters/config": ["control/limits/", "control/stations/"],
    "adapters/http": ["ocpp/", "control/smart_charging/", "control/stations/", "control/safety/load_shedding.hpp",
                      "control/limits/node_limits.hpp"],
    "adapters/ocpp": ["control/smart_charging/"],
}
LIBRARIES = {
    "caf": re.compile(r"^caf/"),
    "flatbuffers": re.compile(r"^flatbuffers/|_generated\.h$"),
    "json": re.compile(r"^nlohmann/"),
    "outside": re.compile(r"^(?:librdkafka|boost|sqlite3|prometheus|CLI|toml\+\+|benchmark|spdlog"
                          r"|zlib|mosquitto|openssl)[/.]|^(?:sys|arpa|netinet)/|^unistd\.h$"),
}
# Folder -> libraries it may use. adapters/: FlatBuffers in .cpp only.
ALLOWED = {
    "domain": set(),
    "text": {"json"},
    "control": set(),
    "site": set(),
    "ocpp": {"json"},
    "messages": {"flatbuffers"},
    "recording": {"outside"},
    "actors": {"caf"},
    "adapters": {"caf", "flatbuffers", "json", "outside"},
    "simulator": {"flatbuffers"},
    "dashboard": set(),
}


def own_edges(where: str) -> list[str]:
    top = where.split("/")[0]
    edges = list(OWN[top])
    if top == "adapters":
        folder = "/".join(where.split("/")[:2])
        edges += [folder + "/"] + ADAPTER_CONTROL.get(folder, [])
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


def check(root: Path) -> list[str]:
    return [fault for path in source_files(root) for fault in check_file(path, root)]


def main() -> int:
    root = Path(sys.argv[1] if len(sys.argv) > 1 else Path(__file__).parent.parent).resolve()
    faults = check(root)
    print("\n".join(faults) if faults else f"layers: {len(source_files(root))} files, every edge ok")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
