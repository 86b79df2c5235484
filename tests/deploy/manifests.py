"""The manifests of deploy/kubernetes and deploy/compose as Python values."""

import importlib
import sys
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KUBERNETES = ROOT / "deploy" / "kubernetes"
COMPOSE = ROOT / "deploy" / "compose"
DEBIANS_PACKAGES = "/usr/lib/python3/dist-packages"


def yaml():
    """The module; Debian's python3-yaml also serves a Python that is not Debian's."""
    for folder in ([], [DEBIANS_PACKAGES]):
        sys.path += folder
        try:
            return importlib.import_module("yaml")
        except ImportError:
            continue
        finally:
            del sys.path[len(sys.path) - len(folder):]
    raise unittest.SkipTest("needs PyYAML (Debian package python3-yaml)")


def files() -> list[Path]:
    return sorted(KUBERNETES.glob("*.yaml"))


def documents(file: Path) -> list[dict]:
    return list(yaml().safe_load_all(file.read_text()))


def of_kind(kind: str) -> list[dict]:
    return [each for file in files() for each in documents(file) if each["kind"] == kind]


def containers() -> list[dict]:
    """Of every workload."""
    return [container for kind in ("StatefulSet", "Deployment") for each in of_kind(kind)
            for container in each["spec"]["template"]["spec"]["containers"]]


def compose_services() -> dict[str, dict]:
    return yaml().safe_load((COMPOSE / "compose.yml").read_text())["services"]
