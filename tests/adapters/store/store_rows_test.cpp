// Sessions and events as rows: the same whatever part of the log is read again.

#include "adapters/store/event_rows.hpp"
#include "adapters/store/schema.hpp"
#include "adapters/store/session_rows.hpp"
#include "adapters/store/store_folder.hpp"
#include "adapters/store/store_rows.hpp"
#include "tests/adapters/store/store_facts.hpp"
#include "tests/builders/scratch_folder.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>

namespace busbar::tests {
namespace {

using namespace adapters::store;
using enum domain::session_fact_kind;
using std::chrono::seconds;

/// One session from its begin to its settled bill, with more facts of progress than are written.
std::vector<domain::session_fact> life_of(const std::string& session) {
  std::vector<domain::session_fact> facts{fact_of(session, accepted, seconds{0})};
  for (int i = 1; i <= 20; ++i) facts.push_back(fact_of(session, in_progress, seconds{5 * i}, i));
  facts.push_back(fact_of(session, completed, seconds{101}, 20));
  facts.back().is_bill_open = true;
  facts.push_back(fact_of(session, settled, seconds{200}, 25));
  return facts;
}

class store_rows : public testing::Test {
protected:
  void SetUp() override {
    folder = std::move(store_folder::open(scratch.path()).value());
    store = std::move(folder->open_database().value());
  }
  void take(const domain::session_fact& fact) { ASSERT_TRUE(take_fact(*store, fact)); }
  [[nodiscard]] std::vector<ports::archived_session> rows(const ports::session_query& wanted = {}) {
    return read_sessions(*store, wanted).value().sessions;
  }
  [[nodiscard]] std::vector<std::string> names(const ports::session_query& wanted = {}) {
    std::vector<std::string> found;
    for (const auto& each : rows(wanted)) found.push_back(each.fact.session.text());
    return found;
  }

  scratch_folder scratch;
  std::unique_ptr<store_folder> folder;
  std::unique_ptr<adapters::sqlite::database> store;
};

TEST_F(store_rows, a_session_is_one_row_that_ends_with_its_bill) {
  for (const auto& each : life_of("s-1")) take(each);
  const auto kept = rows();
  ASSERT_EQ(kept.size(), 1U);
  const auto& fact = kept.front().fact;
  EXPECT_EQ(fact.kind, completed);
  EXPECT_EQ(fact.began_at, store_noon);
  EXPECT_EQ(fact.at, store_noon + seconds{101}) << "a bill that comes later moves no end";
  EXPECT_EQ(fact.energy.count(), 25);
  EXPECT_EQ(fact.cost.count(), 25 * 300);
  EXPECT_FALSE(fact.is_bill_open);
}

TEST_F(store_rows, a_clock_that_has_jumped_ahead_makes_no_event_old) {
  const auto ahead = store_noon + std::chrono::days{1'000};
  EXPECT_EQ(oldest_kept(*store, {}, ahead, 365).value(), domain::instant::min());
  const std::vector<log_item> items{
      {{"events", 0}, {1, store_noon, 0}, event_at(store_noon + seconds{60}, "a minute later")}};
  ASSERT_TRUE(take_event(*store, event_at(store_noon, "at noon")));
  const auto year = std::chrono::days{365};
  EXPECT_EQ(oldest_kept(*store, {}, ahead, 365).value(), store_noon - year);
  EXPECT_EQ(oldest_kept(*store, items, ahead, 365).value(), store_noon + seconds{60} - year);
  EXPECT_EQ(oldest_kept(*store, items, store_noon - year, 365).value(), store_noon - 2 * year);
}

TEST_F(store_rows, a_file_that_others_may_read_is_for_its_owner_alone_once_it_is_opened) {
  namespace files = std::filesystem;
  store.reset();
  folder->close_database();
  files::permissions(folder->path(), files::perms{0644});
  store = std::move(folder->open_database().value());
  for (const auto* part : {"", "-wal", "-shm"})
    EXPECT_EQ(files::status(folder->path() + part).permissions(), files::perms{0600}) << part;
}

TEST_F(store_rows, a_statement_that_goes_on_ends_once_it_shall) {
  int asked = 0;
  store->end_statements_when([&asked] { return ++asked == 3; });
  adapters::sqlite::statement endless{
      *store, "WITH RECURSIVE all_of(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM all_of) "
              "SELECT count(*) FROM all_of"};
  EXPECT_FALSE(endless.step());
  EXPECT_TRUE(endless.failure());
  EXPECT_EQ(asked, 3);
}

TEST_F(store_rows, a_session_that_goes_on_is_written_every_30_s) {
  take(fact_of("s-1", accepted, seconds{0}));
  std::vector<std::int64_t> written;
  for (int i = 1; i <= 65; ++i) {
    take(fact_of("s-1", in_progress, seconds{i}, i));
    written.push_back(rows().front().fact.energy.count());
  }
  EXPECT_EQ(written[28], 0);
  EXPECT_EQ(written[29], 30);
  EXPECT_EQ(written[58], 30);
  EXPECT_EQ(written[64], 60);
}

TEST_F(store_rows, whatever_part_of_the_log_is_read_again_changes_nothing) {
  const auto facts = life_of("s-1");
  for (const auto& each : facts) take(each);
  take(fact_of("", denied, seconds{3}));
  const auto before = rows();
  for (std::size_t from = 0; from < facts.size(); ++from)
    for (std::size_t to = from; to <= facts.size(); ++to) {
      for (std::size_t i = from; i < to; ++i) take(facts[i]);
      const auto now = rows();
      ASSERT_EQ(now.size(), before.size());
      for (std::size_t i = 0; i < now.size(); ++i) ASSERT_EQ(now[i].fact, before[i].fact) << from;
    }
}

TEST_F(store_rows, a_denied_request_is_a_row_of_its_own_and_ends_no_session) {
  take(fact_of("s-1", accepted, seconds{0}));
  take(fact_of("s-1", denied, seconds{1}));
  take(fact_of("s-1", denied, seconds{1}));
  take(fact_of("s-1", denied, seconds{2}));
  EXPECT_EQ(rows({.state = denied}).size(), 2U);
  ASSERT_EQ(rows({.state = in_progress}).size(), 1U);
}

TEST_F(store_rows, sites_that_name_their_sessions_alike_have_rows_of_their_own) {
  auto other = fact_of("s-1", accepted, seconds{0});
  other.site = domain::site_id{"yard"};
  take(fact_of("s-1", accepted, seconds{0}));
  take(other);
  EXPECT_EQ(rows().size(), 2U);
  EXPECT_EQ(rows({.site = "yard"}).size(), 1U);
  EXPECT_EQ(rows({.sites = ports::site_list{domain::site_id{"yard"}}}).size(), 1U);
  EXPECT_TRUE(rows({.sites = ports::site_list{}}).empty());
}

TEST_F(store_rows, a_log_that_begins_anew_may_count_its_sessions_anew) {
  for (const auto& each : life_of("s-1")) take(each);
  auto later = life_of("s-1");
  for (auto& each : later) each.at += seconds{1'000};
  for (int times = 0; times < 2; ++times)
    for (const auto& each : later) take(each);
  const auto kept = rows();
  ASSERT_EQ(kept.size(), 2U);
  EXPECT_EQ(kept.front().fact.at, store_noon + seconds{1'101});
  EXPECT_EQ(kept.back().fact.at, store_noon + seconds{101});
  EXPECT_EQ(kept.front().fact.energy, kept.back().fact.energy);
}

TEST_F(store_rows, pages_stay_as_they_are_while_sessions_begin_and_end) {
  for (int i = 1; i <= 9; ++i) // the places of those that begin together differ
    take(fact_of("s-" + std::to_string(i), accepted, seconds{i / 3}));
  const auto first = rows({.limit = 4});
  ASSERT_EQ(first.size(), 4U);
  take(fact_of("s-10", accepted, seconds{60}));
  take(fact_of("s-5", completed, seconds{61}));
  take(fact_of("s-2", completed, seconds{62}));
  EXPECT_EQ(names({.before = first.back().place, .limit = 4}),
            (std::vector<std::string>{"s-5", "s-4", "s-3", "s-2"}));
  EXPECT_EQ(read_sessions(*store, {.before = first.back().place, .limit = 4}).value().total, 10U);
}

TEST_F(store_rows, are_found_by_time_driver_station_connector_and_state) {
  auto other = fact_of("s-2", accepted, seconds{100});
  other.driver = domain::driver_id{"Bob"};
  other.station = domain::station_id{"CP-002"};
  other.connector = domain::connector_id{"CP-002-1"};
  take(fact_of("s-1", accepted, seconds{0}));
  take(other);
  const std::vector<std::string> one{"s-1"};
  const std::vector<std::string> two{"s-2"};
  EXPECT_EQ(names({.to = store_noon + seconds{100}}), one);
  EXPECT_EQ(names({.from = store_noon + seconds{100}}), two);
  EXPECT_EQ(names({.driver = "Bob"}), two);
  EXPECT_EQ(names({.station = "CP-001"}), one);
  EXPECT_EQ(names({.connector = "CP-002-1"}), two);
  EXPECT_EQ(names({.session = "s-1"}), one);
  EXPECT_TRUE(names({.state = completed}).empty());
}

TEST_F(store_rows, an_event_that_is_read_again_is_there_once) {
  const auto event = event_at(store_noon, "the meter is silent");
  EXPECT_TRUE(take_event(*store, event).value());
  EXPECT_FALSE(take_event(*store, event).value());
  EXPECT_TRUE(take_event(*store, event_at(store_noon, "the meter answers")).value());
  EXPECT_TRUE(take_event(*store, event_at(store_noon + seconds{1}, event.text)).value());
  const auto found = read_events(*store, {}).value();
  ASSERT_EQ(found.size(), 3U);
  EXPECT_EQ(found.front().event, event);
  EXPECT_EQ(read_events(*store, {.part = "ANSWERS"}).value().size(), 1U);
  EXPECT_EQ(read_events(*store, {.after = found[1].number}).value().size(), 1U);
  EXPECT_EQ(read_events(*store, {.to = store_noon + seconds{1}}).value().size(), 2U);
}

TEST_F(store_rows, events_are_forgotten_from_the_oldest_on) {
  for (int i = 0; i < 5; ++i)
    ASSERT_TRUE(take_event(*store, event_at(store_noon + seconds{i}, "e")));
  EXPECT_EQ(forget_events(*store, store_noon + seconds{4}, 3).value(), 3U);
  EXPECT_EQ(forget_events(*store, store_noon + seconds{4}, 3).value(), 1U);
  EXPECT_EQ(read_events(*store, {}).value().front().event.at, store_noon + seconds{4});
}

TEST_F(store_rows, rows_and_places_of_the_log_are_written_together_or_not_at_all) {
  const ports::partition_id at{"busbar.sessions.v1", 3};
  std::vector<log_item> items;
  for (const auto& each : life_of("s-1"))
    items.push_back({at, {static_cast<std::int64_t>(items.size()) + 1, store_noon, 7}, each});
  ASSERT_TRUE(store->run("CREATE TRIGGER full BEFORE INSERT ON log_places "
                         "BEGIN SELECT RAISE(ABORT, 'no room'); END"));
  EXPECT_FALSE(write_items(*store, items, store_noon));
  EXPECT_TRUE(rows().empty());
  ASSERT_TRUE(store->run("DROP TRIGGER full"));
  const auto written = write_items(*store, items, store_noon);
  ASSERT_TRUE(written);
  EXPECT_EQ(written.value().new_sessions, 1U);
  ASSERT_EQ(written.value().past.size(), 2U) << "its end, and its bill";
  const auto places = read_places(*store).value();
  ASSERT_EQ(places.size(), 1U);
  EXPECT_EQ(places.at(at).next, static_cast<std::int64_t>(items.size()));
  EXPECT_EQ(places.at(at).fence, 7U);
}

TEST_F(store_rows, past_sessions_are_given_the_newest_last) {
  for (const auto& each : life_of("s-1")) take(each);
  take(fact_of("s-2", accepted, seconds{5}));
  take(fact_of("s-3", denied, seconds{7}));
  const auto past = past_sessions(*store, 10).value();
  ASSERT_EQ(past.size(), 2U);
  EXPECT_EQ(past.front().kind, denied);
  EXPECT_EQ(past.back().energy.count(), 25);
}

// A migration that was released is never changed: a change is a new one, and a new line here.
TEST(store_schema, migrations_are_those_that_were_released) {
  std::vector<std::uint64_t> hashes;
  for (const auto& step : migrations()) {
    std::uint64_t hash = 14'695'981'039'346'656'037ULL; // FNV-1a
    for (const unsigned char byte : step) hash = (hash ^ byte) * 1'099'511'628'211ULL;
    hashes.push_back(hash);
  }
  EXPECT_EQ(hashes, (std::vector<std::uint64_t>{14'595'803'108'072'542'948ULL}));
}

TEST(store_folder, a_second_process_is_refused_and_told_which_has_it) {
  const scratch_folder scratch;
  const auto first = store_folder::open(scratch.path());
  ASSERT_TRUE(first);
  const auto child = ::fork();
  if (child == 0) {
    const auto second = store_folder::open(scratch.path());
    const bool is_right =
        !second && second.failure().code == domain::errc::conflict &&
        second.failure().message == scratch.path().string() +
                                        ": another process keeps its history in this folder "
                                        "(process " + std::to_string(::getppid()) + ")";
    ::_exit(is_right ? 0 : 1);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

TEST(store_folder, a_schema_of_a_newer_program_is_refused_with_both_numbers) {
  const scratch_folder scratch;
  {
    auto folder = std::move(store_folder::open(scratch.path()).value());
    auto store = std::move(folder->open_database().value());
    ASSERT_TRUE(store->run("PRAGMA user_version = 99"));
  }
  const auto refused = history_archive::open({scratch.path()});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.failure().code, domain::errc::wrong_identifier);
  EXPECT_NE(refused.failure().message.find("history.db: its schema is number 99, this program "
                                           "knows " + std::to_string(migrations().size())),
            std::string::npos)
      << refused.failure().message;
}

} // namespace
} // namespace busbar::tests
