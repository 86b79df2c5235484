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

} // namespace
} // namespace busbar::site
