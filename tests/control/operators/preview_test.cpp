// What an order comes to at a site as it stands.

#include "control/operators/preview.hpp"

#include "control/stations/capability.hpp"
#include "domain/site_view.hpp"
#include "tests/builders/site_builder.hpp"

#include <gtest/gtest.h>

namespace busbar::control::operators {
namespace {

using domain::milliamperes;
using domain::order_refusal;
using domain::order_taken;
using domain::permille;
using domain::seconds;
using domain::watts;

const domain::instant now{seconds{1'000'000}};

domain::per_line<milliamperes> lines(std::int64_t a, std::int64_t b, std::int64_t c) {
  return {milliamperes{a}, milliamperes{b}, milliamperes{c}};
}

/// One three-phase station behind 63 A; its plan allows it 14 A, of which 10 A flow.
domain::site_view view_of(const domain::site& site) {
  domain::site_view view;
  view.topology = std::make_shared<const domain::site>(site);
  view.nodes.resize(site.nodes.size());
  view.connectors.resize(site.connectors.size());
  view.stations.resize(site.stations.size());
  view.connectors[0].target = milliamperes{14'000};
  view.connectors[0].acknowledged = milliamperes{12'000};
  view.connectors[0].drawn = lines(10'000, 10'000, 10'000);
  view.connectors[0].is_stale = false;
  view.nodes[1].measured = lines(20'000, 10'000, 10'000);
  return view;
}

domain::site garage() {
  return *tests::site_builder{}.feeder("f1", 63'000).station("CP-001").fallback(6'000).build();
}

/// DC at 20 to 40 kW both ways.
domain::site fast_charger() {
  auto site = garage();
  domain::capability profile;
  profile.name = "both ways";
  profile.kind = domain::current_kind::dc;
  profile.is_bidirectional = true;
  profile.voltage_min = domain::millivolts{200'000};
  profile.voltage_max = domain::millivolts{1'000'000};
  profile.current_max = milliamperes{200'000};
  profile.power_min = watts{20'000};
  profile.power_max = watts{40'000};
  profile.step = milliamperes{1};
  site.capabilities = {profile};
  site.stations[0].capability = profile.name;
  site.connectors[0].kind = domain::current_kind::dc;
  site.connectors[0].power_max = watts{50'000};
  site.soc_target = permille{800};
  return site;
}

domain::order_wish limit_to(std::int64_t a, std::int64_t b, std::int64_t c) {
  domain::connector_constraint limit;
  limit.connector = domain::connector_index{0U};
  limit.current = lines(a, b, c);
  limit.until = now + seconds{60};
  return {limit, {}, {}};
}

domain::order_wish power_of(std::int64_t power) {
  domain::connector_constraint limit;
  limit.connector = domain::connector_index{0U};
  limit.power = watts{power};
  limit.until = now + seconds{60};
  return {limit, domain::millivolts{400'000}, {}};
}

domain::site_view with_vehicle(std::int64_t soc, std::optional<watts> spare) {
  auto view = view_of(fast_charger());
  view.connectors[0].soc = permille{soc};
  domain::battery_view battery;
  battery.export_max = spare;
  view.connectors[0].battery = std::make_shared<const domain::battery_view>(battery);
  return view;
}

order_taken taken(const domain::order_wish& wish, const domain::site_view& view) {
  auto made = preview(wish, *view.topology, domain::standing_of(wish, view), now);
  const auto* refused = std::get_if<order_refusal>(&made);
  EXPECT_EQ(refused, nullptr) << (refused ? refused->why.message : "");
  return refused ? order_taken{} : std::get<order_taken>(made);
}

std::vector<std::string> refused(const domain::order_wish& wish, const domain::site_view& view) {
  const auto made = preview(wish, *view.topology, domain::standing_of(wish, view), now);
  const auto* why = std::get_if<order_refusal>(&made);
  if (why == nullptr) return {"taken"};
  std::vector<std::string> texts;
  for (const auto& each : why->faults) texts.push_back(each.field + ": " + each.text);
  if (texts.empty()) texts.push_back(why->why.message);
  return texts;
}

TEST(preview, a_limit_above_the_plan_leaves_what_the_plan_allows) {
  const auto made = taken(limit_to(16'000, 16'000, 16'000), view_of(garage()));
  EXPECT_EQ(made.plan_allows.count(), 14'000);
  EXPECT_EQ(made.currents->expected.count(), 14'000);
}

TEST(preview, the_smallest_line_of_a_limit_binds_and_the_imbalance_above_follows) {
  const auto made = taken(limit_to(16'000, 8'000, 12'000), view_of(garage()));
  EXPECT_EQ(made.currents->expected.count(), 8'000);
  EXPECT_EQ(made.currents->node, domain::node_index{1U});
  // (20 - 10) / 20; then 20 - 10 + 8 = 18, 10 - 10 + 8 = 8 and 8: (18 - 8) / 18, rounded up.
  EXPECT_EQ(made.currents->imbalance_now.count(), 500);
  EXPECT_EQ(made.currents->imbalance_then.count(), 556);
}

TEST(preview, a_ramp_begins_at_what_the_connector_has_acknowledged) {
  auto wish = limit_to(8'000, 8'000, 8'000);
  auto& limit = std::get<domain::connector_constraint>(wish.order);
  limit.ramp = domain::limit_ramp{milliamperes{1}, milliamperes{0}, seconds{2}, now};
  const auto made = taken(wish, view_of(garage()));
  const auto& ramp = std::get<domain::connector_constraint>(made.order).ramp;
  EXPECT_EQ(ramp->from.count(), 12'000);
  EXPECT_EQ(ramp->step.count(), 1);
  EXPECT_EQ(ramp->begun_at, now);
}

TEST(preview, a_limit_above_the_connector_is_refused_with_the_numbers) {
  const auto texts = refused(limit_to(90'000, 8'000, 8'000), view_of(garage()));
  ASSERT_EQ(texts.size(), 1U);
  EXPECT_TRUE(texts[0].starts_with("current_ma is 90000: allowed is 0 to ")) << texts[0];
}

TEST(preview, a_connector_that_the_site_does_not_have_is_refused) {
  auto wish = limit_to(8'000, 8'000, 8'000);
  std::get<domain::connector_constraint>(wish.order).connector = domain::connector_index{7U};
  EXPECT_EQ(refused(wish, view_of(garage())),
            std::vector<std::string>{"connector 7 is not 0..0"});
}

TEST(preview, a_limit_of_power_leaves_the_smaller_of_plan_and_limit) {
  const auto made = taken(power_of(30'000), view_of(fast_charger()));
  // 14 A * 3 * 230 V = 9 660 W.
  EXPECT_EQ(made.power->allowed.count(), 9'660);
  EXPECT_EQ(made.power->recommended.count(), 30'000);
  EXPECT_EQ(made.power->expected.count(), 9'660);
}

TEST(preview, an_export_gives_back_what_the_vehicle_can_spare) {
  const auto made = taken(power_of(-30'000), with_vehicle(900, watts{25'000}));
  EXPECT_EQ(made.power->recommended.count(), -30'000);
  EXPECT_EQ(made.power->expected.count(), -25'000);
}

TEST(preview, an_export_is_refused_with_every_reason_at_once) {
  auto view = view_of(fast_charger());
  view.connectors[0].is_stale = true;
  EXPECT_EQ(refused(power_of(-30'000), view),
            (std::vector<std::string>{
                "power_w: its readings are stale; export needs fresh ones",
                "power_w: it has no session; export needs one",
                "power_w: its state of charge is not known; export needs a state of charge above "
                "the departure need of 800 permille"}));
}

TEST(preview, an_export_is_refused_up_to_the_departure_need) {
  EXPECT_EQ(refused(power_of(-30'000), with_vehicle(800, watts{25'000})).size(), 1U);
  EXPECT_EQ(refused(power_of(-30'000), with_vehicle(801, watts{25'000})),
            std::vector<std::string>{"taken"});
  EXPECT_EQ(refused(power_of(-30'000), with_vehicle(801, std::nullopt)).size(), 1U);
}

TEST(preview, settings_of_load_shedding_that_are_left_out_stay) {
  auto view = view_of(garage());
  view.shedding.settings.rise = permille{950};
  view.shedding.settings.fall = permille{850};
  view.shedding.level = 2;
  view.shedding.is_forced = true;
  domain::order_wish wish{domain::configure_shedding{}, {}, {}};
  wish.change.fall = permille{900};
  const auto order = std::get<domain::configure_shedding>(taken(wish, view).order);
  EXPECT_EQ(order.settings.rise.count(), 950);
  EXPECT_EQ(order.settings.fall.count(), 900);
  EXPECT_EQ(order.forced_level, 2);
  wish.change.releases = true;
  EXPECT_FALSE(std::get<domain::configure_shedding>(taken(wish, view).order).forced_level);
  wish.change.fall = permille{950};
  EXPECT_EQ(refused(wish, view), std::vector<std::string>{
                                     "fall_permille: fall is 950, rise is 950; fall is to be "
                                     "below rise"});
}

TEST(preview, LIM_7_what_flows_if_the_engine_stops_is_part_of_the_answer) {
  domain::node_constraint limit;
  limit.node = domain::node_index{1U};
  limit.limit = {domain::limit_source::site_operator, lines(1'000, 1'000, 1'000), std::nullopt};
  limit.from = now;
  const auto made = taken({limit, {}, {}}, view_of(garage()));
  ASSERT_TRUE(made.if_engine_stops);
  EXPECT_EQ(made.if_engine_stops->line[0].count(), 6'000);
}

} // namespace
} // namespace busbar::control::operators
