// Stations whose tags an authority decides about.

#include "tests/adapters/ocpp/exchange_fixture.hpp"

#include <vector>

namespace busbar::tests {

using control::sessions::offline_rule;
using control::sessions::tag_policy;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

namespace {

/// Answers when it is told to.
class scripted_authority : public ports::tag_authority {
public:
  void ask(ports::tag_inquiry about, listener then) override {
    asked.push_back(std::move(about));
    waiting.push_back(std::move(then));
  }
  void say(const std::string& status, std::optional<domain::instant> expires_at = {}) {
    answer(ports::tag_opinion{status, expires_at, "FLEET"});
  }
  void fail() { answer(domain::error{domain::errc::timeout, "nothing came"}); }

  std::vector<ports::tag_inquiry> asked;
  std::vector<listener> waiting;

private:
  void answer(domain::result<ports::tag_opinion> said) {
    ASSERT_FALSE(waiting.empty());
    auto first = std::move(waiting.front());
    waiting.erase(waiting.begin());
    first(std::move(said));
  }
};

struct tag_gate : ocpp_exchange {
  void SetUp() override { serve_offline(offline_rule::cached); }
  void serve_offline(offline_rule offline) {
    service = std::make_shared<scripted_authority>();
    authority = service;
    gateway::tag_book book;
    ASSERT_TRUE(book.put({"LISTED", false, std::nullopt, {}, {}}));
    // The gate's clock is that of the machine.
    now = std::chrono::time_point_cast<domain::microseconds>(std::chrono::system_clock::now());
    serve(std::make_shared<const gateway::tag_book>(std::move(book)),
          control::sessions::tag_rules{tag_policy::external, {}, {}, offline});
    open(1);
    static_cast<void>(interval_after_boot(1));
    static_cast<void>(frames());
  }
  void authorize(const std::string& tag, const std::string& id = "a") {
    served->frame(1, "[2,\"" + id + R"(","Authorize",{"idTag":")" + tag + "\"}]", now);
  }
  void heartbeat(const std::string& id = "h") {
    served->frame(1, "[2,\"" + id + R"(","Heartbeat",{}])", now);
  }
  std::string answers() {
    std::string all;
    for (const auto& order : served->take_orders())
      if (order.text.starts_with("[3,")) all += order.text + "\n";
    return all;
  }

  std::shared_ptr<scripted_authority> service;
};

} // namespace

TEST_F(tag_gate, an_authorize_waits_for_the_ruling_and_what_follows_it_too) {
  authorize("T1");
  heartbeat();
  EXPECT_THAT(answers(), IsEmpty());
  ASSERT_THAT(service->asked, SizeIs(1));
  EXPECT_EQ(service->asked[0].tag, "T1");
  EXPECT_EQ(service->asked[0].identity, "CP-001");
  EXPECT_EQ(service->asked[0].site, "yard");
  EXPECT_EQ(service->asked[0].connector, 0);
  service->say("Accepted", now + std::chrono::hours{1});
  const auto said = answers();
  EXPECT_THAT(said, HasSubstr(R"("status":"Accepted")"));
  EXPECT_THAT(said, HasSubstr(R"("parentIdTag":"FLEET")"));
  EXPECT_LT(said.find("[3,\"a\""), said.find("[3,\"h\"")) << "in their order";
}

TEST_F(tag_gate, a_ruling_is_not_asked_for_again_until_it_expires) {
  authorize("T1");
  service->say("Accepted", now + std::chrono::hours{1});
  authorize("t1", "b");
  EXPECT_THAT(service->asked, SizeIs(1)) << "capitals make no difference";
  EXPECT_THAT(answers(), HasSubstr("[3,\"b\""));
  authorize("T2", "c");
  service->say("Blocked", now - std::chrono::seconds{1});
  EXPECT_THAT(answers(), HasSubstr("Blocked"));
  authorize("T2", "d");
  EXPECT_THAT(service->asked, SizeIs(3)) << "it has expired";
}

TEST_F(tag_gate, several_tags_that_wait_are_asked_about_one_after_the_other) {
  authorize("T1", "a");
  authorize("T2", "b");
  authorize("T1", "c");
  EXPECT_THAT(service->asked, SizeIs(1));
  service->say("Accepted", now + std::chrono::hours{1});
  EXPECT_THAT(answers(), HasSubstr("[3,\"a\""));
  ASSERT_THAT(service->asked, SizeIs(2));
  EXPECT_EQ(service->asked[1].tag, "T2");
  service->say("Invalid");
  const auto rest = answers();
  EXPECT_THAT(rest, HasSubstr("Invalid"));
  EXPECT_THAT(rest, HasSubstr("[3,\"c\"")) << "what is known of T1 stands";
  EXPECT_THAT(service->asked, SizeIs(2));
}

TEST_F(tag_gate, while_it_is_away_the_stations_offline_rule_counts) {
  authorize("LISTED");
  service->fail();
  EXPECT_THAT(answers(), HasSubstr("Invalid")) << "nothing was ruled on it";
  EXPECT_EQ(served->statistics().at("tag_rulings_failed_total"), 1.0);
  serve_offline(offline_rule::listed);
  authorize("LISTED");
  service->fail();
  EXPECT_THAT(answers(), HasSubstr("Accepted"));
  authorize("OTHER", "b");
  service->say("no word of OCPP");
  EXPECT_THAT(answers(), HasSubstr("Invalid"));
}

TEST_F(tag_gate, a_transaction_of_a_refused_tag_has_its_number_and_is_a_fact) {
  start(1);
  EXPECT_THAT(reports(), IsEmpty());
  ASSERT_THAT(service->asked, SizeIs(1));
  EXPECT_EQ(service->asked[0].connector, 1);
  service->say("Blocked", now + std::chrono::hours{1});
  const auto reported = reports();
  ASSERT_THAT(reported, SizeIs(1));
  reported[0].then(true);
  const auto said = answers();
  EXPECT_THAT(said, HasSubstr("transactionId"));
  EXPECT_THAT(said, HasSubstr("Blocked"));
}

TEST_F(tag_gate, a_station_that_has_gone_is_not_answered_by_a_late_ruling) {
  authorize("T1");
  served->closed(1, now);
  service->say("Accepted", now + std::chrono::hours{1});
  EXPECT_THAT(answers(), IsEmpty());
  served.reset();
  EXPECT_TRUE(service->waiting.empty());
}

TEST_F(tag_gate, the_end_of_the_gateway_leaves_a_late_ruling_without_effect) {
  authorize("T1");
  served.reset();
  service->say("Accepted");
}

TEST_F(tag_gate, no_more_than_so_many_calls_of_a_station_wait) {
  authorize("T1", "first");
  for (int i = 0; i < 200; ++i) heartbeat("h" + std::to_string(i));
  service->say("Accepted", now + std::chrono::hours{1});
  const auto said = answers();
  EXPECT_THAT(said, HasSubstr("[3,\"h62\""));
  EXPECT_THAT(said, Not(HasSubstr("[3,\"h63\"")));
  heartbeat("later");
  EXPECT_THAT(answers(), HasSubstr("[3,\"later\""));
}

} // namespace busbar::tests
