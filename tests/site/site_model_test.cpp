// What the model of a site does with inputs that are not for it. Its hours: tests/simulator.
#include "site/site_model.hpp"
#include "tests/simulator/example_site.hpp"

#include <gtest/gtest.h>

namespace busbar::site {
namespace {

TEST(site_model, refuses_a_batch_that_was_made_for_another_tree) {
  const auto site = tests::example_site("garage.toml");
  site_model model{lay_out(site), 1};
  domain::telemetry_batch batch;
  batch.topology_hash = site->topology_hash + 1;
  const auto effects = model.apply(batch, domain::instant{std::chrono::seconds{1}});
  ASSERT_EQ(effects.refused.size(), 1u);
  EXPECT_EQ(effects.refused[0].code, domain::errc::wrong_topology);
}

TEST(site_model, denies_a_request_for_a_station_that_it_does_not_have) {
  site_model model{lay_out(tests::example_site("garage.toml")), 1};
  domain::driver_request request;
  request.id = domain::request_id{"r1"};
  request.station = domain::station_id{"NOWHERE"};
  request.kind = domain::request_kind::start;
  const auto effects = model.apply(request, domain::instant{std::chrono::seconds{1}});
  ASSERT_EQ(effects.facts.size(), 1u);
  EXPECT_EQ(effects.facts[0].kind, domain::session_fact_kind::denied);
  EXPECT_EQ(effects.facts[0].why, "no such station");
}

domain::session_fact answer_to(site_model& model, domain::request_kind kind, const char* driver,
                               domain::instant now) {
  domain::driver_request request;
  request.id = domain::request_id{"r1"};
  request.driver = domain::driver_id{driver};
  request.station = tests::example_site("garage.toml")->stations[0].id;
  request.kind = kind;
  const auto facts = model.apply(request, now).facts;
  return facts.empty() ? domain::session_fact{} : facts[0];
}

TEST(site_model, KEEP_3_a_station_that_is_reserved_is_so_for_the_next_owner) {
  const auto layout = lay_out(tests::example_site("garage.toml"));
  constexpr domain::instant start{std::chrono::seconds{1'000'000}};
  site_model before{layout, 1};
  domain::telemetry_batch batch;
  batch.topology_hash = layout->site->topology_hash;
  domain::reading reading;
  reading.measured_at = start;
  reading.state = domain::connector_state::disconnected;
  batch.readings = {reading};
  static_cast<void>(before.apply(batch, start));
  EXPECT_EQ(answer_to(before, domain::request_kind::reserve, "Alice", start).why, "reserved");
  // Twice: the state of one that was read back is whole, too.
  site_model next{layout, 2}, last{layout, 3};
  next.restore(before.checkpoint(start));
  last.restore(next.checkpoint(start));
  static_cast<void>(last.apply(batch, start));
  EXPECT_EQ(answer_to(last, domain::request_kind::start, "Bob", start).why, "reserved");
  EXPECT_EQ(answer_to(last, domain::request_kind::start, "Alice", start).kind,
            domain::session_fact_kind::accepted);
  EXPECT_TRUE(last.checkpoint(start).reservations.empty());
}

} // namespace
} // namespace busbar::site
