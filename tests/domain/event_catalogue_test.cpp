// What the catalogue's constructors fill in where it depends on the case; its fixed texts stand in
// docs/operations.md (tools/check_events.py).

#include "domain/events/connections.hpp"
#include "domain/events/limits.hpp"
#include "domain/events/sessions.hpp"
#include "domain/events/simulated.hpp"
#include "domain/events/site_changes.hpp"
#include "domain/events/stations.hpp"
#include "domain/events/supervision.hpp"

#include <gtest/gtest.h>

#include <string>

namespace busbar::domain {

namespace {

using namespace events;

const moment noon{site_id{"garage"}, instant{std::chrono::hours{12}}};
const station_id box{"CP-001"};
const connector_names outlet{connector_id{"CP-001-1"}, box};
const cause by_api = caused_by_program(http_program);

} // namespace

TEST(event_catalogue, an_event_is_filled_by_its_form_and_caused_by_the_system) {
  const auto one = events::actor_stuck(noon, "station:CP-001");
  EXPECT_EQ(one.site, noon.site);
  EXPECT_EQ(one.at, noon.at);
  EXPECT_EQ(one.kind, "actor_stuck");
  EXPECT_EQ(one.level, severity::critical);
  EXPECT_EQ(one.speaker, speaker::central);
  EXPECT_EQ(one.subject, "station:CP-001");
  EXPECT_EQ(one.caused_by, cause{});
  EXPECT_EQ(text_of(one.caused_by), "system");
  EXPECT_EQ(events::connected(noon, "log").speaker, speaker::log);
}

TEST(event_catalogue, the_severity_of_a_restart_is_that_of_the_actors_sort) {
  using enum supervised;
  EXPECT_EQ(events::restart(noon, branch, "f1").level, severity::critical);
  EXPECT_EQ(events::restart(noon, site, "garage").level, severity::critical);
  EXPECT_EQ(events::restart(noon, node_child, "driver:Alice").level, severity::warning);
  EXPECT_EQ(events::restart(noon, supervised::station, "CP-001").level, severity::warning);
  EXPECT_EQ(events::restart_used_up(noon, site, "garage").level, severity::critical);
}

TEST(event_catalogue, what_a_station_does_is_caused_by_that_device) {
  const auto asked = events::obedience(noon, outlet, milliamperes{20'000},
                                       milliamperes{10'000}, escalation::tell_again);
  EXPECT_EQ(asked.kind, "disobedience");
  EXPECT_EQ(asked.level, severity::warning);
  EXPECT_EQ(asked.subject, "CP-001-1");
  EXPECT_EQ(asked.text, "draws 20000 mA, acknowledged 10000 mA: is told again");
  EXPECT_EQ(text_of(asked.caused_by), "device CP-001");
  const auto last = events::obedience(noon, outlet, milliamperes{20'000}, milliamperes{},
                                      escalation::site_operator);
  EXPECT_EQ(last.level, severity::critical);
  const auto over = events::obedience(noon, outlet, milliamperes{9'000}, milliamperes{10'000},
                                      escalation::none);
  EXPECT_EQ(over.kind, "obeys_again");
  EXPECT_EQ(over.text, "draws 9000 mA, acknowledged 10000 mA: obeys again");
  EXPECT_EQ(text_of(events::station_clock_right(noon, box).caused_by), "device CP-001");
  EXPECT_EQ(text_of(events::meter_back(noon, node_id{"f1"}).caused_by), "device f1");
  EXPECT_EQ(text_of(events::fault_begins(noon, box, fault_kind::station_fault).caused_by),
            "device CP-001");
}

TEST(event_catalogue, a_session_event_bears_the_name_of_its_fact_as_programs_filter_by_it) {
  using enum session_fact_kind;
  session_fact told;
  for (const auto each : {accepted, denied, in_progress, completed, settled, changed}) {
    told.kind = each;
    EXPECT_EQ(events::of_fact(told, {}).kind, std::string{"session_"} + name_of(each));
  }
}

TEST(event_catalogue, how_a_session_goes_on_is_progress_whoever_tells_it_and_nothing_else_is) {
  session_fact told;
  told.kind = session_fact_kind::in_progress;
  EXPECT_TRUE(events::is_progress(events::of_fact(told, {})));
  EXPECT_TRUE(events::is_progress(events::in_progress(noon, driver_id{"Alice"}, {})));
  told.kind = session_fact_kind::completed;
  EXPECT_FALSE(events::is_progress(events::of_fact(told, {})));
  EXPECT_FALSE(events::is_progress(events::meter_back(noon, node_id{"f1"})));
}

TEST(event_catalogue, an_order_says_who_ordered_and_warns_where_it_is_not_kept_without_the_engine) {
  node_constraint set;
  set.limit = {limit_source::demand_response, per_line<milliamperes>{}, watts{4'200}};
  set.counts = counted_load::chargers;
  node_limit_words words{node_id{"f1"}, set, watts{1'400}, {}};
  const auto plain = events::limit_set(noon, words, by_api);
  EXPECT_EQ(plain.level, severity::info);
  EXPECT_EQ(plain.text, "demand_response sets 0, 0, 0 mA and 4200 W for the chargers alone, at "
                        "least 1400 W guaranteed");
  EXPECT_EQ(text_of(plain.caused_by), "program http api");
  words.if_engine_stops = fallback_load{};
  const auto warned = events::limit_set(noon, words, by_api);
  EXPECT_EQ(warned.level, severity::warning);
  EXPECT_TRUE(warned.text.starts_with(plain.text + "; if the engine stops: ")) << warned.text;
  EXPECT_TRUE(warned.text.ends_with(" until it is lifted")) << warned.text;
}

TEST(event_catalogue, load_shedding_warns_on_its_way_up_and_names_the_load) {
  shedding_words words{0, 2, false, unexplained_words{node_id{"f1"}, permille{950}, permille{80}},
                       3, milliamperes{12'000}};
  const auto up = events::load_shedding(noon, words);
  EXPECT_EQ(up.level, severity::warning);
  EXPECT_EQ(up.text, "level 0 to 2: priority 5 and below reduced by 40 %; f1 at 950 permille, 80 "
                     "that no plan knew; 3 connectors held down by 12000 mA");
  words = {2, 0, true, {}, 0, {}};
  const auto down = events::load_shedding(noon, words);
  EXPECT_EQ(down.level, severity::info);
  EXPECT_EQ(down.text, "level 2 to 0: nothing is shed; set by hand, until it is released; 0 "
                       "connectors held down by 0 mA");
}

TEST(event_catalogue, a_violation_is_raised_at_its_own_severity) {
  const violation of{"f1", "L1 above breaker", severity::critical, {}, 70'000, 63'000, "ma"};
  const auto raised = events::violation_raised(noon, of);
  EXPECT_EQ(raised.level, severity::critical);
  EXPECT_EQ(raised.text, "L1 above breaker: 70000 ma, allowed 63000");
  const auto cleared = events::violation_cleared(noon, of);
  EXPECT_EQ(cleared.level, severity::info);
  EXPECT_EQ(cleared.text, "over: L1 above breaker, last 70000 ma, allowed 63000");
}

TEST(event_catalogue, a_connector_that_left_says_what_ends_and_what_stays_reserved) {
  left_words words{"CP-001/1", false, "hangs at f2 now", {}, {}};
  const auto moved = events::connector_left(noon, words);
  EXPECT_EQ(moved.kind, "connector_rewired");
  EXPECT_EQ(moved.level, severity::info);
  EXPECT_EQ(moved.text, "hangs at f2 now");
  words.is_gone = true;
  words.session = session_id{"S-1"};
  words.reserve = reserve_words{milliamperes{16'000}, node_id{"f1"}, seconds{90}};
  const auto gone = events::connector_left(noon, words);
  EXPECT_EQ(gone.kind, "connector_gone");
  EXPECT_EQ(gone.level, severity::warning);
  EXPECT_EQ(gone.text, "hangs at f2 now; its session S-1 ends; 16000 mA stay reserved at f1 for "
                       "90 s");
}

TEST(event_catalogue, LIFE_1_a_fact_names_the_token_that_asked_or_the_station_that_ended_it) {
  session_fact fact;
  fact.station = box;
  fact.driver = driver_id{"Alice"};
  const auto by = [&](session_fact_kind kind, const char* why) {
    fact.kind = kind;
    fact.why = why;
    return text_of(events::of_fact(fact, {"7.20", "12.00", "3.00", ""}).caused_by);
  };
  EXPECT_EQ(by(session_fact_kind::accepted, ""), "token Alice");
  EXPECT_EQ(by(session_fact_kind::denied, "occupied"), "token Alice");
  EXPECT_EQ(by(session_fact_kind::in_progress, ""), "device CP-001");
  EXPECT_EQ(by(session_fact_kind::completed, "driver"), "token Alice");
  EXPECT_EQ(by(session_fact_kind::completed, "unplugged"), "device CP-001");
  EXPECT_EQ(by(session_fact_kind::completed, "energy reached"), "system");
  fact.kind = session_fact_kind::changed;
  fact.why = "leaves at 05:00";
  EXPECT_EQ(events::of_fact(fact, {}).text,
            "Alice at CP-001 leaves at 05:00, wants what it can get");
}

} // namespace busbar::domain
