"""The Kubernetes manifests fit each other and the files that they copy.

BUSBAR_BINARY names the binary.
"""

import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

import manifests

sys.path.insert(0, str(manifests.KUBERNETES))
import copies

BUSBAR = os.environ.get("BUSBAR_BINARY", str(manifests.ROOT / "build/dev/busbar"))
NAMESPACE = "busbar"


class kubernetes_test(unittest.TestCase):
    def selects(self, selector: dict, workload: str) -> bool:
        labels = next(each["spec"]["template"]["metadata"]["labels"]
                      for kind in ("StatefulSet", "Deployment")
                      for each in manifests.of_kind(kind) if each["metadata"]["name"] == workload)
        return bool(selector) and selector.items() <= labels.items()

    def engine(self) -> dict:
        (engine,) = manifests.of_kind("StatefulSet")
        return engine

    def test_every_manifest_is_applied_or_explains_itself(self):
        (whole,) = manifests.of_kind("Kustomization")
        others = {each.name for each in manifests.files()} - set(whole["resources"])
        self.assertEqual(others, {"kustomization.yaml", "fleet.yaml"})
        for each in others:
            self.assertIn("kubectl apply", (manifests.KUBERNETES / each).read_text())

    def test_all_are_in_one_namespace(self):
        for file in manifests.files():
            for each in manifests.documents(file):
                if each["kind"] == "Namespace":
                    self.assertEqual(each["metadata"]["name"], NAMESPACE)
                elif each["kind"] != "Kustomization":
                    self.assertEqual(each["metadata"]["namespace"], NAMESPACE, file.name)

    def test_selectors_select_the_engine(self):
        named = self.engine()["metadata"]["name"]
        (service,) = manifests.of_kind("Service")
        (budget,) = manifests.of_kind("PodDisruptionBudget")
        (monitor,) = manifests.of_kind("ServiceMonitor")
        self.assertTrue(self.selects(self.engine()["spec"]["selector"]["matchLabels"], named))
        self.assertTrue(self.selects(service["spec"]["selector"], named))
        self.assertTrue(self.selects(budget["spec"]["selector"]["matchLabels"], named))
        self.assertLessEqual(monitor["spec"]["selector"]["matchLabels"].items(),
                             service["metadata"]["labels"].items())
        opened = [each for each in manifests.of_kind("NetworkPolicy") if each["spec"]["ingress"]]
        self.assertEqual([self.selects(each["spec"]["podSelector"]["matchLabels"], named)
                          for each in opened], [True])

    def test_nodes_reach_each_other_where_they_advertise_that_they_answer(self):
        (container,) = self.engine()["spec"]["template"]["spec"]["containers"]
        (service,) = manifests.of_kind("Service")
        advertised = container["args"][container["args"].index("--advertise") + 1]
        host, port = re.fullmatch(r"http://\$\(POD_NAME\)\.([\w-]+):(\d+)", advertised).groups()
        self.assertEqual(host, service["metadata"]["name"])
        (policy,) = [each["spec"] for each in manifests.of_kind("NetworkPolicy")
                     if each["spec"]["ingress"]]
        labels = self.engine()["spec"]["template"]["metadata"]["labels"]
        node = {"podSelector": {"matchLabels": labels}}
        ports = {each["name"]: each["containerPort"] for each in container["ports"]}
        self.assertIn("Egress", policy["policyTypes"])
        self.assertEqual([(rule["to"], [each["port"] for each in rule["ports"]])
                          for rule in policy["egress"]], [([node], [int(port)])])
        (rule,) = policy["ingress"]
        self.assertIn(node, rule["from"])
        self.assertEqual([ports[each["port"]] for each in rule["ports"]], [int(port)])

    def test_the_name_of_a_pod_is_the_name_of_its_node(self):
        self.assertEqual(self.engine()["spec"]["serviceName"],
                         manifests.of_kind("Service")[0]["metadata"]["name"])
        (container,) = self.engine()["spec"]["template"]["spec"]["containers"]
        after = container["args"].index("--name") + 1
        self.assertEqual(container["args"][after], "$(POD_NAME)")
        source = next(each["valueFrom"] for each in container["env"] if each["name"] == "POD_NAME")
        self.assertEqual(source, {"fieldRef": {"fieldPath": "metadata.name"}})

    def test_ports_are_named_alike_everywhere(self):
        (container,) = self.engine()["spec"]["template"]["spec"]["containers"]
        ports = {each["name"]: each["containerPort"] for each in container["ports"]}
        for probe in ("startupProbe", "readinessProbe", "livenessProbe"):
            self.assertIn(container[probe]["httpGet"]["port"], ports)
        (port,) = manifests.of_kind("Service")[0]["spec"]["ports"]
        self.assertEqual((port["name"], port["port"]), ("http", ports["http"]))
        self.assertEqual(port["targetPort"], "http")
        (monitor,) = manifests.of_kind("ServiceMonitor")
        self.assertEqual(monitor["spec"]["endpoints"][0]["port"], port["name"])

    def test_what_is_mounted_is_there(self):
        names = {kind: {each["metadata"]["name"]: each for each in manifests.of_kind(kind)}
                 for kind in ("ConfigMap", "Secret")}
        for kind in ("StatefulSet", "Deployment"):
            for each in manifests.of_kind(kind):
                self.check_volumes(each, names)

    def check_volumes(self, workload: dict, names: dict):
        pod = workload["spec"]["template"]["spec"]
        claims = workload["spec"].get("volumeClaimTemplates", [])
        volumes = {each["name"] for each in pod["volumes"]}
        volumes |= {each["metadata"]["name"] for each in claims}
        for volume in pod["volumes"]:
            if "configMap" in volume:
                self.assertIn(volume["configMap"]["name"], names["ConfigMap"])
            if "secret" in volume:
                self.assertIn(volume["secret"]["secretName"], names["Secret"])
        for container in pod["containers"]:
            self.assertEqual({each["name"] for each in container["volumeMounts"]}, volumes)
            for variable in container["env"]:
                wanted = variable.get("valueFrom", {}).get("configMapKeyRef")
                if wanted:
                    self.assertIn(wanted["key"], names["ConfigMap"][wanted["name"]]["data"])

    def test_site_files_of_the_arguments_are_in_the_config_map_and_are_safe(self):
        (sites,) = [each["data"] for each in manifests.of_kind("ConfigMap")
                    if each["metadata"]["name"] == "busbar-sites"]
        named = {Path(word).name for container in manifests.containers()
                 for word in container["args"] if word.endswith(".toml")}
        self.assertEqual(named, set(sites))
        with tempfile.TemporaryDirectory(prefix="busbar_sites_") as folder:
            for name, text in sites.items():
                Path(folder, name).write_text(text)
                subprocess.run([BUSBAR, "check", Path(folder, name)], check=True,
                               capture_output=True)

    def test_the_properties_of_kafka_are_mounted_where_the_arguments_look_for_them(self):
        (secret,) = manifests.of_kind("Secret")
        self.assertIn("security.protocol=SASL_SSL", secret["stringData"]["kafka.properties"])
        for each in manifests.containers():
            mounted = next(mount["mountPath"] for mount in each["volumeMounts"]
                           if mount["name"] == "kafka")
            path = Path(each["args"][each["args"].index("--kafka-config") + 1])
            self.assertEqual(str(path.parent), mounted)
            self.assertIn(path.name, secret["stringData"])
            named = re.findall(r"(?m)=(/\S+)$", secret["stringData"]["kafka.properties"])
            self.assertTrue(named)
            for file in map(Path, named):
                self.assertEqual(str(file.parent), mounted)
                self.assertIn(file.name, secret["stringData"])

    def test_the_log_is_reached_through_the_network_policies(self):
        (log,) = [each["data"] for each in manifests.of_kind("ConfigMap")
                  if each["metadata"]["name"] == "busbar-log"]
        service, namespace, port = re.fullmatch(r"kafka://([\w-]+)\.([\w-]+):(\d+)",
                                                log["address"]).groups()
        self.assertTrue(service)
        rules = [rule for each in manifests.of_kind("NetworkPolicy")
                 for rule in each["spec"].get("egress", [])
                 if "namespaceSelector" in rule["to"][0]]
        self.assertIn({"protocol": "TCP", "port": int(port)}, [
            port for rule in rules for port in rule["ports"]
            if rule["to"][0]["namespaceSelector"]["matchLabels"] ==
            {"kubernetes.io/metadata.name": namespace}])

    def test_copies_are_like_what_they_copy(self):
        for name, text in copies.COPIES.items():
            self.assertEqual((manifests.KUBERNETES / name).read_text(), text(),
                             "run deploy/kubernetes/copies.py")

    def test_pods_are_restricted(self):
        for kind in ("StatefulSet", "Deployment"):
            for each in manifests.of_kind(kind):
                pod = each["spec"]["template"]["spec"]
                self.assertTrue(pod["securityContext"]["runAsNonRoot"])
                self.assertEqual(pod["terminationGracePeriodSeconds"], 20)
                for container in pod["containers"]:
                    context = container["securityContext"]
                    self.assertTrue(context["readOnlyRootFilesystem"])
                    self.assertFalse(context["allowPrivilegeEscalation"])
                    self.assertEqual(context["capabilities"], {"drop": ["ALL"]})


if __name__ == "__main__":
    unittest.main()
