// Limits that move in steps, and limits of a DC output's current.

#include "control/operators/order_book.hpp"

#include <gtest/gtest.h>

namespace busbar::control::operators {
namespace {

using domain::milliamperes;
using domain::seconds;

constexpr domain::instant begun{seconds{1'000}};
const limits::node_voltage neutral{domain::millivolts{230'000}, false};

/// A three-phase connector of 32 A, told 6 A, that shall come to `target` by 4 A every 2 s.
domain::connector_constraint towards(std::int64_t target_ma, std::int64_t from_ma = 6'000) {
  domain::connector_constraint order;
  order.current = domain::per_line<milliamperes>{};
  order.current->fill(milliamperes{target_ma});
  order.until = begun + seconds{3'600};
  order.ramp = {milliamperes{from_ma}, milliamperes{4'000}, seconds{2}, begun};
  return order;
}

std::int64_t after(const domain::connector_constraint& order, std::int64_t seconds_later) {
  const output_now output{begun + seconds{seconds_later}, {}};
  return most_of(order, domain::connector{}, neutral, output).count();
}

TEST(limit_ramp, a_limit_rises_by_a_step_at_once_and_then_with_each_interval_up_to_its_target) {
  const auto order = towards(16'000);
  EXPECT_EQ(after(order, 0), 10'000);  // 6 + 4
  EXPECT_EQ(after(order, 1), 10'000);
  EXPECT_EQ(after(order, 2), 14'000);  // 6 + 2 x 4
  EXPECT_EQ(after(order, 4), 16'000) << "6 + 3 x 4 is 18, beyond its target";
  EXPECT_EQ(after(order, 100'000'000), 16'000);
}

TEST(limit_ramp, a_limit_falls_in_steps_the_same_way) {
  const auto order = towards(8'000, 20'000);
  EXPECT_EQ(after(order, 0), 16'000);
  EXPECT_EQ(after(order, 3), 12'000);
  EXPECT_EQ(after(order, 4), 8'000);
  EXPECT_EQ(after(order, 6), 8'000);
}

TEST(limit_ramp, a_clock_that_was_set_back_leaves_a_limit_at_its_first_step) {
  EXPECT_EQ(after(towards(16'000), -50), 10'000);
}

TEST(limit_ramp, a_current_of_the_output_holds_at_whatever_voltage_is_measured_there) {
  domain::connector outlet;
  outlet.kind = domain::current_kind::dc;
  outlet.current_max = milliamperes{300'000};
  domain::connector_constraint order;
  order.power = domain::watts{80'000}; // 200 A x 400 V, as it began
  order.output = milliamperes{200'000};
  const auto at = [&](std::optional<domain::millivolts> voltage) {
    return most_of(order, outlet, neutral, {begun, voltage}).count();
  };
  EXPECT_EQ(at({}), 115'942);                            // 80 000 W / 230 V / 3 lines, rounded down
  EXPECT_EQ(at(domain::millivolts{300'000}), 86'956);    // 200 A x 300 V = 60 000 W
  EXPECT_EQ(at(domain::millivolts{742'000}), 215'072);   // 200 A x 742 V = 148 400 W
}

class limit_ramp_check : public testing::Test {
protected:
  std::string verdict(const domain::connector_constraint& order) {
    domain::site site;
    site.nodes.resize(1);
    site.stations.resize(1);
    site.connectors.resize(1);
    const auto checked = check(site, order, begun);
    return checked ? "" : checked.failure().message;
  }
};

TEST_F(limit_ramp_check, a_ramp_that_cannot_be_is_refused_with_value_and_range) {
  auto order = towards(16'000);
  EXPECT_EQ(verdict(order), "");
  order.ramp->from = milliamperes{32'001};
  EXPECT_EQ(verdict(order), "ramp from_ma is 32001: allowed is 0 to 32000 mA");
  order = towards(16'000);
  order.ramp->step = milliamperes{0};
  EXPECT_EQ(verdict(order), "ramp step_ma is 0: allowed is 1 to 2000000 mA");
  order = towards(16'000);
  order.ramp->every = domain::microseconds{0};
  EXPECT_EQ(verdict(order), "ramp every_us is 0: allowed is 1 to 86400000000 us");
  order = towards(16'000);
  order.output = milliamperes{2'000'001};
  EXPECT_EQ(verdict(order), "output_ma is 2000001: allowed is 0 to 2000000 mA");
}

} // namespace
} // namespace busbar::control::operators
