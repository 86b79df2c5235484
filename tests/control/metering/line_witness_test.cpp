// LIM-8: the meter above contradicts readings that hide lines.

#include "control/metering/line_witness.hpp"
#include "tests/builders/site_builder.hpp"

#include <gtest/gtest.h>

#include <array>
#include <random>

namespace busbar::control::metering {
namespace {

using domain::line_set;
using domain::milliamperes;

constexpr line_set l1 = line_set::of_bits(0b001);

/// Two stations below a metered service; their readings claim L1 alone.
class yard {
public:
  yard()
      : site_(tests::site_builder{}.meter().station("A").station("B").build()),
        witness_(*site_) {
    image_.topology = site_;
    image_.nodes.resize(1);
    image_.nodes[0].knowledge = unmanaged_knowledge::known;
    image_.connectors.resize(2);
  }

  /// For so many seconds: what station A draws, and what the meter sees beside the claims.
  void pass(int seconds, std::int64_t drawn_ma, std::array<std::int64_t, 3> unmanaged_ma) {
    for (int i = 0; i < seconds; ++i) {
      image_.now = domain::instant{domain::seconds{1'000'000 + second_++}};
      image_.connectors[0].drawn = milliamperes{drawn_ma};
      for (std::size_t line = 0; line < 3; ++line)
        image_.nodes[0].unmanaged[line] = milliamperes{unmanaged_ma[line]};
      for (auto& each : image_.connectors) each.used_lines = l1;
      witness_.look(image_);
    }
  }
  void lose_meter() { image_.nodes[0].knowledge = unmanaged_knowledge::lost; }
  [[nodiscard]] bool believes(std::size_t connector) const {
    return image_.connectors[connector].used_lines == l1;
  }

private:
  std::shared_ptr<const domain::site> site_;
  line_witness witness_;
  image image_;
  int second_ = 0;
};

TEST(line_witness, LIM_8_a_vehicle_whose_hidden_lines_the_meter_sees_is_not_believed) {
  yard it;
  it.pass(30, 0, {5'000, 5'000, 5'000});
  it.pass(40, 10'000, {5'000, 15'000, 15'000});
  EXPECT_FALSE(it.believes(0));
  EXPECT_TRUE(it.believes(1)); // draws nothing, and claims nothing wrong
}

TEST(line_witness, LIM_8_one_whose_lines_the_meter_confirms_is_believed) {
  yard it;
  it.pass(30, 0, {5'000, 5'000, 5'000});
  it.pass(300, 10'000, {5'000, 5'000, 5'000});
  EXPECT_TRUE(it.believes(0));
}

TEST(line_witness, LIM_8_the_wrong_line_is_found_too) {
  yard it;
  it.pass(30, 0, {5'000, 5'000, 5'000});
  // It draws on L3, and L1 was taken off the meter for it.
  it.pass(40, 10'000, {0, 5'000, 15'000});
  EXPECT_FALSE(it.believes(0));
}

TEST(line_witness, LIM_8_a_meter_that_lags_by_seconds_is_a_witness_still) {
  for (int lag = 0; lag < 10; ++lag) {
    yard it;
    it.pass(35, 0, {5'000, 5'000, 5'000});
    it.pass(lag, 10'000, {5'000, 5'000, 5'000});
    it.pass(40, 10'000, {5'000, 15'000, 15'000});
    EXPECT_FALSE(it.believes(0)) << lag << " s";
  }
}

TEST(line_witness, LIM_8_the_building_that_moves_by_chance_is_outweighed_by_later_changes) {
  yard it;
  it.pass(30, 0, {5'000, 5'000, 5'000});
  it.pass(40, 10'000, {5'000, 15'000, 5'000}); // the building's own 10 A on L2
  EXPECT_FALSE(it.believes(0));
  for (int change = 0; change < 4; ++change) {
    it.pass(40, 6'000, {5'000, 15'000, 5'000});
    it.pass(40, 16'000, {5'000, 15'000, 5'000});
  }
  EXPECT_TRUE(it.believes(0));
}

TEST(line_witness, LIM_8_a_building_that_moves_all_the_time_hides_no_liar) {
  std::mt19937_64 random(7);
  yard it;
  const auto noise = [&] { return static_cast<std::int64_t>(random() % 3'000); };
  it.pass(30, 0, {noise(), noise(), noise()});
  int believed = 0;
  for (int change = 0; change < 200; ++change) {
    const auto drawn = 6'000 + static_cast<std::int64_t>(random() % 26) * 1'000;
    it.pass(40, drawn, {noise(), noise() + drawn, noise() + drawn});
    believed += it.believes(0);
  }
  EXPECT_EQ(believed, 0);
}

TEST(line_witness, LIM_8_a_lost_meter_says_nothing) {
  yard it;
  it.lose_meter();
  it.pass(30, 0, {5'000, 5'000, 5'000});
  it.pass(40, 10'000, {5'000, 15'000, 15'000});
  EXPECT_TRUE(it.believes(0));
}

} // namespace
} // namespace busbar::control::metering
