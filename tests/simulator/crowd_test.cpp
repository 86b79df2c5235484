// The light mass of connectors for load tests.

#include "simulator/crowd.hpp"

#include "messages/codec.hpp"
#include "tests/simulator/example_site.hpp"

#include <gtest/gtest.h>

namespace busbar::simulator {
namespace {

using domain::connector_index;
using domain::milliamperes;

class crowd_of_two_depots : public ::testing::Test {
protected:
  crowd_of_two_depots() : site(tests::example_site("depot.toml")), mass({site, site}, 1) {}

  domain::command_batch grants(std::int64_t ma, domain::sequence number, domain::epoch owner = 1) {
    domain::command_batch batch{site->id, site->topology_hash, owner, {}, {}};
    for (std::size_t c = 0; c < site->connectors.size(); ++c) {
      domain::command told;
      told.connector = connector_index{c};
      told.kind = domain::command_kind::grant;
      told.number = number;
      told.current = milliamperes{ma};
      batch.commands.push_back(told);
    }
    return batch;
  }

  std::shared_ptr<const domain::site> site;
  crowd mass;
};

TEST_F(crowd_of_two_depots, draws_what_it_is_granted_less_a_ripple_and_counts_the_energy) {
  mass.read(0, tests::at_second(0));
  const auto& answers = mass.obey(0, grants(10'000, 1), tests::at_second(0));
  EXPECT_EQ(answers.results.size(), 100U);
  EXPECT_EQ(answers.results[99].answer, domain::outcome::accepted);
  const auto& batch = mass.read(0, tests::at_second(3600));
  ASSERT_EQ(batch.readings.size(), 100U);
  for (const auto& reading : batch.readings) {
    EXPECT_LE(reading.current_ma[2], 10'000);
    EXPECT_GE(reading.current_ma[2], 10'000 - 63);
    EXPECT_EQ(reading.state, domain::connector_state::supplying);
    EXPECT_NEAR(static_cast<double>(reading.energy_wh), 6'900, 45); // 10 A * 3 * 230 V * 1 h
  }
  EXPECT_EQ(mass.read(1, tests::at_second(0)).readings[0].power_w, 0);
}

TEST_F(crowd_of_two_depots, OWN_1_refuses_an_older_epoch_and_an_older_sequence) {
  mass.obey(0, grants(10'000, 5, 2), tests::at_second(0));
  EXPECT_EQ(mass.obey(0, grants(32'000, 6, 1), tests::at_second(1)).results[0].why,
            "older epoch or another topology");
  EXPECT_EQ(mass.obey(0, grants(32'000, 4, 2), tests::at_second(1)).results[0].why,
            "older than sequence 5");
  EXPECT_EQ(mass.obey(0, grants(32'000, 6, 1), tests::at_second(1)).owner, 2u)
      << "what is obeyed is said";
  EXPECT_EQ(mass.granted(0, connector_index{0u}).count(), 10'000);
  EXPECT_EQ(mass.obey(0, grants(8'000, 1, 3), tests::at_second(2)).results[0].answer,
            domain::outcome::accepted)
      << "numbers are compared within an epoch";
}

TEST_F(crowd_of_two_depots, its_bytes_are_a_batch_like_any_other) {
  const auto bytes = mass.read_bytes(1, tests::at_second(7));
  const auto decoded = messages::decode_telemetry(*bytes);
  ASSERT_TRUE(decoded) << decoded.failure().message;
  EXPECT_EQ(decoded.value().readings.size(), 100U);
  EXPECT_EQ(decoded.value().site, site->id);
}

TEST_F(crowd_of_two_depots, asks_once_for_every_connector) {
  const auto requests = mass.requests(0, tests::at_second(0));
  ASSERT_EQ(requests.size(), 100U);
  EXPECT_NE(requests[0].driver.text(), requests[1].driver.text());
}

} // namespace
} // namespace busbar::simulator
