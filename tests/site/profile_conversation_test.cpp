// Charging profiles in the conversation with a charge point: what it accepts is remembered.

#include "site/conversation.hpp"
#include "site/profile_settings.hpp"
#include "tests/builders/site_builder.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <vector>

namespace busbar::site {

using domain::command_kind;
using domain::instant;
using domain::outcome;
using std::chrono::seconds;

namespace {

const instant start{seconds{1'800'000'000}};

class profile_conversations : public testing::Test {
protected:
  station_effects set(const domain::charging_profile& profile, std::size_t place = 0) {
    profile_errand errand;
    errand.place = place;
    errand.kind = command_kind::set_charging_profile;
    errand.order.order = std::make_shared<const domain::profile_order>(
        domain::profile_order{false, profile, {}});
    errand.now = start;
    return talk.manage(errand, profile_settings_of(*layout, domain::station_index{}));
  }
  station_effects answer(const domain::command& command, outcome what,
                         const std::string& why = "") {
    station_notice notice;
    notice.connector = command.connector;
    notice.kind = notice_kind::answered;
    notice.number = command.number;
    notice.now = start;
    notice.answer = what;
    notice.why = why;
    return talk.notice(notice);
  }
  static domain::charging_profile ten_amperes(std::int32_t id) {
    domain::charging_profile profile;
    profile.id = id;
    profile.plan.starts_at = std::chrono::floor<seconds>(start);
    profile.plan.periods = {{seconds{0}, 100, std::nullopt}};
    return profile;
  }

  std::shared_ptr<const domain::site> site =
      tests::site_builder{}.feeder("f1", 63'000).station("A", 2).build();
  std::shared_ptr<const site_layout> layout = lay_out(site);
  conversation_terms terms{site, 3, {}, {}};
  notebook book;
  std::vector<connector_notes> notes{2};
  conversation talk{terms, domain::station_index{}, book, notes};
};

} // namespace

TEST_F(profile_conversations, an_order_is_a_command_and_is_kept_once_it_is_accepted) {
  EXPECT_EQ(book.profiles, nullptr) << "absent until it is needed";
  const auto told = set(ten_amperes(41), 1);
  ASSERT_EQ(told.commands.size(), 1u);
  EXPECT_EQ(told.commands[0].kind, command_kind::set_charging_profile);
  EXPECT_EQ(told.commands[0].connector, domain::connector_index{1U});
  EXPECT_EQ(told.commands[0].profile.order->installs->id, 41);
  EXPECT_TRUE(book.profiles->store().installed().empty());
  const auto kept = answer(told.commands[0], outcome::accepted);
  EXPECT_TRUE(kept.are_profiles_changed);
  ASSERT_EQ(kept.events.size(), 1u);
  EXPECT_EQ(kept.events[0].kind, "profile_accepted");
  ASSERT_EQ(book.profiles->store().installed().size(), 1u);
  EXPECT_EQ(book.profiles->store().installed()[0].connector, 2) << "OCPP counts from 1";
}

TEST_F(profile_conversations, what_a_station_refuses_is_said_and_is_no_failure_of_its_channel) {
  for (std::int32_t id = 1; id <= 20; ++id) {
    const auto told = set(ten_amperes(id));
    ASSERT_EQ(told.commands.size(), 1u) << "the circuit breaker stays closed";
    const auto refused = answer(told.commands[0], outcome::refused, "Rejected: no");
    ASSERT_EQ(refused.events.size(), 1u);
    EXPECT_EQ(refused.events[0].kind, "profile_refused");
    EXPECT_EQ(refused.events[0].text, "Rejected: no");
  }
  EXPECT_TRUE(book.profiles->store().installed().empty());
}

TEST_F(profile_conversations, an_open_circuit_breaker_lets_no_order_through) {
  for (domain::sequence number = 1; number <= 20; ++number) {
    station_notice overdue;
    overdue.kind = notice_kind::overdue;
    overdue.now = start;
    static_cast<void>(talk.notice(overdue));
  }
  const auto told = set(ten_amperes(1));
  EXPECT_TRUE(told.commands.empty());
  ASSERT_FALSE(told.events.empty());
  EXPECT_EQ(told.events.back().kind, "profile_not_sent");
}

TEST_F(profile_conversations, an_order_that_is_not_answered_in_time_is_given_up) {
  const auto told = set(ten_amperes(1));
  ASSERT_EQ(told.commands.size(), 1u);
  station_notice overdue;
  overdue.kind = notice_kind::overdue;
  overdue.number = told.commands[0].number;
  overdue.now = start;
  const auto lost = talk.notice(overdue);
  ASSERT_EQ(lost.events.size(), 2u);
  std::vector<std::string> kinds{lost.events[0].kind, lost.events[1].kind};
  std::sort(kinds.begin(), kinds.end());
  EXPECT_EQ(kinds, (std::vector<std::string>{"command_unanswered", "profile_not_answered"}));
  EXPECT_EQ(book.profiles->pending(), 0u);
}

TEST_F(profile_conversations, at_most_32_orders_wait_for_an_answer) {
  for (std::int32_t id = 1; id <= 32; ++id)
    ASSERT_EQ(set(ten_amperes(id)).commands.size(), 1u);
  const auto told = set(ten_amperes(33));
  EXPECT_TRUE(told.commands.empty());
  EXPECT_EQ(told.events.back().kind, "profile_not_sent");
}

TEST_F(profile_conversations, settings_are_those_of_the_stations_supply) {
  const auto settings = profile_settings_of(*layout, domain::station_index{});
  EXPECT_EQ(settings.connectors, 2);
  EXPECT_EQ(settings.supply_v, 230);
  EXPECT_EQ(settings.phases, site->connectors[0].line_count);
}

TEST_F(profile_conversations, a_first_tx_profile_fits_a_session_that_runs_without_any_profile) {
  auto profile = ten_amperes(7);
  profile.serves = domain::profile_purpose::tx;
  const auto second = std::chrono::floor<seconds>(start);
  domain::site_view view;
  view.topology = site;
  const domain::station_index a{};
  const auto fits = [&](const control::smart_charging::profile_book* kept, std::int32_t where) {
    auto store = profiles_now(*layout, a, kept, &view).store();
    return !store.set(where, profile, second);
  };
  EXPECT_FALSE(fits(nullptr, 2)) << "nothing runs";
  domain::session_view open;
  open.id = domain::session_id{"A.3.1"};
  open.connector = domain::connector_index{1U};
  open.started_at = start;
  view.sessions.push_back(open);
  EXPECT_TRUE(fits(nullptr, 2));
  EXPECT_FALSE(fits(nullptr, 1)) << "the other connector";
  // What is kept was published before the session began.
  const control::smart_charging::profile_book before{profile_settings_of(*layout, a)};
  EXPECT_TRUE(fits(&before, 2));
}

} // namespace busbar::site
