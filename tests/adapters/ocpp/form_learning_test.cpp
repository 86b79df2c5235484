// OCPP-9: what a station refuses is stated in another form, until it takes one.

#include "tests/adapters/ocpp/station_desk.hpp"

#include <gmock/gmock.h>

#include <functional>
#include <vector>

namespace busbar::tests {
namespace {

using domain::outcome;
using testing::HasSubstr;
using testing::Not;
using testing::SizeIs;

/// A station that takes some profiles and refuses the others.
struct picky_station : station_desk {
  using rule = std::function<bool(const std::string& frame)>;

  explicit picky_station(rule takes, std::string keys = "{}")
      : takes_(std::move(takes)), keys_(std::move(keys)) {
    connect();
    boot();
    settle();
  }

  /// Answers until nothing is asked any more; the profiles that were stated.
  std::vector<std::string> settle() {
    std::vector<std::string> stated;
    for (int i = 0; i < 200 && !last.frames.empty() && last.frames.back().starts_with("[2,"); ++i) {
      const auto asked = last.frames.back();
      const bool is_profile = asked.find("SetChargingProfile") != std::string::npos;
      if (is_profile) stated.push_back(asked);
      keep(last);
      if (asked.find("GetConfiguration") != std::string::npos) answer(keys_);
      else if (is_profile && !takes_(asked)) refuse();
      else answer(R"({"status":"Accepted"})");
    }
    keep(last);
    return stated;
  }
  /// The profiles that are stated for a grant of a transaction that runs.
  std::vector<std::string> granted(int current_ma, domain::sequence number) {
    now += seconds{10};
    grant(current_ma, number);
    return settle();
  }
  void charge() {
    start();
    settle();
    accept_session();
  }
  [[nodiscard]] outcome newest() const { return results.back().result.answer; }

  std::string error;
  std::vector<station::owned_result> results;
  std::vector<std::string> notices;

private:
  void accept_session() {
    domain::session_fact said;
    said.kind = domain::session_fact_kind::accepted;
    said.request = machine.state().transactions.front().request;
    said.driver = domain::driver_id{"TAG1"};
    said.station = domain::station_id{"CP-4"};
    said.session = domain::session_id{"CP-4.5.1"};
    last = machine.fact(said, now);
    settle();
  }
  void refuse() {
    if (error.empty()) return answer(R"({"status":"Rejected"})");
    raw("[4,\"" + id_of(last.frames.back()) + "\",\"" + error + "\",\"\",{}]");
  }
  void keep(const station::station_effects& from) {
    results.insert(results.end(), from.results.begin(), from.results.end());
    notices.insert(notices.end(), from.notices.begin(), from.notices.end());
  }

  rule takes_;
  std::string keys_;
};

bool has(const std::string& text, const char* part) {
  return text.find(part) != std::string::npos;
}

const std::string level_5 =
    R"({"configurationKey":[{"key":"ChargeProfileMaxStackLevel","readonly":true,"value":"5"}]})";

} // namespace

TEST(form_learning, OCPP_9_a_grant_is_stated_in_the_form_that_the_station_takes_from_then_on) {
  picky_station desk{[](const std::string& frame) {
    return has(frame, "TxDefaultProfile") || has(frame, "\"chargingRateUnit\":\"W\"");
  }, level_5};
  desk.charge();
  const auto first = desk.granted(16'000, 11);
  ASSERT_THAT(first, SizeIs(7));
  EXPECT_THAT(first[0], HasSubstr(R"("stackLevel":5)"));
  EXPECT_THAT(first[2], HasSubstr(R"("stackLevel":0)"));
  EXPECT_THAT(first[3], HasSubstr(R"("numberPhases":3)"));
  // 16 A at 207 V on the one line that is known.
  EXPECT_THAT(first[6], HasSubstr(R"("limit":3312)"));
  EXPECT_EQ(desk.newest(), outcome::accepted);
  const auto second = desk.granted(10'000, 12);
  ASSERT_THAT(second, SizeIs(1));
  EXPECT_THAT(second[0], HasSubstr(R"("chargingRateUnit":"W")"));
  EXPECT_EQ(desk.newest(), outcome::accepted);
}

TEST(form_learning, OCPP_10_a_grant_that_is_refused_in_every_form_is_refused_and_tried_in_one) {
  picky_station desk{[](const std::string& frame) { return has(frame, "TxDefaultProfile"); },
                     level_5};
  desk.charge();
  EXPECT_THAT(desk.granted(16'000, 11), SizeIs(12));
  ASSERT_THAT(desk.results, SizeIs(1)) << "one answer to one command";
  EXPECT_EQ(desk.newest(), outcome::refused);
  EXPECT_THAT(desk.granted(10'000, 12), SizeIs(1));
  EXPECT_EQ(desk.newest(), outcome::refused);
  desk.now += std::chrono::minutes{10};
  EXPECT_THAT(desk.granted(8'000, 13), SizeIs(12));
}

TEST(form_learning, OCPP_9_a_station_that_knows_no_profiles_is_asked_once) {
  picky_station desk{[](const std::string& frame) { return has(frame, "TxDefaultProfile"); }};
  desk.charge();
  desk.error = "NotSupported";
  EXPECT_THAT(desk.granted(16'000, 11), SizeIs(1));
  EXPECT_EQ(desk.newest(), outcome::refused);
  desk.error = "PropertyConstraintViolation";
  EXPECT_THAT(desk.granted(10'000, 12), SizeIs(4)) << "at level 0: two units, with phases or not";
}

TEST(form_learning, OCPP_9_a_fallback_that_connector_0_does_not_take_is_stated_for_each) {
  picky_station desk{[](const std::string& frame) { return !has(frame, "\"connectorId\":0"); }};
  const auto kept = desk.machine.state().profiles.profiles();
  ASSERT_THAT(kept, SizeIs(2));
  EXPECT_EQ(kept[0].connector, 1);
  EXPECT_EQ(kept[1].connector, 2);
  EXPECT_THAT(kept[1].profile, HasSubstr("TxDefaultProfile"));
  EXPECT_TRUE(desk.notices.empty());
  desk.connect(2);
  const auto again = desk.settle();
  ASSERT_THAT(again, SizeIs(2)) << "it is known now";
  EXPECT_THAT(again[0], Not(HasSubstr("\"connectorId\":0")));
}

TEST(form_learning, OCPP_9_a_fallback_that_no_form_states_is_told) {
  picky_station desk{[](const std::string&) { return false; }};
  ASSERT_THAT(desk.notices, SizeIs(1));
  EXPECT_THAT(desk.notices[0], HasSubstr("station CP-4: refuses its fallback"));
  EXPECT_TRUE(desk.machine.state().profiles.profiles().empty());
}

TEST(form_learning, OCPP_10_no_form_puts_a_grant_below_an_operators_profile) {
  picky_station desk{[](const std::string& frame) {
    return has(frame, "TxDefaultProfile") || has(frame, "\"stackLevel\":3") ||
           (has(frame, "\"stackLevel\":5") && has(frame, "numberPhases"));
  }, level_5};
  desk.charge();
  auto order = desk.command(domain::command_kind::set_charging_profile, 9);
  domain::charging_profile profile;
  profile.id = 7;
  profile.stack_level = 3;
  profile.serves = domain::profile_purpose::tx;
  profile.plan.periods = {{seconds{0}, 320, std::nullopt}};
  auto installs = std::make_shared<domain::profile_order>();
  installs->installs = profile;
  order.profile.order = installs;
  desk.tell(order);
  desk.settle();
  ASSERT_EQ(desk.newest(), outcome::accepted);
  const auto stated = desk.granted(10'000, 11);
  for (const auto& each : stated) EXPECT_THAT(each, HasSubstr("\"stackLevel\":5"));
  EXPECT_THAT(stated, SizeIs(2));
  EXPECT_EQ(desk.newest(), outcome::accepted);
}

} // namespace busbar::tests
