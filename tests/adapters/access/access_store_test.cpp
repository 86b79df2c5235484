#include "adapters/access/access_store.hpp"
#include "adapters/access/schema.hpp"
#include "tests/builders/scratch_folder.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <thread>
#include <vector>

namespace busbar::tests {
namespace {

using namespace adapters::access;
using namespace std::chrono_literals;
using control::access::refresh_verdict;
using domain::errc;

const domain::instant noon{domain::microseconds{1'777'636'800'000'000}};

user_row user(const std::string& name, domain::role granted = domain::role::admin) {
  user_row made;
  made.id = "id of " + name;
  made.about = {name, granted, std::nullopt, false, noon, noon, std::nullopt};
  made.password = "hash 1";
  return made;
}

class access_store_rows : public testing::Test {
protected:
  void SetUp() override {
    auto opened = access_store::open(scratch.path());
    ASSERT_TRUE(opened) << opened.failure().message;
    store = std::move(opened.value());
    ASSERT_TRUE(store->add_user(user("anna")));
  }
  [[nodiscard]] user_row found(const std::string& name) const {
    return store->find_user(name).value().value();
  }
  [[nodiscard]] access_rows rows() const { return store->load(noon).value(); }
  [[nodiscard]] std::vector<std::string> revoked() const {
    std::vector<std::string> found;
    for (const auto& each : rows().logins)
      if (each.is_revoked) found.push_back(each.family);
    return found;
  }

  scratch_folder scratch;
  std::unique_ptr<access_store> store;
};

TEST_F(access_store_rows, are_there_again_after_a_restart) {
  auto bound = user("Ben", domain::role::viewer);
  bound.about.sites = std::vector{domain::site_id{"garage"}, domain::site_id{"depot"}};
  ASSERT_TRUE(store->add_user(bound));
  ASSERT_TRUE(store->begin_login({"f-1", bound.id, "d-1"}, "192.0.2.7", noon));
  store.reset();
  store = std::move(access_store::open(scratch.path()).value());
  const auto read = found("ben");
  EXPECT_EQ(read.about.name, "Ben") << "letters of both cases are the same name";
  EXPECT_EQ(read.about.granted, domain::role::viewer);
  EXPECT_EQ(read.about.sites, bound.about.sites);
  EXPECT_EQ(read.about.last_login_at, noon);
  EXPECT_EQ(read.last_address, "192.0.2.7");
  EXPECT_FALSE(found("anna").about.sites);
}

TEST_F(access_store_rows, stand_in_a_file_of_their_owner_alone) {
  struct stat about{};
  ASSERT_EQ(::stat(scratch.place_of("access.db").c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600U);
}

TEST_F(access_store_rows, a_name_is_taken_once_in_any_case) {
  EXPECT_EQ(store->add_user(user("ANNA")).failure().code, errc::duplicate);
  EXPECT_EQ(store->add_user(user("first"), true).failure().code, errc::conflict)
      << "no second first one";
}

TEST_F(access_store_rows, the_last_administrator_stays_one) {
  const auto demote = [](user_row& row) { row.about.granted = domain::role::viewer; };
  const auto disable = [](user_row& row) { row.about.is_disabled = true; };
  EXPECT_EQ(store->change_user("anna", demote).failure().code, errc::conflict);
  EXPECT_EQ(store->change_user("anna", disable).failure().code, errc::conflict);
  EXPECT_EQ(store->remove_user("anna").failure().code, errc::conflict);
  EXPECT_EQ(found("anna").about.granted, domain::role::admin) << "nothing of it was done";
  ASSERT_TRUE(store->add_user(user("ben")));
  EXPECT_TRUE(store->change_user("anna", disable));
  EXPECT_EQ(store->change_user("ben", demote).failure().code, errc::conflict)
      << "a disabled one does not count";
}

TEST_F(access_store_rows, a_new_password_and_disabling_end_what_stood_before) {
  ASSERT_TRUE(store->add_user(user("ben")));
  ASSERT_TRUE(store->begin_login({"f-1", "id of ben", "d-1"}, "a", noon));
  ASSERT_TRUE(store->change_user("ben", [](user_row& row) { row.password = "hash 2"; }));
  EXPECT_EQ(found("ben").version, 2);
  EXPECT_EQ(store->spend("d-1", "d-2", noon).value().verdict, refresh_verdict::refused);
  ASSERT_TRUE(store->change_user("ben", [](user_row& row) { row.about.is_disabled = true; }));
  EXPECT_EQ(found("ben").version, 3) << "enabled again, nothing of before is valid";
  ASSERT_TRUE(store->change_user("ben", [](user_row& row) {
    row.about.granted = domain::role::viewer;
  }));
  EXPECT_EQ(found("ben").version, 3) << "another role ends no login";
}

TEST_F(access_store_rows, a_login_of_a_password_that_holds_no_more_does_not_begin) {
  ASSERT_TRUE(store->add_user(user("ben")));
  const family_row begun{"f-1", "id of ben", "d-1", found("ben").version};
  ASSERT_TRUE(store->change_user("ben", [](user_row& row) { row.password = "hash 2"; }));
  EXPECT_EQ(store->begin_login(begun, "a", noon).failure().code, errc::stale);
  EXPECT_FALSE(found("ben").about.last_login_at) << "nothing of it was done";
  const auto again = [](user_row& row) { row.password = "hash 3"; };
  EXPECT_EQ(store->change_user("ben", again, 1).failure().code, errc::stale)
      << "neither is another password by the one before";
  EXPECT_TRUE(store->change_user("ben", again, 2));
}

TEST_F(access_store_rows, remember_the_four_passwords_before_the_one_in_force) {
  for (int i = 2; i < 9; ++i)
    ASSERT_TRUE(store->change_user("anna", [&](user_row& row) {
      row.password = "hash " + std::to_string(i);
      row.about.password_at += 1h;
    }));
  EXPECT_EQ(store->old_passwords("id of anna").value(),
            (std::vector<std::string>{"hash 7", "hash 6", "hash 5", "hash 4"}));
}

TEST_F(access_store_rows, a_refresh_token_that_comes_twice_ends_its_family_alone) {
  ASSERT_TRUE(store->begin_login({"f-1", "id of anna", "d-1"}, "a", noon));
  ASSERT_TRUE(store->begin_login({"f-2", "id of anna", "e-1"}, "b", noon));
  const auto first = store->spend("d-1", "d-2", noon).value();
  EXPECT_EQ(first.verdict, refresh_verdict::renewed);
  EXPECT_EQ(first.family, "f-1");
  EXPECT_EQ(first.user_id, "id of anna");
  EXPECT_EQ(store->spend("d-1", "d-3", noon + 1s).value().verdict, refresh_verdict::used_twice);
  EXPECT_EQ(store->spend("d-2", "d-4", noon + 2s).value().verdict, refresh_verdict::refused)
      << "the thief's and the owner's";
  EXPECT_EQ(revoked(), std::vector<std::string>{"f-1"});
  EXPECT_EQ(store->spend("e-1", "e-2", noon).value().verdict, refresh_verdict::renewed);
  EXPECT_EQ(store->spend("never made", "x", noon).value().verdict, refresh_verdict::refused);
}

TEST_F(access_store_rows, a_refresh_token_lives_twelve_hours_and_its_successor_anew) {
  ASSERT_TRUE(store->begin_login({"f-1", "id of anna", "d-1"}, "a", noon));
  EXPECT_EQ(store->spend("d-1", "d-2", noon + 11h).value().verdict, refresh_verdict::renewed);
  EXPECT_EQ(store->spend("d-2", "d-3", noon + 22h).value().verdict, refresh_verdict::renewed);
  ASSERT_TRUE(store->forget_ended(noon + 30h));
  EXPECT_EQ(store->spend("d-3", "d-4", noon + 34h).value().verdict, refresh_verdict::refused);
  ASSERT_TRUE(store->forget_ended(noon + 35h));
  EXPECT_EQ(store->spend("d-1", "x", noon + 35h).value().verdict, refresh_verdict::refused)
      << "forgotten with its family";
}

TEST_F(access_store_rows, a_user_has_a_bounded_number_of_logins_the_newest_ones) {
  for (std::size_t i = 0; i <= access_store::families_of_user_max; ++i)
    ASSERT_TRUE(store->begin_login(
        {"f-" + std::to_string(i), "id of anna", "d-" + std::to_string(i)}, "a",
        noon + domain::seconds{static_cast<std::int64_t>(i)}));
  EXPECT_EQ(revoked(), std::vector<std::string>{"f-0"});
}

TEST_F(access_store_rows, tokens_go_with_their_owner) {
  ASSERT_TRUE(store->add_user(user("ben")));
  const token_row token{"digest", "id of ben",
                        {"t-1", "grafana", "ben", "12345678", domain::role::viewer,
                         std::vector{domain::site_id{"garage"}}, noon, noon + 24h, std::nullopt}};
  ASSERT_TRUE(store->add_token(token));
  auto twin = token;
  twin.digest = "other";
  twin.about.id = "t-2";
  EXPECT_EQ(store->add_token(twin).failure().code, errc::duplicate) << "of one owner";
  ASSERT_TRUE(store->note_uses({{"digest", noon + 1h}}));
  const auto read = rows().tokens;
  ASSERT_EQ(read.size(), 1U);
  EXPECT_EQ(read[0].about.owner, "ben");
  EXPECT_EQ(read[0].about.last_used_at, noon + 1h);
  EXPECT_EQ(store->remove_token("t-1", "anna").failure().code, errc::unknown_reference);
  ASSERT_TRUE(store->remove_user("ben"));
  EXPECT_TRUE(rows().tokens.empty());
}

TEST_F(access_store_rows, of_two_processes_each_sees_what_the_other_has_written) {
  auto other = std::move(access_store::open(scratch.path()).value());
  EXPECT_FALSE(store->has_news());
  std::thread writer{[&] {
    for (int i = 0; i < 20; ++i) EXPECT_TRUE(other->add_user(user("o" + std::to_string(i))));
  }};
  for (int i = 0; i < 20; ++i) EXPECT_TRUE(store->add_user(user("s" + std::to_string(i))));
  writer.join();
  EXPECT_TRUE(store->has_news());
  EXPECT_FALSE(store->has_news());
  EXPECT_EQ(rows().users.size(), 41U);
  EXPECT_EQ(other->load(noon).value().users.size(), 41U);
}

TEST(access_schema, of_a_newer_program_is_refused_with_both_numbers) {
  const scratch_folder scratch;
  {
    const auto path = scratch.place_of("access.db");
    auto opened = database::open(path);
    ASSERT_TRUE(opened);
    ASSERT_TRUE(opened.value()->run("PRAGMA user_version = 99"));
  }
  const auto refused = access_store::open(scratch.path());
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.failure().code, errc::wrong_identifier);
  EXPECT_NE(refused.failure().message.find("number 99"), std::string::npos);
  EXPECT_NE(refused.failure().message.find("knows " + std::to_string(migrations().size())),
            std::string::npos);
}

TEST(access_schema, a_migration_that_fails_half_way_leaves_the_schema_before_it) {
  const scratch_folder scratch;
  auto opened = database::open(scratch.place_of("access.db"));
  ASSERT_TRUE(opened);
  auto& store = *opened.value();
  std::vector<std::string> steps{"CREATE TABLE one (a)",
                                 "CREATE TABLE two (a); INSERT INTO nowhere VALUES (1)"};
  EXPECT_FALSE(migrate(store, steps));
  statement tables{store, "SELECT group_concat(name) FROM sqlite_master"};
  ASSERT_TRUE(tables.step());
  EXPECT_EQ(tables.text(0), "one");
  steps[1] = "CREATE TABLE two (a)";
  EXPECT_TRUE(migrate(store, steps)) << "the next start goes on where it stopped";
  EXPECT_TRUE(migrate(store, steps)) << "and what is done is not done again";
}

TEST(access_schema, a_file_that_is_no_database_is_refused_and_left_as_it_is) {
  const scratch_folder scratch;
  const std::string garbage(5'000, 'x');
  const auto path = scratch.write("access.db", garbage);
  const auto refused = access_store::open(scratch.path());
  ASSERT_FALSE(refused);
  EXPECT_NE(refused.failure().message.find("access.db"), std::string::npos);
  EXPECT_EQ(std::filesystem::file_size(path), garbage.size());
}

TEST(access_schema, a_folder_that_others_may_write_to_is_refused) {
  const scratch_folder scratch;
  ASSERT_EQ(::chmod(scratch.path().c_str(), 0777), 0);
  EXPECT_EQ(access_store::open(scratch.path()).failure().code, errc::forbidden);
}

} // namespace
} // namespace busbar::tests
