"""The brokers of the compose file have the settings of deploy/kafka/replicated.properties, its parts fit
each other, and the image has what the binary needs.

BUSBAR_BINARY names the binary.
"""

import os
import re
import shutil
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import manifests

ROOT = manifests.ROOT
BUSBAR = os.environ.get("BUSBAR_BINARY", str(ROOT / "build/dev/busbar"))
DOCKERFILE = manifests.COMPOSE / "Dockerfile"
# What every Debian image has, or comes with a package that is named.
PRESENT = {"libc6", "libgcc-s1", "libstdc++6"}


def properties(file: Path) -> dict[str, str]:
    lines = (line.strip() for line in file.read_text().splitlines())
    return dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))


def variable_of(name: str) -> str:
    """The environment variable by which Kafka's image takes a property."""
    return "KAFKA_" + name.upper().replace(".", "_")


def owner_of(library: str) -> str:
    """The Debian package of a library, whose folder may be a link of /usr."""
    for path in (library, "/usr" + library, library.removeprefix("/usr")):
        done = subprocess.run(["dpkg-query", "-S", path], capture_output=True, text=True,
                              check=False)
        if done.returncode == 0:
            return done.stdout.split(":")[0]
    raise AssertionError(f"no package has {library}")


def needed_packages() -> set[str]:
    """Of the libraries that the binary itself names."""
    named = subprocess.run(["objdump", "-p", BUSBAR], capture_output=True, text=True, check=True)
    direct = set(re.findall(r"NEEDED\s+(\S+)", named.stdout))
    found = subprocess.run(["ldd", BUSBAR], capture_output=True, text=True, check=True)
    paths = dict(re.findall(r"(\S+) => (\S+)", found.stdout))
    return {owner_of(os.path.realpath(paths[each])) for each in direct if each in paths}


class compose_test(unittest.TestCase):
    def test_what_is_mounted_is_there(self):
        for name, service in manifests.compose_services().items():
            for volume in service.get("volumes", []):
                source = volume.split(":")[0]
                if source.startswith("."):
                    self.assertTrue((manifests.COMPOSE / source).exists(), f"{name}: {source}")

    def test_brokers_have_the_replicated_settings(self):
        wanted = {variable_of(name): value for name, value in
                  properties(ROOT / "deploy/kafka/replicated.properties").items()}
        brokers = [each["environment"] for name, each in manifests.compose_services().items()
                   if name.startswith("broker-")]
        self.assertEqual(len(brokers), 3)
        for each in brokers:
            self.assertLessEqual(wanted.items(), each.items())
        self.assertEqual(len({each["KAFKA_NODE_ID"] for each in brokers}), 3)

    def test_prometheus_scrapes_every_engine_and_grafana_reads_that_prometheus(self):
        services = manifests.compose_services()
        yaml = manifests.yaml()
        scraping = yaml.safe_load((manifests.COMPOSE / "prometheus.yml").read_text())
        (job,) = scraping["scrape_configs"]
        engines = {f"{each}:8000" for each in services if each.startswith("engine-")}
        self.assertEqual(set(job["static_configs"][0]["targets"]), engines)
        alone = yaml.safe_load(
            (ROOT / "deploy/grafana/provisioning/datasources/prometheus.yml").read_text())
        alone["datasources"][0]["url"] = "http://prometheus:9090"
        here = yaml.safe_load((manifests.COMPOSE / "datasource.yml").read_text())
        self.assertEqual(here, alone)

    def test_every_port_is_on_the_loopback_alone(self):
        for name, service in manifests.compose_services().items():
            for port in service.get("ports", []):
                self.assertTrue(port.startswith("127.0.0.1:"), f"{name}: {port}")

    def test_busbar_runs_without_rights_and_ends_in_its_own_time(self):
        for name, service in manifests.compose_services().items():
            if name.startswith(("engine-", "fleet-")):
                self.assertTrue(service["read_only"], name)
                self.assertEqual(service["cap_drop"], ["ALL"], name)
                self.assertEqual(service["stop_grace_period"], "20s", name)


class dockerfile_test(unittest.TestCase):
    def last_stage(self) -> str:
        return DOCKERFILE.read_text().split("\nFROM ")[-1]

    def test_the_image_has_the_libraries_of_the_binary(self):
        if shutil.which("dpkg-query") is None or shutil.which("objdump") is None:
            self.skipTest("needs dpkg-query and objdump (Debian)")
        installed = set(re.findall(r"[\w.+-]+", self.last_stage()))
        self.assertEqual(needed_packages() - installed - PRESENT, set())

    def test_the_image_runs_as_an_unprivileged_user_and_checks_its_health(self):
        self.assertRegex(self.last_stage(), r"(?m)^USER 65532:65532$")
        self.assertIn("curl", self.last_stage().split("HEALTHCHECK")[0])
        self.assertIn("http://127.0.0.1:8000/health/ready", self.last_stage())


if __name__ == "__main__":
    unittest.main()
