// What readings tell of a session that has begun since they were measured, here or by an owner before.

#include "site/connector_table.hpp"
#include "tests/builders/site_builder.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace busbar::site {

using domain::connector_state;
using domain::instant;
using std::chrono::seconds;

namespace {

const instant start{seconds{1'000'000}};

struct successor_bench {
  connector_table under_test{
      lay_out(tests::site_builder{}.feeder("f1", 63'000).station("A").build()), 0, {}};
  std::vector<station_notice> notices;
  std::int64_t register_wh = 1'000;

  void read(instant at, instant received_at, connector_state state, std::int32_t ma) {
    domain::reading reading;
    reading.measured_at = at;
    reading.state = state;
    reading.current_ma = {ma, ma, ma};
    reading.energy_wh = register_wh;
    under_test.apply(std::span{&reading, 1}, received_at, notices);
  }
  void restore_session(instant began_at) {
    domain::site_state state;
    auto& session = state.sessions.emplace_back();
    session.id = domain::session_id{"A.1.1"};
    session.started_at = began_at;
    session.register_start_wh = session.register_now_wh = register_wh;
    under_test.restore(state);
  }
  void begin_session(instant began_at) {
    domain::session_state session;
    session.id = domain::session_id{"A.1.1"};
    session.started_at = began_at;
    session.register_start_wh = session.register_now_wh = register_wh;
    under_test.session_changed({domain::connector_index{0U},
                                    std::make_shared<domain::session_state>(session)});
  }
  [[nodiscard]] bool is_noticed(notice_kind kind) const {
    return std::ranges::find(notices, kind, &station_notice::kind) != notices.end();
  }
};

} // namespace

TEST(restored_session, LIFE_1_a_vehicle_that_left_before_a_restored_session_began_does_not_end_it) {
  successor_bench bench;
  const auto began = start + seconds{3};
  const auto woke = start + seconds{9};
  bench.restore_session(began);
  bench.read(start, woke, connector_state::supplying, 16'000);
  bench.read(start + seconds{1}, woke, connector_state::disconnected, 0);
  bench.read(start + seconds{2}, woke, connector_state::activated, 0);
  bench.read(woke, woke, connector_state::supplying, 16'000);
  EXPECT_FALSE(bench.is_noticed(notice_kind::unplugged));
  bench.read(woke + seconds{1}, woke + seconds{1}, connector_state::disconnected, 0);
  EXPECT_TRUE(bench.is_noticed(notice_kind::unplugged));
}

TEST(restored_session, LIFE_1_a_vehicle_that_left_while_no_owner_read_ends_its_restored_session) {
  successor_bench bench;
  bench.restore_session(start + seconds{3});
  const auto woke = start + seconds{20};
  bench.read(start, woke, connector_state::supplying, 16'000);
  bench.read(start + seconds{1}, woke, connector_state::disconnected, 0);
  EXPECT_FALSE(bench.is_noticed(notice_kind::unplugged));
  bench.register_wh += 69;
  bench.read(woke, woke, connector_state::disconnected, 0);
  EXPECT_TRUE(bench.is_noticed(notice_kind::unplugged));
}

TEST(begun_session, LIFE_1_a_reading_that_comes_after_a_session_began_and_is_older_does_not_end_it) {
  successor_bench bench;
  bench.read(start, start, connector_state::activated, 0);
  bench.begin_session(start + seconds{3});
  const auto late = start + seconds{4};
  bench.read(start + seconds{1}, late, connector_state::disconnected, 0);
  bench.read(start + seconds{2}, late, connector_state::activated, 0);
  EXPECT_FALSE(bench.is_noticed(notice_kind::unplugged)) << "that vehicle was there before";
  bench.read(late, late, connector_state::supplying, 16'000);
  bench.read(late + seconds{1}, late + seconds{1}, connector_state::disconnected, 0);
  EXPECT_TRUE(bench.is_noticed(notice_kind::unplugged));
}

} // namespace busbar::site
