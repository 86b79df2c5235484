"""Each edge of tools/check_layers.py is shown failing."""

import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import check_layers  # noqa: E402


class Edges(unittest.TestCase):
    def assert_refused(self, where: str, name: str):
        self.assertIsNotNone(check_layers.check_include(where, name), f"{where} <- {name}")

    def assert_allowed(self, where: str, name: str):
        self.assertIsNone(check_layers.check_include(where, name), f"{where} <- {name}")

    def test_domain_includes_the_standard_library_only(self):
        self.assert_allowed("domain/site.hpp", "vector")
        self.assert_allowed("domain/site.hpp", "domain/units.hpp")
        self.assert_refused("domain/site.hpp", "control/plan.hpp")
        self.assert_refused("domain/site.hpp", "messages/codec.hpp")
        self.assert_refused("domain/site.hpp", "caf/all.hpp")
        self.assert_refused("domain/site.hpp", "nlohmann/json.hpp")

    def test_control_includes_domain_only(self):
        self.assert_allowed("control/planner.cpp", "domain/site.hpp")
        self.assert_refused("control/planner.cpp", "messages/codec.hpp")
        self.assert_refused("control/planner.cpp", "actors/interfaces.hpp")
        self.assert_refused("control/planner.cpp", "caf/all.hpp")
        self.assert_refused("control/planner.cpp", "flatbuffers/flatbuffers.h")

    def test_ocpp_wire_carries_every_version_and_includes_none(self):
        self.assert_allowed("ocpp/wire/frame.hpp", "simdjson.h")
        self.assert_allowed("ocpp/wire/frame_writer.cpp", "text/json_writer.hpp")
        self.assert_allowed("ocpp/v16/messages.cpp", "ocpp/wire/frame.hpp")
        self.assert_refused("ocpp/wire/frame.hpp", "ocpp/v16/call_error.hpp")
        self.assert_refused("ocpp/wire/frame.hpp", "control/smart_charging/composite.hpp")
        self.assert_refused("control/planner.cpp", "simdjson.h")

    def test_control_sees_no_view_and_no_event_through_anything(self):
        with tempfile.TemporaryDirectory() as folder:
            root = Path(folder)
            for name, text in (("control/plan.hpp", '#include "domain/site.hpp"'),
                               ("control/ask.cpp", '#include "domain/events/limits.hpp"'),
                               ("domain/site.hpp", '#include "domain/site_view.hpp"'),
                               ("domain/site_view.hpp", ""), ("domain/events/limits.hpp", "")):
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text)
            faults = check_layers.check(root)
        self.assertEqual(faults, [
            'control/ask.cpp: control/ may not see "domain/events/limits.hpp" '
            "(through control/ask.cpp)",
            'control/plan.hpp: control/ may not see "domain/site_view.hpp" '
            "(through domain/site.hpp)"])

    def test_messages_know_no_control_and_no_actor(self):
        self.assert_allowed("messages/codec.cpp", "flatbuffers/flatbuffers.h")
        self.assert_allowed("messages/codec.cpp", "messages/schema/telemetry_generated.h")
        self.assert_refused("messages/codec.cpp", "control/plan.hpp")
        self.assert_refused("messages/codec.cpp", "actors/interfaces.hpp")
        self.assert_refused("messages/codec.cpp", "librdkafka/rdkafka.h")

    def test_actors_do_no_io(self):
        self.assert_allowed("actors/site_actor.cpp", "caf/all.hpp")
        self.assert_allowed("actors/site_actor.cpp", "control/planner.hpp")
        self.assert_refused("actors/site_actor.cpp", "adapters/kafka/kafka_log.hpp")
        self.assert_refused("actors/site_actor.cpp", "boost/asio.hpp")
        self.assert_refused("actors/site_actor.cpp", "librdkafka/rdkafka.h")
        self.assert_refused("actors/site_actor.cpp", "flatbuffers/flatbuffers.h")
        self.assert_refused("actors/site_actor.cpp", "unistd.h")

    def test_ports_are_interfaces_of_domain_alone(self):
        self.assert_allowed("ports/sites.hpp", "domain/site_view.hpp")
        self.assert_refused("ports/sites.hpp", "control/plan.hpp")
        self.assert_refused("ports/sites.hpp", "caf/all.hpp")
        self.assert_refused("ports/sites.hpp", "boost/asio.hpp")
        self.assert_refused("ports/history.hpp", "sqlite3.h")
        self.assert_refused("actors/site_actor.cpp", "messages/codec.hpp")

    def test_adapters_see_ports_and_no_actor_and_not_each_other(self):
        self.assert_allowed("adapters/http/server/http_server.cpp", "ports/engine_node.hpp")
        self.assert_refused("adapters/http/server/http_server.cpp", "actors/interfaces.hpp")
        self.assert_refused("adapters/http/server/http_server.cpp", "caf/all.hpp")
        self.assert_refused("adapters/http/server/http_server.cpp", "actors/site_actor.hpp")
        self.assert_refused("adapters/http/server/http_server.cpp", "adapters/kafka/kafka_log.hpp")
        self.assert_refused("adapters/http/server/http_server.cpp", "control/planner.hpp")
        self.assert_allowed("adapters/http/server/http_server.cpp", "control/safety/load_shedding.hpp")
        self.assert_refused("adapters/http/server/http_server.cpp", "control/safety/breaker.hpp")
        self.assert_allowed("adapters/http/hooks/tag_service.hpp", "control/safety/breaker.hpp")
        self.assert_refused("adapters/http/server/http_server.hpp", "flatbuffers/flatbuffers.h")

    def test_the_sockets_know_no_handler_and_no_json_of_the_api(self):
        self.assert_allowed("adapters/http/api/site_scope.cpp", "adapters/http/json/view_json.hpp")
        self.assert_allowed("adapters/http/json/body_reader.hpp", "adapters/http/server/message.hpp")
        self.assert_refused("adapters/http/server/router.cpp", "adapters/http/api/resources.hpp")
        self.assert_refused("adapters/http/server/router.cpp", "adapters/http/json/view_json.hpp")
        self.assert_refused("adapters/http/json/view_json.cpp", "adapters/http/api/site_scope.hpp")

    def test_the_simulator_knows_no_actor_and_no_adapter(self):
        self.assert_allowed("simulator/world.cpp", "control/plan.hpp")
        self.assert_allowed("simulator/world.cpp", "messages/codec.hpp")
        self.assert_refused("simulator/world.cpp", "actors/interfaces.hpp")
        self.assert_refused("simulator/world.cpp", "adapters/embedded/embedded_log.hpp")
        self.assert_refused("simulator/world.cpp", "caf/all.hpp")

    def test_a_forbidden_include_is_named_with_its_line(self):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "domain" / "site.hpp"
            path.parent.mkdir()
            path.write_text('#pragma once\n#include "control/plan.hpp"\n')
            faults = check_layers.check(Path(folder))
        self.assertEqual(faults, ['domain/site.hpp:2: domain/ may not include "control/plan.hpp"'])


class TheProject(unittest.TestCase):
    def test_every_edge_is_allowed(self):
        self.assertEqual(check_layers.check(ROOT), [])


if __name__ == "__main__":
    unittest.main()
