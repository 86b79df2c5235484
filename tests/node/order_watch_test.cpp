// Orders that wait for their site get exactly one answer, and none is taken after it timed out.

#include "node/order_watch.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace busbar::node {
namespace {

using ports::order_ticket;
using std::chrono::milliseconds;

const order_watch::clock::time_point start{std::chrono::seconds{100}};
constexpr std::chrono::seconds within{ports::orders::answer_within};

struct asked {
  std::vector<domain::order_answer> answers;
  std::shared_ptr<ports::order_ticket> ticket = std::make_shared<ports::order_ticket>(
      ports::order_request{},
      [this](domain::order_answer given) { answers.push_back(std::move(given)); });

  [[nodiscard]] domain::errc refused() const {
    return std::get<domain::order_refusal>(answers.at(0)).why.code;
  }
};

TEST(order_watch, a_site_that_does_not_answer_in_time_has_refused) {
  order_watch watch;
  asked one;
  ASSERT_TRUE(watch.add(one.ticket, start));
  watch.look(start + within - milliseconds{1});
  EXPECT_TRUE(one.answers.empty());
  watch.look(start + within);
  ASSERT_EQ(one.answers.size(), 1U);
  EXPECT_EQ(one.refused(), domain::errc::timeout);
  // The site comes to it too late: it does not take it.
  EXPECT_FALSE(one.ticket->claim());
}

TEST(order_watch, KEEP_1_an_order_that_the_log_does_not_confirm_in_time_may_be_in_force) {
  order_watch watch;
  asked one;
  ASSERT_TRUE(watch.add(one.ticket, start));
  ASSERT_TRUE(one.ticket->claim());
  watch.look(start + within - milliseconds{1});
  EXPECT_TRUE(one.answers.empty());
  watch.look(start + within);
  ASSERT_EQ(one.answers.size(), 1U);
  EXPECT_EQ(one.refused(), domain::errc::timeout);
  EXPECT_NE(std::get<domain::order_refusal>(one.answers[0]).why.message.find("may be in force"),
            std::string::npos);
  // The log has it after all: the caller has its answer.
  one.ticket->answer(std::vector<domain::order_taken>{});
  EXPECT_EQ(one.answers.size(), 1U);
}

TEST(order_watch, each_order_has_its_own_time) {
  order_watch watch;
  asked first, second;
  ASSERT_TRUE(watch.add(first.ticket, start));
  ASSERT_TRUE(watch.add(second.ticket, start + milliseconds{1}));
  watch.look(start + within);
  EXPECT_EQ(first.answers.size(), 1U);
  EXPECT_TRUE(second.answers.empty());
  watch.look(start + within + milliseconds{1});
  EXPECT_EQ(second.answers.size(), 1U);
}

TEST(order_watch, an_end_answers_all_that_wait) {
  order_watch watch;
  asked waits, taken;
  ASSERT_TRUE(watch.add(waits.ticket, start));
  ASSERT_TRUE(watch.add(taken.ticket, start));
  ASSERT_TRUE(taken.ticket->claim());
  watch.end();
  EXPECT_EQ(waits.refused(), domain::errc::unavailable);
  // The log may have it.
  EXPECT_EQ(taken.refused(), domain::errc::timeout);
}

TEST(order_watch, takes_so_many_and_makes_room_for_those_that_are_answered) {
  order_watch watch;
  std::vector<std::unique_ptr<asked>> all;
  for (std::size_t i = 0; i < ports::orders::waiting_max; ++i) {
    all.push_back(std::make_unique<asked>());
    ASSERT_TRUE(watch.add(all.back()->ticket, start));
  }
  asked more;
  EXPECT_FALSE(watch.add(more.ticket, start));
  ASSERT_TRUE(all[7]->ticket->claim());
  EXPECT_FALSE(watch.add(more.ticket, start));
  all[7]->ticket->answer(std::vector<domain::order_taken>{});
  EXPECT_TRUE(watch.add(more.ticket, start));
}

} // namespace
} // namespace busbar::node
