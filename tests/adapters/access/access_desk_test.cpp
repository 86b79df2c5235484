#include "adapters/access/access_desk.hpp"
#include "adapters/access/access_store.hpp"
#include "adapters/access/desk_core.hpp"
#include "adapters/access/user_keeping.hpp"
#include "tests/builders/scratch_folder.hpp"
#include "tests/builders/slack.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <ctime>
#include <future>
#include <limits>
#include <mutex>
#include <thread>
#include <vector>

namespace busbar::tests {
namespace {

using namespace adapters::access;
using namespace std::chrono_literals;
using namespace ports;

const domain::instant noon{domain::microseconds{1'777'636'800'000'000}};
constexpr const char* password = "Copper-bar-77";
/// As little as is allowed, so that tests are not slow.
constexpr hash_cost cheap{19'456, 2};

class desk : public testing::Test {
protected:
  void SetUp() override {
    open();
    add("anna", domain::role::admin);
  }
  void open() {
    desk_settings settings;
    settings.folder = scratch.path();
    settings.cost = cheap;
    settings.hashing = hashing;
    settings.clock = [this] { return domain::instant{domain::microseconds{now_us.load()}}; };
    settings.report = [this](domain::severity, const std::string& kind, const std::string&) {
      const std::lock_guard lock{guard};
      reports.push_back(kind);
    };
    auto made = access_desk::open(settings);
    ASSERT_TRUE(made) << made.failure().message;
    access = std::move(made.value());
  }
  [[nodiscard]] domain::instant now() const {
    return domain::instant{domain::microseconds{now_us.load()}};
  }
  void pass(domain::microseconds time) { now_us += time.count(); }

  template <class Value> access_outcome<Value> outcome_of(auto ask) {
    std::promise<access_outcome<Value>> promise;
    auto future = promise.get_future();
    ask([&](access_outcome<Value> given) { promise.set_value(std::move(given)); });
    return future.get();
  }
  void add(const std::string& name, domain::role granted, domain::site_binding sites = {}) {
    const auto done = outcome_of<access_done>([&](auto then) {
      access->add_user({name, password, granted, sites}, then);
    });
    ASSERT_TRUE(std::holds_alternative<access_done>(done))
        << std::get<access_failure>(done).text;
  }
  access_outcome<access_grant> log_in(const std::string& name, const std::string& tried = password,
                                      const std::string& address = "192.0.2.7") {
    return outcome_of<access_grant>(
        [&](auto then) { access->log_in({name, tried, address}, then); });
  }
  access_grant granted(const std::string& name, const std::string& address = "192.0.2.7") {
    auto given = log_in(name, password, address);
    EXPECT_TRUE(std::holds_alternative<access_grant>(given));
    return std::holds_alternative<access_grant>(given) ? std::get<access_grant>(given)
                                                       : access_grant{};
  }
  access_outcome<access_grant> refresh(const std::string& token) {
    return outcome_of<access_grant>([&](auto then) { access->refresh(token, then); });
  }
  void change(const std::string& name, const user_change& wanted) {
    const auto done = outcome_of<access_done>(
        [&](auto then) { access->change_user(name, wanted, then); });
    ASSERT_TRUE(std::holds_alternative<access_done>(done));
  }
  [[nodiscard]] bool is_known(const std::string& credential) {
    return access->principal_of(credential, now()).has_value();
  }
  template <class Value> static access_fault fault_of(const access_outcome<Value>& given) {
    return std::get<access_failure>(given).fault;
  }

  scratch_folder scratch;
  queue_bounds hashing{2, 32};
  std::atomic<std::int64_t> now_us{noon.time_since_epoch().count()};
  std::mutex guard;
  std::vector<std::string> reports;
  std::unique_ptr<access_desk> access;
};

TEST_F(desk, a_login_gives_a_token_of_fifteen_minutes_for_its_user) {
  const auto given = granted("Anna");
  EXPECT_EQ(given.access_life, 15min);
  EXPECT_EQ(given.refresh_life, 12h);
  const auto who = access->principal_of(given.access_token, now());
  ASSERT_TRUE(who);
  EXPECT_EQ(who->user, "anna");
  EXPECT_EQ(who->granted, domain::role::admin);
  EXPECT_FALSE(who->is_program());
  pass(15min);
  EXPECT_FALSE(is_known(given.access_token));
  EXPECT_FALSE(is_known(given.refresh_token)) << "a refresh token lets nobody in";
}

TEST_F(desk, unknown_name_wrong_password_and_disabled_are_one_answer) {
  add("ben", domain::role::viewer);
  change("ben", {{}, {}, true, {}});
  const auto unknown = log_in("nobody", password, "10.0.0.1");
  const auto wrong = log_in("anna", "Wrong-word-77", "10.0.0.2");
  const auto disabled = log_in("ben", password, "10.0.0.3");
  for (const auto& each : {unknown, wrong, disabled}) {
    const auto& failure = std::get<access_failure>(each);
    EXPECT_EQ(failure.fault, access_fault::unknown_principal);
    EXPECT_EQ(failure.text, std::get<access_failure>(unknown).text);
  }
}

TEST_F(desk, unknown_name_and_wrong_password_take_the_same_time) {
  // Of the processor: what else runs on the machine does not count.
  constexpr auto longest = std::numeric_limits<std::clock_t>::max();
  std::array<std::clock_t, 2> least{longest, longest};
  for (int i = 0; i < 7; ++i)
    for (std::size_t which : {0U, 1U}) {
      const auto begun = std::clock();
      static_cast<void>(log_in(which == 0 ? "nobody" + std::to_string(i) : "anna", "Wrong-77-word",
                               "10.0." + std::to_string(which) + "." + std::to_string(i)));
      least[which] = std::min(least[which], std::clock() - begun);
      pass(16min);
    }
  EXPECT_LT(least[0], least[1] * 3 / 2);
  EXPECT_LT(least[1], least[0] * 3 / 2);
}

TEST_F(desk, failures_slow_the_account_but_not_where_its_user_has_logged_in) {
  static_cast<void>(granted("anna", "192.0.2.7"));
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(fault_of(log_in("anna", "Wrong-word-77", "10.0.0.1")),
              access_fault::unknown_principal);
    EXPECT_EQ(fault_of(log_in("anna", password, "10.0.0.2")), access_fault::too_early)
        << "from an address that was never seen";
    pass(domain::seconds{1 << i});
  }
  EXPECT_EQ(fault_of(log_in("anna", "Wrong-word-77", "10.0.0.1")),
            access_fault::unknown_principal);
  EXPECT_TRUE(std::holds_alternative<access_grant>(log_in("anna", password, "192.0.2.7")));
}

TEST_F(desk, where_a_user_has_logged_in_is_an_address_and_no_text) {
  static_cast<void>(granted("anna", "192.0.2.7"));
  static_cast<void>(log_in("anna", "Wrong-word-77", "10.0.0.1"));
  EXPECT_TRUE(std::holds_alternative<access_grant>(log_in("anna", password, "::ffff:192.0.2.7")));
  static_cast<void>(granted("anna", "2001:db8:0:7::1"));
  static_cast<void>(log_in("anna", "Wrong-word-77", "10.0.0.1"));
  EXPECT_TRUE(std::holds_alternative<access_grant>(log_in("anna", password, "2001:db8:0:7:a::9")));
  EXPECT_EQ(fault_of(log_in("ben", password, "2001:db8:0:8::1")),
            access_fault::unknown_principal);
  EXPECT_EQ(fault_of(log_in("eve", password, "2001:db8:0:8::2")), access_fault::too_early)
      << "an address of the same network is no other one";
}

TEST_F(desk, tries_that_come_at_once_count_before_the_first_one_is_answered) {
  std::atomic<int> tried{0}, early{0};
  std::vector<std::promise<void>> all(20);
  for (auto& each : all)
    access->log_in({"anna", "Wrong-word-77", "10.0.0.1"}, [&](const auto& given) {
      ++(fault_of(given) == access_fault::too_early ? early : tried);
      each.set_value();
    });
  for (auto& each : all) each.get_future().wait();
  EXPECT_EQ(tried, 1);
  EXPECT_EQ(early, 19);
}

TEST_F(desk, more_passwords_than_may_wait_are_refused_at_once) {
  std::atomic<int> busy{0}, answered{0};
  std::vector<std::promise<void>> all(100);
  for (std::size_t i = 0; i < all.size(); ++i)
    access->log_in({"user " + std::to_string(i), password, "10.0.0." + std::to_string(i)},
                   [&, i](const auto& given) {
                     const auto& failure = std::get<access_failure>(given);
                     ++(failure.fault == access_fault::busy ? busy : answered);
                     EXPECT_EQ(failure.retry_after > domain::seconds{},
                               failure.fault == access_fault::busy);
                     all[i].set_value();
                   });
  for (auto& each : all) each.get_future().wait();
  EXPECT_GE(answered, 32);
  EXPECT_GE(busy, 1);
}

TEST_F(desk, a_refresh_token_is_used_once_and_a_second_use_ends_the_login) {
  const auto first = granted("anna");
  const auto second = std::get<access_grant>(refresh(first.refresh_token));
  EXPECT_TRUE(is_known(second.access_token));
  EXPECT_EQ(fault_of(refresh(first.refresh_token)), access_fault::unknown_principal);
  EXPECT_FALSE(is_known(second.access_token)) << "the thief's or the owner's: both end";
  EXPECT_EQ(fault_of(refresh(second.refresh_token)), access_fault::unknown_principal);
  EXPECT_EQ(reports.back(), "refresh_token_used_twice");
  EXPECT_EQ(fault_of(refresh("made up")), access_fault::unknown_principal);
}

TEST_F(desk, a_logout_ends_its_login_alone) {
  const auto here = granted("anna"), there = granted("anna");
  static_cast<void>(outcome_of<access_done>(
      [&](auto then) { access->log_out(here.refresh_token, then); }));
  EXPECT_FALSE(is_known(here.access_token));
  EXPECT_TRUE(is_known(there.access_token));
}

TEST_F(desk, disabling_and_another_role_hold_for_tokens_that_are_out) {
  add("ben", domain::role::site_operator);
  const auto ben = granted("ben");
  const auto who = *access->principal_of(ben.access_token, now());
  change("ben", {domain::role::viewer, {}, {}, {}});
  EXPECT_EQ(access->principal_of(ben.access_token, now())->granted, domain::role::viewer);
  EXPECT_FALSE(access->is_current(who, now())) << "what streams go on by";
  change("ben", {{}, {}, true, {}});
  EXPECT_FALSE(is_known(ben.access_token));
  change("ben", {{}, {}, false, {}});
  EXPECT_FALSE(is_known(ben.access_token)) << "enabled again, a new login is needed";
}

TEST_F(desk, a_stream_goes_on_for_as_long_as_its_login_is_renewed) {
  const auto first = granted("anna");
  const auto who = *access->principal_of(first.access_token, now());
  pass(11h);
  EXPECT_TRUE(access->is_current(who, now())) << "its access token has expired, its login has not";
  const auto second = std::get<access_grant>(refresh(first.refresh_token));
  pass(11h);
  EXPECT_TRUE(access->is_current(who, now()));
  pass(1h);
  EXPECT_FALSE(access->is_current(who, now())) << "twelve hours after the last refresh";
}

TEST_F(desk, a_stream_of_a_login_that_this_store_does_not_know_ends_with_its_token) {
  const auto who = *access->principal_of(granted("anna").access_token, now());
  const auto store = std::move(database::open(scratch.place_of("access.db")).value());
  ASSERT_TRUE(store->run("DELETE FROM families"));
  access.reset();
  open();
  pass(14min);
  EXPECT_TRUE(access->is_current(who, now()));
  pass(1min);
  EXPECT_FALSE(access->is_current(who, now()));
}

TEST_F(desk, a_login_of_the_password_before_is_none_however_the_two_meet) {
  const auto other = std::move(access_store::open(scratch.path()).value());
  const auto hash = password_hash("Iron-bar-number-1", cheap);
  std::promise<access_outcome<access_grant>> login;
  // Its password is looked at for some milliseconds; until then it has been changed.
  access->log_in({"anna", password, "192.0.2.7"},
                 [&](auto given) { login.set_value(std::move(given)); });
  ASSERT_TRUE(other->change_user("anna", [&](user_row& row) { row.password = hash; }));
  const auto given = login.get_future().get();
  const auto* grant = std::get_if<access_grant>(&given);
  EXPECT_FALSE(grant != nullptr && access->is_current(grant->who, now()))
      << "it was begun before, and ended then";
  const auto rows = other->load(now()).value();
  for (const auto& each : rows.logins) EXPECT_TRUE(each.is_revoked);
}

TEST_F(desk, of_two_changes_of_one_password_one_is_done) {
  const auto who = *access->principal_of(granted("anna").access_token, now());
  std::array<std::promise<access_outcome<access_grant>>, 2> both;
  for (std::size_t i = 0; i < both.size(); ++i)
    access->change_password(who, {"anna", password, "192.0.2.7"},
                            "Iron-bar-number-" + std::to_string(i),
                            [&, i](auto given) { both[i].set_value(std::move(given)); });
  int done = 0, refused = 0;
  for (auto& each : both) {
    const auto given = each.get_future().get();
    const auto* failure = std::get_if<access_failure>(&given);
    done += failure == nullptr ? 1 : 0;
    refused += failure != nullptr && failure->fault == access_fault::wrong_password ? 1 : 0;
  }
  EXPECT_EQ(done, 1);
  EXPECT_EQ(refused, 1) << "the old password is wrong by then";
}

TEST_F(desk, what_is_read_takes_the_place_of_nothing_newer) {
  add("ben", domain::role::viewer);
  desk_settings settings;
  settings.cost = cheap;
  settings.hashing = settings.writing = {1, 1};
  const scratch_folder other;
  desk_core core{settings, std::move(access_store::open(scratch.path()).value()),
                 std::move(read_key_ring(other.path()).value())};
  // So many that what was read takes its time to be there.
  const auto store = std::move(database::open(scratch.place_of("access.db")).value());
  ASSERT_TRUE(store->run("WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE "
                         "i < 1000) INSERT INTO users (id, name, role, password, password_at, "
                         "made_at) SELECT 'u' || i, 'user ' || i, 0, 'x', 0, 0 FROM n"));
  std::atomic<bool> is_over{false};
  std::vector<std::thread> readers;
  for (int i = 0; i < 4; ++i)
    readers.emplace_back([&] {
      while (!is_over) static_cast<void>(core.read_again());
    });
  int wrong = 0;
  for (int i = 0; i < 50; ++i) {
    const bool is_disabled = i % 2 == 0;
    static_cast<void>(core.store().change_user(
        "ben", [&](user_row& row) { row.about.is_disabled = is_disabled; }));
    static_cast<void>(core.read_again());
    for (int look = 0; look < 10; ++look) {
      std::this_thread::yield();
      const auto seen = core.directory()->user_named("ben")->about.is_disabled;
      wrong += seen != is_disabled ? 1 : 0;
    }
  }
  is_over = true;
  for (auto& each : readers) each.join();
  EXPECT_EQ(wrong, 0);
}

TEST_F(desk, what_another_process_has_disabled_is_disabled_here) {
  add("ben", domain::role::viewer);
  const auto ben = granted("ben");
  const auto store = std::move(access_store::open(scratch.path()).value());
  const auto done = take_change({*store, cheap, now()}, "ben", {{}, {}, true, {}});
  ASSERT_TRUE(std::holds_alternative<access_done>(done));
  const auto begun = std::chrono::steady_clock::now();
  while (is_known(ben.access_token) &&
         std::chrono::steady_clock::now() - begun < 5s + tests::slack())
    std::this_thread::yield();
  // 250 ms are promised of a machine that has the time.
  EXPECT_LT(std::chrono::steady_clock::now() - begun, 2s + tests::slack());
}

TEST_F(desk, a_password_is_none_of_the_last_five_and_ends_other_logins) {
  const auto elsewhere = granted("anna");
  auto who = *access->principal_of(granted("anna").access_token, now());
  const auto change_to = [&](const std::string& old, const std::string& next) {
    return outcome_of<access_grant>([&](auto then) {
      access->change_password(who, {"anna", old, "192.0.2.7"}, next, then);
    });
  };
  EXPECT_EQ(fault_of(change_to("Wrong-word-77", "Iron-bar-number-1")),
            access_fault::wrong_password);
  EXPECT_EQ(fault_of(change_to(password, "short")), access_fault::not_allowed);
  std::string before = password;
  for (int i = 1; i < 5; ++i) {
    const auto next = "Iron-bar-number-" + std::to_string(i);
    auto given = change_to(before, next);
    ASSERT_TRUE(std::holds_alternative<access_grant>(given)) << i;
    EXPECT_TRUE(is_known(std::get<access_grant>(given).access_token));
    before = next;
  }
  EXPECT_FALSE(is_known(elsewhere.access_token));
  EXPECT_EQ(fault_of(change_to(before, password)), access_fault::not_allowed)
      << "four before the one in force";
  EXPECT_EQ(fault_of(change_to(before, before)), access_fault::not_allowed);
  ASSERT_TRUE(std::holds_alternative<access_grant>(change_to(before, "Iron-bar-number-5")));
  EXPECT_TRUE(std::holds_alternative<access_grant>(change_to("Iron-bar-number-5", password)));
}

TEST_F(desk, a_password_of_ninety_days_lets_in_for_a_new_one_alone) {
  pass(std::chrono::hours{90 * 24});
  EXPECT_TRUE(granted("anna").who.must_change_password);
}

TEST_F(desk, an_api_token_has_at_most_what_its_owner_has_and_its_uses_are_seen) {
  add("ben", domain::role::site_operator, std::vector{domain::site_id{"garage"}});
  const auto ben = *access->principal_of(granted("ben").access_token, now());
  const auto make = [&](const new_token& wanted) {
    return outcome_of<made_token>([&](auto then) { access->add_token(ben, wanted, then); });
  };
  const auto next_month = now() + std::chrono::hours{30 * 24};
  EXPECT_EQ(fault_of(make({"a", domain::role::admin, {}, next_month})), access_fault::not_allowed);
  EXPECT_EQ(fault_of(make({"a", domain::role::viewer, std::vector{domain::site_id{"depot"}},
                           next_month})),
            access_fault::not_allowed);
  EXPECT_EQ(fault_of(make({"a", domain::role::viewer, {}, now() + std::chrono::hours{367 * 24}})),
            access_fault::not_allowed);
  EXPECT_EQ(fault_of(make({"a", domain::role::viewer, {}, now()})), access_fault::not_allowed);
  const auto made = std::get<made_token>(make({"gw", domain::role::site_operator, {}, next_month}));
  EXPECT_EQ(made.about.tail, made.token.substr(made.token.size() - 8));
  EXPECT_EQ(fault_of(make({"gw", domain::role::viewer, {}, next_month})), access_fault::conflict);
  const auto who = access->principal_of(made.token, now());
  ASSERT_TRUE(who && who->is_program());
  EXPECT_EQ(who->sites, ben.sites) << "its owner's";
  EXPECT_EQ(text_of(who->as_cause()), "program gw of ben");
  change("ben", {domain::role::viewer, {}, {}, {}});
  EXPECT_EQ(access->principal_of(made.token, now())->granted, domain::role::viewer);
  change("ben", {{}, {}, true, {}});
  EXPECT_FALSE(is_known(made.token));
  change("ben", {{}, {}, false, {}});
  EXPECT_TRUE(is_known(made.token));
  pass(std::chrono::hours{30 * 24});
  EXPECT_FALSE(is_known(made.token));
  access.reset();
  const auto store = std::move(access_store::open(scratch.path()).value());
  EXPECT_TRUE(store->load(noon).value().tokens.at(0).about.last_used_at)
      << "written before the desk ends";
}

TEST_F(desk, the_set_up_code_makes_one_administrator_within_fifteen_minutes) {
  access.reset();
  open();
  EXPECT_EQ(access->set_up_code(), "") << "there are users";
  const scratch_folder empty;
  desk_settings settings;
  settings.folder = empty.path();
  settings.cost = cheap;
  settings.clock = [this] { return now(); };
  auto fresh = std::move(access_desk::open(settings).value());
  const auto code = fresh->set_up_code();
  ASSERT_GE(code.size(), 43U);
  const auto set_up = [&](const std::string& stated, const std::string& name) {
    return outcome_of<access_grant>([&](auto then) {
      fresh->set_up(stated, {name, password, "127.0.0.1"}, then);
    });
  };
  EXPECT_EQ(fault_of(set_up("", "anna")), access_fault::unknown_principal);
  EXPECT_EQ(fault_of(set_up(code + "A", "anna")), access_fault::unknown_principal);
  pass(15min);
  EXPECT_EQ(fault_of(set_up(code, "anna")), access_fault::unknown_principal);
  pass(-1min);
  const auto given = set_up(code, "anna");
  ASSERT_TRUE(std::holds_alternative<access_grant>(given));
  EXPECT_EQ(std::get<access_grant>(given).who.granted, domain::role::admin);
  EXPECT_EQ(fault_of(set_up(code, "ben")), access_fault::unknown_principal) << "used";
}

TEST_F(desk, a_password_that_was_hashed_with_less_is_hashed_anew_at_the_next_login) {
  const auto store = std::move(access_store::open(scratch.path()).value());
  const auto before = store->find_user("anna").value()->password;
  access.reset();
  desk_settings settings;
  settings.folder = scratch.path();
  settings.cost = {32'768, 2};
  access = std::move(access_desk::open(settings).value());
  ASSERT_TRUE(std::holds_alternative<access_grant>(log_in("anna")));
  const auto after = store->find_user("anna").value()->password;
  EXPECT_NE(after, before);
  EXPECT_FALSE(is_weaker(after, settings.cost));
  EXPECT_TRUE(is_password_of(after, password));
}

} // namespace
} // namespace busbar::tests
