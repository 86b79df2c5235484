// What operators may set at a running site, and what is kept of it.

#include "control/operators/order_book.hpp"

#include "tests/builders/site_builder.hpp"

#include <gtest/gtest.h>

#include <string>

namespace busbar::control::operators {
namespace {

using domain::connector_constraint;
using domain::errc;
using domain::limit_source;
using domain::milliamperes;
using domain::node_constraint;
using domain::permille;
using domain::seconds;
using domain::watts;

const domain::instant now{seconds{1'000'000}};

domain::per_line<milliamperes> lines(std::int64_t a, std::int64_t b, std::int64_t c) {
  return {milliamperes{a}, milliamperes{b}, milliamperes{c}};
}

/// Two stations that fall back to 6 A each, behind 63 A.
domain::site two_stations() {
  return *tests::site_builder{}
              .feeder("f1", 63'000)
              .station("CP-001")
              .fallback(6'000)
              .station("CP-002")
              .fallback(6'000)
              .build();
}

node_constraint on_node(std::uint32_t node, std::int64_t ma,
                        limit_source source = limit_source::site_operator) {
  node_constraint made;
  made.node = domain::node_index{node};
  made.limit = {source, lines(ma, ma, ma), std::nullopt};
  made.from = now;
  return made;
}

connector_constraint on_connector(std::uint32_t connector, std::int64_t ma) {
  connector_constraint made;
  made.connector = domain::connector_index{connector};
  made.current = lines(ma, ma, ma);
  made.until = now + seconds{60};
  return made;
}

/// 50 kW DC, its station of a bidirectional capability of 20 to 40 kW, or of one that is not.
domain::site fast_charger(bool is_bidirectional) {
  auto site = two_stations();
  domain::capability profile;
  profile.name = "v2g";
  profile.kind = domain::current_kind::dc;
  profile.power_min = watts{20'000};
  profile.power_max = watts{40'000};
  profile.is_bidirectional = is_bidirectional;
  site.capabilities.push_back(profile);
  site.stations[0].capability = "v2g";
  site.connectors[0].kind = domain::current_kind::dc;
  site.connectors[0].power_max = watts{50'000};
  site.connectors[0].current_max = milliamperes{73'000};
  return site;
}

connector_constraint of_power(std::int64_t power_w) {
  connector_constraint made;
  made.power = watts{power_w};
  made.until = now + seconds{60};
  return made;
}

class orders : public testing::Test {
protected:
  /// "" where the order may be taken.
  std::string verdict(const domain::operator_order& order) {
    const auto checked = check(site, order, now);
    if (checked) return "";
    code = checked.failure().code;
    return checked.failure().message;
  }

  domain::site site = two_stations();
  errc code{};
};

TEST_F(orders, LIM_7_a_limit_below_the_fallbacks_is_taken) {
  EXPECT_EQ(verdict(on_node(1, 11'999)), ""); // 2 * 6 A would flow without the engine
  EXPECT_EQ(verdict(on_node(1, 0, limit_source::demand_response)), "");
}

TEST_F(orders, a_guaranteed_minimum_is_within_its_range) {
  auto order = on_node(1, 11'000);
  order.guaranteed = {watts{4'200}, permille{400}, permille{450}};
  EXPECT_EQ(verdict(order), "");
  order.guaranteed->each = watts{10'000'001};
  EXPECT_EQ(verdict(order), "guaranteed.each_w is 10000001: allowed is 0 to 10000000 W");
  order.guaranteed = {watts{4'200}, permille{0}, permille{1'001}};
  EXPECT_EQ(verdict(order), "guaranteed permille is 1001: allowed is 0 to 1000");
}

TEST_F(orders, places_that_the_site_does_not_have_are_named) {
  EXPECT_EQ(verdict(on_node(2, 20'000)), "node 2 is not 0..1");
  EXPECT_EQ(code, errc::unknown_reference);
  EXPECT_EQ(verdict(on_connector(2, 6'000)), "connector 2 is not 0..1");
  EXPECT_EQ(verdict(domain::lift_connector_constraint{domain::connector_index{9U}}),
            "connector 9 is not 0..1");
  EXPECT_EQ(verdict(domain::lift_connector_constraint{domain::connector_index{1U}}), "");
  EXPECT_EQ(verdict(domain::lift_node_constraint{domain::node_index{2U}}), "node 2 is not 0..1");
  EXPECT_EQ(verdict(domain::lift_node_constraint{domain::node_index{1U}}), "");
}

TEST_F(orders, only_operators_and_demand_response_may_set_limits) {
  EXPECT_EQ(verdict(on_node(1, 20'000, limit_source::breaker)),
            "source is breaker: allowed is operator, demand_response");
  EXPECT_EQ(code, errc::out_of_range);
  EXPECT_EQ(verdict(domain::lift_node_constraint{domain::node_index{1U}, limit_source::rating}),
            "source is rating: allowed is operator, demand_response");
}

TEST_F(orders, a_limit_of_a_node_states_something_within_its_range) {
  auto order = on_node(1, 20'000);
  order.limit.current = lines(100'000'000, 20'000, 20'000);
  EXPECT_EQ(verdict(order), "");
  order.limit.current = lines(20'000, 20'000, 100'000'001);
  EXPECT_EQ(verdict(order), "limit_ma is 100000001: allowed is 0 to 100000000 mA");
  order.limit.current = lines(20'000, -1, 20'000);
  EXPECT_EQ(verdict(order), "limit_ma is -1: allowed is 0 to 100000000 mA");
  order.limit.current.reset();
  EXPECT_EQ(verdict(order), "limit states neither a current nor a power");
  EXPECT_EQ(code, errc::missing_field);
  order.limit.power = watts{100'000'000};
  EXPECT_EQ(verdict(order), "");
  order.limit.power = watts{100'000'001};
  EXPECT_EQ(verdict(order), "limit_w is 100000001: allowed is 0 to 100000000 W");
  order.limit.power = watts{-1};
  EXPECT_EQ(verdict(order), "limit_w is -1: allowed is 0 to 100000000 W");
  site.stations[0].when_lost.current = site.stations[1].when_lost.current = milliamperes{0};
  order.limit.power = watts{0};
  EXPECT_EQ(verdict(order), "");
  order.limit = {limit_source::site_operator, lines(0, 0, 0), std::nullopt};
  EXPECT_EQ(verdict(order), "");
}

TEST_F(orders, a_limit_of_a_node_ends_after_now_and_after_its_begin) {
  const std::string refused = "until is not later than now and than from";
  auto order = on_node(1, 20'000);
  order.until = now + seconds{1};
  EXPECT_EQ(verdict(order), "");
  order.until = now;
  order.from = now - seconds{5};
  EXPECT_EQ(verdict(order), refused);
  order.from = now + seconds{10};
  order.until = now + seconds{10};
  EXPECT_EQ(verdict(order), refused);
  order.until = now + seconds{11};
  EXPECT_EQ(verdict(order), "");
}

TEST_F(orders, a_connector_is_held_within_its_own_range_and_for_a_day_at_most) {
  EXPECT_EQ(verdict(on_connector(1, 0)), "");
  EXPECT_EQ(verdict(on_connector(1, 32'000)), "");
  EXPECT_EQ(verdict(on_connector(1, 32'001)), "current_ma is 32001: allowed is 0 to 32000 mA");
  EXPECT_EQ(verdict(on_connector(1, -1)), "current_ma is -1: allowed is 0 to 32000 mA");
  auto order = on_connector(1, 10'000);
  order.until = now;
  EXPECT_EQ(verdict(order), "until is not within a day from now");
  order.until = now + seconds{86'400};
  EXPECT_EQ(verdict(order), "");
  order.until = now + seconds{86'401};
  EXPECT_EQ(verdict(order), "until is not within a day from now");
  order.current.reset();
  EXPECT_EQ(verdict(order), "an AC connector is limited by its currents");
}

TEST_F(orders, a_dc_connector_is_held_by_its_power) {
  site.connectors[1].kind = domain::current_kind::dc;
  EXPECT_EQ(verdict(on_connector(1, 6'000)), "a DC connector is limited by its power");
  EXPECT_EQ(code, errc::missing_field);
  auto order = on_connector(1, 6'000);
  order.current.reset();
  order.power = watts{22'080};
  EXPECT_EQ(verdict(order), "");
  order.power = watts{22'081};
  EXPECT_EQ(verdict(order), "power_w is 22081: allowed is 0 to 22080 W");
  order.power = watts{-1};
  EXPECT_EQ(verdict(order),
            "power_w is -1: allowed is 0 to 22080 W: its station is not bidirectional");
  order.power = watts{0};
  EXPECT_EQ(verdict(order), "");
}

TEST_F(orders, a_shedding_level_is_0_to_5_and_its_settings_are_checked) {
  domain::configure_shedding order;
  EXPECT_EQ(verdict(order), "");
  order.forced_level = 5;
  EXPECT_EQ(verdict(order), "");
  order.forced_level = 6;
  EXPECT_EQ(verdict(order), "level is 6: allowed is 0 to 5");
  order.forced_level = -1;
  EXPECT_EQ(verdict(order), "level is -1: allowed is 0 to 5");
  order.forced_level = 0;
  order.settings.rise = domain::permille{5};
  EXPECT_EQ(verdict(order), "rise_permille is 5: allowed is 500 to 1200");
}

TEST_F(orders, a_book_keeps_one_a_node_and_source_in_the_order_of_the_site) {
  order_book book{site};
  book.take(on_node(1, 20'000));
  book.take(on_node(0, 50'000));
  book.take(on_node(1, 30'000, limit_source::demand_response));
  book.take(on_node(1, 40'000));
  ASSERT_EQ(book.nodes().size(), 3U);
  EXPECT_EQ(book.nodes()[0].node, domain::node_index{0U});
  const auto mine = [&](limit_source source) {
    for (const auto& each : book.nodes())
      if (each.node.value() == 1 && each.limit.source == source)
        return (*each.limit.current)[0].count();
    return std::int64_t{-1};
  };
  EXPECT_EQ(mine(limit_source::site_operator), 40'000);
  EXPECT_EQ(mine(limit_source::demand_response), 30'000);
  order_book other{site};
  other.take(on_node(1, 30'000, limit_source::demand_response));
  other.take(on_node(1, 40'000));
  other.take(on_node(0, 50'000));
  EXPECT_EQ(other.nodes(), book.nodes()) << "whatever came first";
  book.take(domain::lift_node_constraint{domain::node_index{1U}, limit_source::site_operator});
  EXPECT_EQ(mine(limit_source::site_operator), -1);
  EXPECT_EQ(book.nodes().size(), 2U);
}

TEST_F(orders, a_book_keeps_one_a_connector_and_forgets_what_is_over) {
  order_book book{site};
  book.take(on_connector(1, 10'000));
  book.take(on_connector(0, 9'000));
  book.take(on_connector(1, 8'000));
  ASSERT_EQ(book.connectors().size(), 2U);
  EXPECT_EQ(book.connectors()[0].connector, domain::connector_index{0U});
  EXPECT_EQ((*book.connectors()[1].current)[0].count(), 8'000);
  auto timed = on_node(1, 20'000);
  timed.until = now + seconds{30};
  book.take(timed);
  book.take(on_node(0, 20'000));
  EXPECT_FALSE(book.expire(now + seconds{29}));
  EXPECT_TRUE(book.expire(now + seconds{30}));
  ASSERT_EQ(book.nodes().size(), 1U) << "without an end it stays";
  EXPECT_EQ(book.connectors().size(), 2U);
  book.take(domain::lift_connector_constraint{domain::connector_index{0U}});
  ASSERT_EQ(book.connectors().size(), 1U);
  timed.until = now + seconds{60};
  book.take(timed);
  EXPECT_FALSE(book.expire(now + seconds{59}));
  EXPECT_TRUE(book.expire(now + seconds{60})) << "one of each at once";
  EXPECT_EQ(book.nodes().size(), 1U);
  EXPECT_TRUE(book.connectors().empty());
}

TEST_F(orders, the_sites_settings_of_shedding_stand_until_an_operator_sets_others) {
  site.shedding.rise = domain::permille{990};
  order_book book{site};
  EXPECT_EQ(book.shedding().settings.rise, domain::permille{990});
  EXPECT_FALSE(book.shedding().forced_level);
  book.take(domain::configure_shedding{{}, 3});
  EXPECT_EQ(book.shedding().forced_level, 3);
  EXPECT_EQ(book.shedding().settings.rise, domain::permille{950});
}

TEST(order_book, a_constraint_is_in_force_from_its_begin_to_just_before_its_end) {
  auto order = on_node(1, 20'000);
  EXPECT_TRUE(is_in_force(order, now));
  EXPECT_FALSE(is_in_force(order, now - seconds{1}));
  EXPECT_TRUE(is_in_force(order, now + seconds{999'999}));
  order.until = now + seconds{5};
  EXPECT_TRUE(is_in_force(order, now + seconds{4}));
  EXPECT_FALSE(is_in_force(order, now + seconds{5}));
}

TEST(order_book, LIM_5_what_is_left_to_a_connector_is_its_smallest_line_rounded_down) {
  const limits::node_voltage neutral{domain::millivolts{230'000}, false};
  domain::connector connector;
  connector.line_count = 2;
  connector.lines = {domain::line::l3, domain::line::l1, domain::line::l2};
  auto order = on_connector(0, 0);
  order.current = lines(20'000, 5'000, 10'000);
  EXPECT_EQ(most_of(order, connector, neutral).count(), 10'000) << "L2 is not one of its lines";
  order.power = watts{3'001};
  // 3 001 W / 230 V = 13.047 826 A over two lines
  EXPECT_EQ(most_of(order, connector, neutral).count(), 6'523);
  order.current.reset();
  order.power = watts{99'000};
  EXPECT_EQ(most_of(order, connector, neutral).count(), 32'000) << "its own maximum";
}

TEST_F(orders, export_fits_a_bidirectional_station_within_its_ranges_and_no_other) {
  site = fast_charger(true);
  EXPECT_EQ(verdict(of_power(-40'000)), "");
  EXPECT_EQ(verdict(of_power(-20'000)), "");
  EXPECT_EQ(verdict(of_power(-40'001)), "power_w is -40001: allowed is -40000 to -20000 W");
  EXPECT_EQ(verdict(of_power(-19'999)), "power_w is -19999: allowed is -40000 to -20000 W");
  EXPECT_EQ(code, errc::out_of_range);
  site = fast_charger(false);
  EXPECT_EQ(verdict(of_power(-30'000)),
            "power_w is -30000: allowed is 0 to 50000 W: its station is not bidirectional");
}

TEST_F(orders, export_is_asked_above_the_need_only_and_never_of_the_unknown) {
  const auto order = of_power(-30'000);
  EXPECT_TRUE(order.is_export());
  connector_image vehicle;
  vehicle.soc_target = domain::permille{800};
  vehicle.soc = domain::permille{900};
  vehicle.export_max = milliamperes{50'000};
  apply(order, milliamperes{43'000}, vehicle);
  EXPECT_TRUE(vehicle.gives_back);
  EXPECT_EQ(vehicle.export_max, milliamperes{43'000});

  connector_image unknown;
  apply(order, milliamperes{43'000}, unknown);
  EXPECT_FALSE(unknown.gives_back);
  EXPECT_EQ(unknown.operator_max, milliamperes{0}) << "it stands at zero";

  connector_image at_its_need;
  at_its_need.soc = at_its_need.soc_target = domain::permille{800};
  apply(order, milliamperes{43'000}, at_its_need);
  EXPECT_EQ(at_its_need.operator_max, milliamperes{0}) << "nor does it charge what it gave";

  connector_image short_of_it = at_its_need;
  short_of_it.operator_max.reset();
  short_of_it.soc = domain::permille{799};
  apply(order, milliamperes{43'000}, short_of_it);
  EXPECT_FALSE(short_of_it.gives_back || short_of_it.operator_max) << "it charges up to its need";
}

TEST_F(orders, export_leaves_the_size_of_its_power) {
  const auto exporting = fast_charger(true);
  const auto voltage = limits::voltages_of(exporting)[1];
  // 30 000 W / 230 V / 3 lines = 43 478 mA
  EXPECT_EQ(most_of(of_power(-30'000), exporting.connectors[0], voltage), milliamperes{43'478});
}

} // namespace
} // namespace busbar::control::operators
