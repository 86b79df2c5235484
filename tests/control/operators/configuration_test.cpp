// What is configured at a running site, on top of its file.

#include "control/operators/configuration.hpp"

#include "tests/builders/site_builder.hpp"

#include <gtest/gtest.h>

namespace busbar::control::operators {
namespace {

using domain::errc;
using domain::limit_source;
using domain::milliamperes;
using domain::permille;
using domain::watts;

/// A service of 100 A, a transformer of 75 kVA, a feeder of 63 A with two stations of 32 A that
/// fall back to 6 A each.
class configuration : public testing::Test {
protected:
  configuration() {
    site = *tests::site_builder{}
                .limit(100'000)
                .transformer("t1", 75'000)
                .feeder("f1", 63'000, "t1")
                .station("CP-001")
                .fallback(6'000)
                .station("CP-002")
                .fallback(6'000)
                .build();
    domain::seal(site);
  }
  domain::node_configuration& node(const std::string& id) {
    wanted.nodes.push_back({});
    wanted.nodes.back().node = domain::node_id{id};
    return wanted.nodes.back();
  }
  domain::station_configuration& station(const std::string& id) {
    wanted.stations.push_back({});
    wanted.stations.back().station = domain::station_id{id};
    return wanted.stations.back();
  }
  /// The refusal's text, or nothing; the revision is in `made`.
  std::string verdict() {
    auto taken = configured_site(site, wanted);
    if (!taken) {
      code = taken.failure().code;
      return taken.failure().message;
    }
    made = std::move(taken.value());
    return "";
  }
  [[nodiscard]] const domain::node& made_node(const std::string& id) const {
    return *std::find_if(made.nodes.begin(), made.nodes.end(),
                         [&](const auto& each) { return each.id.text() == id; });
  }
  [[nodiscard]] const domain::limit* limit(const std::string& id, limit_source source) const {
    for (const auto& each : made_node(id).limits)
      if (each.source == source) return &each;
    return nullptr;
  }

  domain::site site;
  domain::site made;
  domain::site_configuration wanted;
  errc code = errc::unspecified;
};

TEST_F(configuration, LIM_2_a_rating_and_a_power_take_the_place_of_what_the_file_states) {
  auto& service = node("service");
  service.current_max = milliamperes{80'000};
  service.power_max = watts{40'000};
  service.continuous = permille{800};
  EXPECT_EQ(verdict(), "");
  const auto* rating = limit("service", limit_source::rating);
  ASSERT_TRUE(rating && rating->current);
  EXPECT_EQ((*rating->current)[2], milliamperes{80'000});
  EXPECT_EQ(limit("service", limit_source::service_power)->power, watts{40'000});
  EXPECT_EQ(made_node("service").continuous, permille{800});
  EXPECT_EQ(made.topology_hash, site.topology_hash) << "places do not move";
  EXPECT_NE(made.revision, site.revision);
  EXPECT_EQ(*made.configured, wanted);
}

TEST_F(configuration, lines_that_a_supply_does_not_have_carry_nothing) {
  // Both stations fall back to 6 A on every line: a supply of one line cannot bear that.
  node("f1").lines = std::uint8_t{1};
  wanted.nodes.back().current_max = milliamperes{63'000};
  EXPECT_EQ(verdict().substr(0, 36), "LIM-4: f1 L2: fallbacks 12 A, rating");
  EXPECT_EQ(code, errc::unsafe);
  wanted.nodes.back().current_max.reset();
  site.nodes.back().limits.clear();
  EXPECT_EQ(verdict(), "f1: lines is 1 where no current is stated; state the current as well");
}

TEST_F(configuration, LIM_4_a_limit_below_the_fallbacks_is_refused_with_the_numbers) {
  node("f1").breaker = milliamperes{11'999};
  EXPECT_EQ(verdict().substr(0, 55), "LIM-4: f1 L1: fallbacks 12 A, breaker allows 11.999 A; ");
  EXPECT_EQ(code, errc::unsafe);
  wanted.nodes.back().breaker = milliamperes{12'000};
  EXPECT_EQ(verdict(), "");
}

TEST_F(configuration, a_transformer_takes_its_rating_its_oil_and_its_cooling) {
  auto& of = node("t1");
  of.rated = domain::volt_amperes{60'000};
  of.load_max = permille{800};
  of.oil_max = domain::millidegrees_celsius{80'000};
  of.cooled = domain::cooling::onan;
  EXPECT_EQ(verdict(), "");
  EXPECT_EQ(made_node("t1").transformer->rated, domain::volt_amperes{60'000});
  const auto& rule = made_node("t1").protection.thermal;
  ASSERT_TRUE(rule);
  EXPECT_EQ(rule->load_max, permille{800});
  EXPECT_EQ(rule->oil_max, domain::millidegrees_celsius{80'000});
  EXPECT_EQ(rule->how, domain::cooling::onan);
  wanted.nodes.back().node = domain::node_id{"f1"};
  EXPECT_EQ(verdict(), "f1 is no transformer");
  EXPECT_EQ(code, errc::conflict);
}

TEST_F(configuration, names_field_value_and_range_of_what_cannot_be) {
  node("service").continuous = permille{1'001};
  EXPECT_EQ(verdict(), "service: continuous is 1001 permille: allowed is 1 to 1000 permille");
  EXPECT_EQ(code, errc::out_of_range);
  wanted.nodes.back() = {};
  wanted.nodes.back().node = domain::node_id{"f9"};
  EXPECT_EQ(verdict(), "no node 'f9'");
  EXPECT_EQ(code, errc::unknown_reference);
  wanted.nodes.clear();
  station("CP-009").action = domain::fallback_action::stop;
  EXPECT_EQ(verdict(), "no station 'CP-009'");
}

TEST_F(configuration, SAFE_1_the_higher_of_the_files_and_the_told_fallback_counts) {
  // 11 040 W / (sqrt 3 x 400 V) = 15.934 A behind the transformer.
  station("CP-001").safe_power = watts{11'040};
  wanted.stations.back().timeout = domain::seconds{30};
  EXPECT_EQ(verdict(), "");
  ASSERT_TRUE(made.stations[0].told_when_lost);
  EXPECT_EQ(made.stations[0].told_when_lost->current, milliamperes{15'934});
  EXPECT_EQ(made.stations[0].told_when_lost->timeout, domain::seconds{30});
  EXPECT_EQ(made.stations[0].when_lost.current, milliamperes{15'934});
  wanted.stations.back().safe_power = watts{4'140}; // 6 A
  wanted.stations.back().action = domain::fallback_action::stop;
  EXPECT_EQ(verdict(), "");
  EXPECT_EQ(made.stations[0].told_when_lost->current, milliamperes{0});
  EXPECT_EQ(made.stations[0].when_lost.current, milliamperes{6'000}) << "until it was told";
  EXPECT_FALSE(made.stations[1].told_when_lost);
  wanted.stations.back().told_max = milliamperes{16'000};
  EXPECT_EQ(verdict(), "");
  EXPECT_EQ(made.stations[0].when_lost.current, milliamperes{16'000})
      << "a grant that tells it may be in force still";
}

TEST_F(configuration, LIM_4_what_was_told_before_counts_until_its_station_has_accepted_less) {
  station("CP-001").safe_power = watts{4'500}; // / (sqrt 3 x 400 V) = 6.495 A
  wanted.stations.back().told_max = milliamperes{16'000};
  ASSERT_EQ(verdict(), "");
  ASSERT_EQ(made.stations[0].when_lost.current, milliamperes{16'000});
  std::vector<bool> accepted(made.stations.size(), true);
  accepted[0] = false;
  EXPECT_FALSE(forget_told(site, made, accepted)) << "what others have accepted says nothing";
  accepted[0] = true;
  const auto next = forget_told(site, made, accepted);
  ASSERT_TRUE(next);
  EXPECT_EQ(next->stations[0].when_lost.current, milliamperes{6'495});
  EXPECT_NE(next->revision, made.revision);
  EXPECT_FALSE(forget_told(site, *next, accepted)) << "once";
}

TEST_F(configuration, SAFE_1_a_safe_power_below_the_minimum_is_refused_with_the_numbers) {
  station("CP-001").safe_power = watts{3'700};
  // 3 700 W / (sqrt 3 x 400 V) = 5.340 A
  EXPECT_EQ(verdict(), "CP-001: safe power 3700 W is 5340 mA on each line of CP-001-1, below its "
                       "minimum of 6000 mA; state more, or the action stop");
  EXPECT_EQ(code, errc::out_of_range);
}

TEST_F(configuration, LIM_4_fallbacks_that_are_told_count_like_the_files) {
  // 2 x 32 A on a feeder of 63 A.
  station("CP-001").action = domain::fallback_action::maintain;
  station("CP-002").action = domain::fallback_action::maintain;
  EXPECT_EQ(verdict().substr(0, 32), "LIM-4: f1 L1: fallbacks 64 A, br");
}

TEST_F(configuration, what_is_stated_later_comes_over_what_was_stated_and_leaves_the_rest) {
  domain::node_configuration first, second;
  first.node = second.node = domain::node_id{"f1"};
  first.name = "Yard";
  first.breaker = milliamperes{50'000};
  second.breaker = milliamperes{40'000};
  merge(wanted, first);
  merge(wanted, second);
  ASSERT_EQ(wanted.nodes.size(), 1u);
  EXPECT_EQ(wanted.nodes[0].name, "Yard");
  EXPECT_EQ(wanted.nodes[0].breaker, milliamperes{40'000});
  EXPECT_EQ(text_of(wanted.nodes[0]), "name 'Yard', breaker 40000 mA");
}

TEST_F(configuration, what_a_changed_file_cannot_take_is_left_out_and_said) {
  node("f1").name = "Yard";
  node("f9").name = "Gone";
  station("CP-001").action = domain::fallback_action::stop;
  const auto kept = keep_what_fits(site, wanted);
  EXPECT_EQ(kept.kept.nodes.size(), 1u);
  EXPECT_EQ(kept.kept.stations.size(), 1u);
  ASSERT_EQ(kept.left_out.size(), 1u);
  EXPECT_EQ(kept.left_out[0], "f9: no node 'f9'");
}

} // namespace
} // namespace busbar::control::operators
