// The one safe mode of a site: what puts it there, what it tells, and when it leaves (SAFE-1).
#include "site/site_mode.hpp"
#include "tests/builders/site_builder.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace busbar::site {
namespace {

using domain::instant;
using domain::milliamperes;
using std::chrono::seconds;

const instant start{seconds{1'000'000}};

struct mode_bench {
  std::shared_ptr<const site_layout> layout = lay_out(tests::site_builder{}
                                                          .feeder("f1", 63'000)
                                                          .station("A")
                                                          .fallback(6'000)
                                                          .station("B")
                                                          .fallback(6'000)
                                                          .build());
  site_mode mode{layout};
  operator_orders orders{layout};
  site_events events{layout};
  control::image image;
  std::vector<control::limits::unmanaged_use> uses{layout->site->nodes.size()};

  mode_bench() {
    image.topology = layout->site;
    image.now = start;
    image.nodes.resize(layout->site->nodes.size());
    image.connectors.resize(2);
    image.connectors[0].told = milliamperes{20'000};
    image.connectors[1].told = milliamperes{3'000};
  }
  void cycles(int count, bool is_heard) {
    for (int i = 0; i < count; ++i) {
      mode.take(0, is_heard);
      mode.watch(events);
    }
  }
  /// What every connector is told at `now`; empty: nothing.
  std::vector<std::int64_t> told(instant now) {
    std::vector<std::int64_t> currents;
    const auto all = mode.orders({image, orders, uses}, 1, now);
    EXPECT_TRUE(all->is_safe);
    EXPECT_TRUE(all->is_for(0)) << "a bay hears of the mode with every plan";
    for (const auto& order : all->orders) currents.push_back(order.current.count());
    return currents;
  }
};

const std::vector<std::int64_t> fallbacks{6'000, 3'000}; // never more than it was told
const std::vector<std::int64_t> nothing;

TEST(site_mode, SAFE_1_a_site_that_is_heard_is_controlling) {
  mode_bench it;
  it.cycles(10, true);
  it.cycles(4, false); // of 5
  EXPECT_FALSE(it.mode.is_safe());
  EXPECT_EQ(it.mode.name(), "controlling");
  EXPECT_EQ(it.mode.because(), "");
  EXPECT_TRUE(it.events.take().empty());
}

TEST(site_mode, SAFE_1_lost_input_makes_it_safe_until_readings_come_again) {
  mode_bench it;
  it.cycles(1, true);
  it.cycles(5, false);
  EXPECT_EQ(it.mode.name(), "safe");
  EXPECT_EQ(it.mode.because(), "no reading of any station: told its fallback");
  EXPECT_FALSE(it.mode.has_failed());
  ASSERT_EQ(it.events.take().at(0).kind, "input_lost");
  it.cycles(1, true);
  EXPECT_EQ(it.mode.name(), "controlling");
  EXPECT_EQ(it.events.take().at(0).kind, "input_back");
}

TEST(site_mode, SAFE_1_a_failure_makes_it_safe_until_it_is_tried_again) {
  mode_bench it;
  it.cycles(1, true);
  it.mode.fail("its branches fail", start + seconds{60});
  EXPECT_EQ(it.mode.name(), "safe");
  EXPECT_EQ(it.mode.because(), "its branches fail");
  EXPECT_FALSE(it.mode.is_failure_over(start + seconds{59}));
  EXPECT_TRUE(it.mode.is_failure_over(start + seconds{60}));
  it.cycles(1, true);
  EXPECT_TRUE(it.mode.is_safe()) << "readings end no failure";
  it.mode.recover();
  EXPECT_EQ(it.mode.name(), "controlling");
}

TEST(site_mode, SAFE_1_it_leaves_once_neither_fact_holds) {
  mode_bench it;
  it.cycles(1, true);
  it.cycles(5, false);
  it.mode.fail("its branches fail", start);
  EXPECT_EQ(it.mode.because(), "its branches fail");
  it.mode.recover();
  EXPECT_EQ(it.mode.name(), "safe");
  EXPECT_EQ(it.mode.because(), "no reading of any station: told its fallback");
  it.cycles(1, true);
  EXPECT_EQ(it.mode.name(), "controlling");
}

TEST(site_mode, SAFE_1_fallbacks_are_told_at_once_and_at_a_third_of_the_lease_whatever_the_reason) {
  for (const bool has_failed : {false, true}) {
    mode_bench it;
    it.cycles(1, true);
    if (has_failed) it.mode.fail("its branches fail", start + seconds{60});
    else it.cycles(5, false);
    EXPECT_EQ(it.told(start), fallbacks);
    EXPECT_EQ(it.told(start + seconds{19}), nothing); // a lease of 60 s
    EXPECT_EQ(it.told(start + seconds{20}), fallbacks);
    it.mode.tell_again();
    EXPECT_EQ(it.told(start + seconds{21}), fallbacks);
  }
}

TEST(site_mode, LIM_7_an_order_that_is_younger_than_the_last_image_is_obeyed) {
  mode_bench it;
  it.cycles(1, true);
  it.mode.fail("its branches fail", start + seconds{60});
  domain::node_constraint limit;
  limit.node = domain::node_index{0u};
  limit.limit = {domain::limit_source::demand_response,
                 domain::per_line<milliamperes>{milliamperes{5'000}, milliamperes{5'000},
                                                milliamperes{5'000}},
                 std::nullopt};
  limit.from = start + seconds{10};
  limit.until = start + seconds{300};
  limit.if_engine_stops.emplace();
  it.orders.take(limit);
  EXPECT_EQ(it.told(start + seconds{11}), (std::vector<std::int64_t>{0, 0})); // 6 A + 3 A > 5 A
}

} // namespace
} // namespace busbar::site
