// Whom a station serves: its group, its fixed tag, and how many transactions run with one tag.

#include "tests/adapters/ocpp/exchange_fixture.hpp"

namespace busbar::tests {

using control::sessions::tag_policy;
using control::sessions::tag_rules;
using testing::HasSubstr;

namespace {

struct tag_policies : ocpp_exchange {
  void serve_with(const std::vector<gateway::tag_book::tag_type>& listed, tag_rules rules) {
    gateway::tag_book book;
    for (const auto& each : listed) ASSERT_TRUE(book.put(each));
    serve(std::make_shared<const gateway::tag_book>(std::move(book)), std::move(rules));
    for (int i = 1; i <= 3; ++i) {
      open(i);
      static_cast<void>(interval_after_boot(i));
    }
  }
  std::string begin(int number, const std::string& tag, const std::string& at = "08:00:00") {
    return send(number, "StartTransaction",
                R"({"connectorId":1,"idTag":")" + tag +
                    R"(","meterStart":0,"timestamp":"2027-01-15T)" + at + R"(Z"})");
  }
  std::string authorize(int number, const std::string& tag) {
    // Each a message of its own: one that is repeated gets the same answer.
    served->frame(static_cast<std::uint64_t>(number),
                  "[2,\"tag-" + std::to_string(++asked) + R"(","Authorize",{"idTag":")" + tag +
                      R"("}])",
                  now);
    return frames();
  }
  int asked = 0;
  static std::int64_t number_in(const std::string& answer) {
    const std::string mark = "\"transactionId\":";
    return std::stoll(answer.substr(answer.find(mark) + mark.size()));
  }
};

} // namespace

TEST_F(tag_policies, a_tag_with_room_for_one_transaction_is_refused_elsewhere_until_it_ends) {
  serve_with({{"ONE", false, std::nullopt, {}, {}, {}, 1}}, {});
  const auto first = begin(1, "ONE");
  EXPECT_THAT(first, HasSubstr(R"("status":"Accepted")"));
  EXPECT_THAT(authorize(2, "one"), HasSubstr("ConcurrentTx")) << "capitals make no difference";
  EXPECT_THAT(begin(2, "ONE"), HasSubstr("ConcurrentTx"));
  EXPECT_THAT(authorize(1, "ONE"), HasSubstr("Accepted")) << "its driver wants to stop it";
  const auto stopped = send(1, "StopTransaction",
                            R"({"transactionId":)" + std::to_string(number_in(first)) +
                                R"(,"meterStop":500,"timestamp":"2027-01-15T09:00:00Z"})");
  EXPECT_THAT(stopped, HasSubstr("[3,"));
  EXPECT_THAT(authorize(3, "ONE"), HasSubstr("ConcurrentTx")) << "the refused one runs on";
}

TEST_F(tag_policies, a_start_that_is_sent_again_does_not_refuse_itself) {
  serve_with({{"ONE", false, std::nullopt, {}, {}, {}, 1}}, {});
  const auto first = begin(1, "ONE");
  served->frame(1, R"([2,"again","StartTransaction",{"connectorId":1,"idTag":"ONE",)"
                   R"("meterStart":0,"timestamp":"2027-01-15T08:00:00Z"}])", now);
  const auto again = frames();
  EXPECT_THAT(again, HasSubstr(R"("status":"Accepted")"));
  EXPECT_EQ(number_in(again), number_in(first));
}

TEST_F(tag_policies, a_station_of_a_group_serves_that_group_alone) {
  serve_with({{"S", false, std::nullopt, {}, {}, "staff"}, {"G", false, std::nullopt, {}, {}}},
             {tag_policy::all, {}, "staff"});
  EXPECT_THAT(authorize(1, "S"), HasSubstr("Accepted"));
  EXPECT_THAT(authorize(1, "G"), HasSubstr("Invalid"));
  EXPECT_THAT(authorize(1, "X"), HasSubstr("Invalid"));
}

TEST_F(tag_policies, a_station_that_tries_tags_learns_nothing_after_20_refusals_in_a_minute) {
  serve_with({{"GOOD", false, std::nullopt, {}, {}}}, {tag_policy::listed, {}, {}});
  for (int i = 0; i < 20; ++i)
    EXPECT_THAT(authorize(1, "T" + std::to_string(i)), HasSubstr("Invalid")) << i;
  EXPECT_THAT(authorize(1, "GOOD"), HasSubstr("Invalid")) << "it is not looked up";
  EXPECT_THAT(authorize(2, "GOOD"), HasSubstr("Accepted")) << "another station";
  EXPECT_EQ(served->statistics().at("tags_not_looked_up_total"), 1.0);
  EXPECT_THAT(begin(1, "GOOD"), HasSubstr("Accepted")) << "a transaction is a fact";
  now += std::chrono::seconds{60};
  EXPECT_THAT(authorize(1, "GOOD"), HasSubstr("Accepted"));
}

TEST_F(tag_policies, a_tag_that_was_refused_20_times_in_a_minute_is_refused_everywhere) {
  serve_with({{"LOST", true, std::nullopt, {}, {}}}, {});
  for (int i = 0; i < 20; ++i) static_cast<void>(authorize(1 + i % 2, "LOST"));
  EXPECT_THAT(authorize(3, "lost"), HasSubstr("Invalid"));
  EXPECT_THAT(authorize(3, "OTHER"), HasSubstr("Accepted"));
}

TEST_F(tag_policies, a_free_station_serves_whoever_plugs_in_under_its_fixed_tag) {
  serve_with({{"FREE", true, std::nullopt, {}, {}}}, {tag_policy::free, "FREE", {}});
  EXPECT_THAT(begin(1, "FREE"), HasSubstr("Accepted"));
  EXPECT_THAT(authorize(2, "OTHER"), HasSubstr("Invalid"));
}

} // namespace busbar::tests
