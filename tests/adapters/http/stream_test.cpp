// The stream of server-sent events, over real sockets and, where time matters, on the hub alone.

#include "adapters/http/api/stream_hub.hpp"
#include "tests/adapters/http/server_fixture.hpp"
#include "tests/builders/slack.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <sstream>

namespace busbar::tests {
namespace {

using adapters::http::api::stream_hub;
using adapters::http::server::subscription;
using nlohmann::json;

struct stream_event {
  std::string name;
  std::string id;
  json data;
};

stream_event parse(const std::string& text) {
  stream_event event;
  std::istringstream lines{text};
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("event: ")) event.name = line.substr(7);
    if (line.starts_with("id: ")) event.id = line.substr(4);
    if (line.starts_with("data: ")) event.data = json::parse(line.substr(6));
  }
  return event;
}

/// Keeps what it is given.
class kept_reader : public adapters::http::server::stream_reader {
public:
  void deliver(adapters::http::server::shared_text text) override {
    events.push_back(parse(*text));
  }

  [[nodiscard]] std::vector<std::string> names() const {
    std::vector<std::string> found;
    for (const auto& each : events) found.push_back(each.name);
    return found;
  }

  std::vector<stream_event> events;
};

class http_stream_hub : public testing::Test {
protected:
  void SetUp() override {
    engine.publish(make_view(site));
    everything.sites = {domain::site_id{"garage"}};
    hub.pulse(noon); // the next heartbeat is due five seconds later
  }
  std::shared_ptr<kept_reader> join(const subscription& wanted) {
    auto reader = std::make_shared<kept_reader>();
    EXPECT_TRUE(hub.open(wanted, reader, noon, 1'000));
    return reader;
  }

  std::shared_ptr<domain::site> site = make_site("garage", 3);
  fake_engine engine;
  adapters::http::server::unsent_bytes unsent{67'108'864};
  stream_hub hub{engine, unsent};
  subscription everything;
};

TEST_F(http_stream_hub, begins_with_a_heartbeat_and_a_whole_site) {
  const auto reader = join(everything);
  EXPECT_EQ(reader->names(), (std::vector<std::string>{"heartbeat", "site"}));
  EXPECT_EQ(reader->events[1].data["connectors"].size(), 3u);
}

TEST_F(http_stream_hub, sends_only_what_changed_in_a_delta) {
  const auto reader = join(everything);
  auto next = make_view(site, 2);
  next.connectors[2].power = domain::watts{7};
  engine.publish(next);
  hub.pulse(noon);
  const json& delta = reader->events.at(2).data;
  EXPECT_EQ(reader->events[2].name, "site_delta");
  ASSERT_EQ(delta["connectors"].size(), 1u);
  EXPECT_EQ(delta["connectors"][0]["connector"], "CP-003-1");
  EXPECT_TRUE(delta["nodes"].empty());
  EXPECT_TRUE(delta["stations"].empty());
  EXPECT_EQ(delta["sessions"].size(), 1u) << "sessions are always whole";
  EXPECT_EQ(delta["number"], reader->events[1].data["number"].get<int>() + 1);
}

TEST_F(http_stream_hub, a_direction_and_a_battery_are_changes_too) {
  auto view = make_view(site);
  view.connectors[1].battery = std::make_shared<const domain::battery_view>();
  engine.publish(view);
  const auto reader = join(everything);
  view = make_view(site, 2);
  view.connectors[0].is_export = true;
  domain::battery_view known;
  known.energy_to_full = domain::watt_hours{6'000};
  view.connectors[1].battery = std::make_shared<const domain::battery_view>(known);
  engine.publish(view);
  hub.pulse(noon);
  const json& delta = reader->events.at(2).data;
  ASSERT_EQ(delta["connectors"].size(), 2u);
  EXPECT_EQ(delta["connectors"][0]["direction"], "export");
  EXPECT_EQ(delta["connectors"][1]["battery"]["energy_to_full_wh"], 6'000);
}

TEST_F(http_stream_hub, sends_nothing_of_a_site_until_its_next_tick) {
  const auto reader = join(everything);
  for (int i = 0; i < 5; ++i) hub.pulse(noon);
  EXPECT_EQ(std::ranges::count(reader->names(), "site_delta"), 0);
}

TEST_F(http_stream_hub, sends_a_whole_site_every_thirty_seconds_and_at_a_new_topology) {
  const auto reader = join(everything);
  for (std::uint64_t tick = 2; tick <= 31; ++tick) {
    engine.publish(make_view(site, tick));
    hub.pulse(noon);
  }
  // Snapshots 1 and 31 (30 s later) are whole, the 29 between are not.
  EXPECT_EQ(std::ranges::count(reader->names(), "site"), 2);
  EXPECT_EQ(std::ranges::count(reader->names(), "site_delta"), 29);
  auto changed = make_site("garage", 4);
  changed->topology_hash = 0x1234;
  engine.publish(make_view(changed, 32));
  hub.pulse(noon);
  EXPECT_EQ(reader->events.back().name, "site");
  EXPECT_EQ(reader->events.back().data["connectors"].size(), 4u);
}

TEST_F(http_stream_hub, gives_a_late_reader_the_state_that_the_next_delta_builds_on) {
  const auto early = join(everything);
  engine.publish(make_view(site, 2));
  hub.pulse(noon);
  const auto late = join(everything);
  EXPECT_EQ(late->events[1].name, "site");
  EXPECT_EQ(late->events[1].data["number"], early->events.back().data["number"]);
  engine.publish(make_view(site, 3));
  hub.pulse(noon);
  EXPECT_EQ(late->events.back().data, early->events.back().data);
}

TEST_F(http_stream_hub, begins_anew_for_a_site_that_nobody_watched_meanwhile) {
  auto first = join(everything);
  hub.close(*first);
  engine.publish(make_view(site, 9));
  hub.pulse(noon);
  EXPECT_EQ(join(everything)->events[1].data["plan_number"], 9);
}

TEST_F(http_stream_hub, sends_journal_entries_with_their_number_as_id) {
  const auto reader = join(everything);
  engine.record("one");
  engine.record("two");
  hub.pulse(noon);
  hub.pulse(noon);
  ASSERT_EQ(std::ranges::count(reader->names(), "journal"), 2);
  EXPECT_EQ(reader->events[2].id, "1");
  EXPECT_EQ(reader->events[3].data["text"], "two");
}

TEST_F(http_stream_hub, follows_one_role) {
  everything.speaker = domain::speaker::monitor;
  const auto reader = join(everything);
  engine.record("no", domain::speaker::driver);
  engine.record("yes", domain::speaker::monitor);
  hub.pulse(noon);
  EXPECT_EQ(std::ranges::count(reader->names(), "journal"), 1);
}

TEST_F(http_stream_hub, resumes_after_the_last_event_without_gap_or_repetition) {
  const auto first = join(everything);
  for (int i = 1; i <= 1'200; ++i) engine.record(std::to_string(i));
  hub.pulse(noon);
  everything.after = 700;
  const auto back = join(everything);
  engine.record("1201");
  hub.pulse(noon);
  std::vector<std::string> ids;
  for (const auto& each : back->events)
    if (each.name == "journal") ids.push_back(each.id);
  ASSERT_EQ(ids.size(), 501u);
  EXPECT_EQ(ids.front(), "701");
  EXPECT_EQ(ids.back(), "1201");
  EXPECT_EQ(std::ranges::count(back->names(), "gap"), 0);
}

TEST_F(http_stream_hub, says_that_entries_are_gone) {
  for (int i = 1; i <= 10; ++i) engine.record(std::to_string(i));
  engine.forget_journal_before(6);
  hub.pulse(noon);
  everything.after = 2;
  const auto reader = join(everything);
  EXPECT_EQ(reader->events[2].name, "gap");
  EXPECT_EQ(reader->events[2].data, (json{{"after", 2}, {"first", 6}}));
  EXPECT_EQ(reader->events[3].id, "6");
}

TEST_F(http_stream_hub, sends_what_was_kept_of_a_thinned_part_and_says_from_where_on_it_is_whole) {
  for (int i = 1; i <= 10; ++i) engine.record(std::to_string(i));
  for (const auto gone : {4U, 6U}) engine.thin_out(gone);
  hub.pulse(noon);
  everything.after = 2;
  const auto reader = join(everything);
  EXPECT_EQ(reader->events[2].data, (json{{"after", 2}, {"first", 7}}));
  std::vector<std::string> ids;
  for (const auto& each : reader->events)
    if (each.name == "journal") ids.push_back(each.id);
  EXPECT_EQ(ids, (std::vector<std::string>{"3", "5", "7", "8", "9", "10"}));
  everything.after = 6;
  const auto later = join(everything);
  EXPECT_EQ(std::ranges::count(later->names(), "gap"), 0) << "nothing after 6 is missing";
}

TEST_F(http_stream_hub, tells_everything_to_a_reader_from_before_a_restart) {
  engine.record("first after the restart");
  hub.pulse(noon);
  everything.after = 4'000;
  const auto reader = join(everything);
  EXPECT_EQ(reader->events[2].data, (json{{"after", 4'000}, {"first", 1}}));
  EXPECT_EQ(reader->events[3].id, "1");
  engine.record("second");
  hub.pulse(noon);
  EXPECT_EQ(reader->events.back().data["text"], "second");
}

TEST_F(http_stream_hub, bounds_what_a_returning_reader_is_given) {
  for (int i = 1; i <= 6'000; ++i) engine.record(std::to_string(i));
  hub.pulse(noon);
  everything.after = 1;
  const auto reader = join(everything);
  EXPECT_EQ(std::ranges::count(reader->names(), "journal"), stream_hub::replay_max);
  EXPECT_EQ(reader->events[2].data["first"], 1'001);
}

TEST_F(http_stream_hub, beats_every_five_seconds) {
  const auto reader = join(everything);
  hub.pulse(noon);
  const auto before = std::ranges::count(reader->names(), "heartbeat");
  for (int tenth = 1; tenth <= 100; ++tenth)
    hub.pulse(noon + domain::microseconds{tenth * 100'000});
  EXPECT_EQ(std::ranges::count(reader->names(), "heartbeat"), before + 2);
}

TEST_F(http_stream_hub, beats_at_once_when_a_critical_check_begins_to_fail_or_passes_again) {
  engine.checks = {{"log", true, true, "answers", {}}, {"audit", false, false, "full", {}}};
  const auto reader = join(everything);
  EXPECT_EQ(reader->events[0].data["failing"], json::array());
  const auto failing_at = [&](int tenth) {
    hub.pulse(noon + domain::microseconds{tenth * 100'000});
    return reader->events.back().name == "heartbeat" ? reader->events.back().data["failing"]
                                                     : json{};
  };
  engine.checks.front().is_passing = false;
  failing_at(1);
  EXPECT_EQ(failing_at(10), json::array({"log"})) << "a second later, not five";
  engine.checks.front().is_passing = true;
  EXPECT_EQ(failing_at(20), json::array());
}

class http_stream : public server_fixture {
protected:
  /// A stream whose head has been read.
  std::unique_ptr<raw_client> open(const std::string& target = "/api/v1/stream",
                                   const std::string& headers = "") {
    auto client = std::make_unique<raw_client>(server->port());
    const raw_answer head = client->ask("GET", target, headers);
    EXPECT_EQ(head.status, 200u);
    EXPECT_EQ(head.header("Content-Type"), "text/event-stream");
    return client;
  }
  static stream_event next(raw_client& client, const std::string& name) {
    for (int i = 0; i < 1'000; ++i) {
      const stream_event event = parse(client.take_until("\n\n"));
      if (event.name == name || event.name.empty()) return event;
    }
    return {};
  }
};

TEST_F(http_stream, carries_sites_and_journal_as_they_happen) {
  start();
  const auto client = open();
  EXPECT_EQ(next(*client, "site").data["site"], "garage");
  engine.publish(make_view(make_site("garage", 3), 2));
  EXPECT_EQ(next(*client, "site_delta").data["plan_number"], 2);
  engine.record("something");
  EXPECT_EQ(next(*client, "journal").data["text"], "something");
}

TEST_F(http_stream, resumes_by_header_and_by_parameter) {
  start();
  engine.record("two");
  const auto by_header = open("/api/v1/stream", "Last-Event-ID: 1\r\n");
  EXPECT_EQ(next(*by_header, "journal").id, "2");
  const auto by_parameter = open("/api/v1/stream?last_event_id=1");
  EXPECT_EQ(next(*by_parameter, "journal").id, "2");
  EXPECT_EQ(ask("GET", "/api/v1/stream", "Last-Event-ID: x\r\n").status, 400u);
}

TEST_F(http_stream, refuses_sites_it_does_not_know_and_more_than_sixteen) {
  start();
  EXPECT_EQ(ask("GET", "/api/v1/stream?site=nowhere").status, 404u);
  for (int i = 0; i < 17; ++i)
    engine.publish(make_view(make_site("site-" + std::to_string(i), 1)));
  EXPECT_EQ(ask("GET", "/api/v1/stream").status, 400u);
  const auto none = open("/api/v1/stream?site=none");
  engine.record("only this");
  EXPECT_EQ(next(*none, "journal").data["text"], "only this");
}

TEST_F(http_stream, answers_503_above_its_bound) {
  settings.streams_max = 1;
  start();
  const auto first = open();
  EXPECT_EQ(ask("GET", "/api/v1/stream").status, 503u);
  EXPECT_EQ(server->statistics().at("streams"), 1.0);
}

TEST_F(http_stream, drops_a_reader_that_does_not_keep_up_and_serves_the_others) {
  settings.stream_bytes_max = 100'000;
  start();
  raw_client slow{server->port(), 4'096};
  EXPECT_EQ(slow.ask("GET", "/api/v1/stream").status, 200u);
  const auto quick = open();
  const std::string ballast(2'000, 'x');
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{10};
  while (server->statistics().at("streams_dropped_total") < 1) {
    ASSERT_LT(std::chrono::steady_clock::now(), deadline) << "the slow reader was never dropped";
    for (int i = 0; i < 20; ++i) engine.record(ballast);
    EXPECT_EQ(next(*quick, "journal").data["text"], ballast);
    while (next(*quick, "journal").data["number"] < engine.journal_end()) {}
  }
  EXPECT_EQ(server->statistics().at("streams"), 1.0);
  EXPECT_TRUE(slow.is_closed_by_server());
}

TEST_F(http_stream, forgets_a_reader_that_goes_away) {
  start();
  open().reset();
  const auto deadline = std::chrono::steady_clock::now() + tests::patience;
  while (server->statistics().at("streams") > 0)
    ASSERT_LT(std::chrono::steady_clock::now(), deadline);
}

TEST_F(http_stream, serves_a_thousand_readers_from_one_snapshot) {
  engine.publish(make_view(make_site("garage", 100)));
  start();
  std::vector<std::unique_ptr<raw_client>> readers;
  for (int i = 0; i < 1'000; ++i) readers.push_back(open());
  EXPECT_EQ(server->statistics().at("streams"), 1'000.0);
  engine.record("to all");
  for (const auto& each : readers) EXPECT_EQ(next(*each, "journal").data["text"], "to all");
  EXPECT_EQ(server->statistics().at("streams_dropped_total"), 0.0);
  const auto begin = std::chrono::steady_clock::now();
  server->stop();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds{2} + tests::slack());
}

} // namespace
} // namespace busbar::tests
