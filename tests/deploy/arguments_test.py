"""What the delivered files state is what the binary takes: commands, options, variables, ports.

BUSBAR_BINARY names the binary.
"""

import functools
import os
import re
import shlex
import subprocess
import sys
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import manifests

ROOT = manifests.ROOT
BUSBAR = os.environ.get("BUSBAR_BINARY", str(ROOT / "build/dev/busbar"))
SYSTEMD = ROOT / "deploy" / "systemd"
# Of the manifests' own substitution, and of systemd's and the shell's.
SUBSTITUTED = {"POD_NAME", "BUSBAR_LOG", "BUSBAR_OPTIONS"}


def help_of(*command: str) -> str:
    return subprocess.run([BUSBAR, *command, "--help"], capture_output=True, text=True,
                          check=True).stdout


@functools.cache
def commands() -> set[str]:
    return set(re.findall(r"(?m)^  (\w+) ", help_of().split("Subcommands:")[1]))


@functools.cache
def options_of(command: str) -> set[str]:
    return set(re.findall(r"(?m)^  (?:-\w,)?(--[\w-]+)", help_of(command)))


def start_of(file: str) -> str:
    return re.search(r"(?m)^ExecStart=/usr/bin/busbar (.*)$", (SYSTEMD / file).read_text()).group(1)


def of_systemd() -> dict[str, list[str]]:
    lines = {}
    for unit, variables in (("busbar-engine@", "engine-1.env"), ("busbar-fleet@", "fleet.env")):
        start = start_of(f"{unit}.service")
        options = re.search(r'(?m)^BUSBAR_OPTIONS="(.*)"$', (SYSTEMD / variables).read_text())
        lines[unit] = shlex.split(start.replace("$BUSBAR_OPTIONS", options.group(1)))
    return lines | {"drop-in": shlex.split(start_of("kafka.conf"))}


def of_kubernetes() -> dict[str, list[str]]:
    return {f"kubernetes {each['name']}": each["args"] for each in manifests.containers()}


def of_compose() -> dict[str, list[str]]:
    return {f"compose {name}": each["command"] for name, each in
            manifests.compose_services().items() if name.startswith(("engine-", "fleet-"))}


def command_lines() -> dict[str, list[str]]:
    return {**of_systemd(), **of_kubernetes(), **of_compose()}


def unknown_words(words: list[str]) -> list[str]:
    command, *rest = words
    if command not in commands():
        return [command]
    known = options_of(command)
    return [each for each in rest if each.startswith("--") and each not in known]


def value_of(words: list[str], option: str) -> str:
    return words[words.index(option) + 1]


class arguments_test(unittest.TestCase):
    def test_the_binary_has_every_command_and_option_that_the_files_state(self):
        self.assertGreaterEqual(len(command_lines()), 10)
        for place, words in command_lines().items():
            with self.subTest(place=place):
                self.assertEqual(unknown_words(words), [])

    def test_an_option_that_the_binary_lacks_is_found(self):
        self.assertEqual(unknown_words(["engine", "--name", "a", "--sites", "b"]), ["--sites"])
        self.assertEqual(unknown_words(["gate", "--name"]), ["gate"])

    def test_site_files_are_there(self):
        files = {each.name for each in (ROOT / "examples").glob("*.toml")}
        for place, words in command_lines().items():
            named = {Path(each).name for each in words if each.endswith(".toml")}
            self.assertEqual(not named, place == "drop-in", place)
            self.assertLessEqual(named - {"%i.toml"}, files, place)

    def test_nodes_of_one_cluster_have_different_names_and_the_same_sites_and_log(self):
        engines = [words for place, words in of_compose().items() if words[0] == "engine"]
        self.assertEqual(len(engines), 3)
        names = [value_of(words, "--name") for words in engines]
        self.assertEqual(len(set(names)), 3)
        addresses = [value_of(words, "--advertise") for words in engines]
        self.assertEqual(addresses, [f"http://{name}:8000" for name in names])
        self.assertEqual(len({tuple(each for each in words if each not in names + addresses)
                              for words in engines}), 1)

    def test_ports_are_those_of_the_arguments(self):
        for place, words in {**of_kubernetes(), **of_compose()}.items():
            if words[0] != "engine":
                continue
            self.assertEqual(value_of(words, "--port"), "8000", place)
            self.assertEqual(value_of(words, "--host"), "0.0.0.0", place)
        (container,) = [each for each in manifests.containers() if each["args"][0] == "engine"]
        self.assertEqual([each["containerPort"] for each in container["ports"]], [8000])
        for name, service in manifests.compose_services().items():
            if name.startswith("engine-"):
                self.assertRegex(service["ports"][0], r":8000$")
        self.assertIn("\nEXPOSE 8000\n", (manifests.COMPOSE / "Dockerfile").read_text())

    def test_variables_are_those_that_the_manual_lists(self):
        manual = (ROOT / "docs/operations.md").read_text()
        stated = {variable["name"] for each in manifests.containers() for variable in each["env"]}
        stated |= set(re.findall(r"(?m)^Environment=(\w+)=",
                                 (SYSTEMD / "busbar-engine@.service").read_text()))
        self.assertIn("AUDIT_LOG_DIR", stated)
        for name in stated - SUBSTITUTED:
            self.assertIn(f"| `{name}` |", manual)

    def test_a_variable_that_is_substituted_is_stated(self):
        for each in manifests.containers():
            used = set(re.findall(r"\$\((\w+)\)", " ".join(each["args"])))
            self.assertLessEqual(used, {variable["name"] for variable in each["env"]})


if __name__ == "__main__":
    unittest.main()
