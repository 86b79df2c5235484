#include "adapters/access/access_store.hpp"
#include "adapters/access/audit_chain.hpp"
#include "adapters/access/audit_log.hpp"
#include "adapters/access/secrets.hpp"
#include "tests/builders/scratch_folder.hpp"

#include <gtest/gtest.h>

#include <future>
#include <thread>

namespace busbar::tests {
namespace {

using namespace adapters::access;
using ports::audit_record;

const domain::instant noon{domain::microseconds{1'777'636'800'000'000}};

audit_record record(const std::string& subject) {
  return {noon, {domain::cause_kind::user, "anna"}, "192.0.2.7", "r-1", "access",
          "POST /api/v1/access/users", subject, "{}", 204};
}

class audit_chain : public testing::Test {
protected:
  void SetUp() override {
    ASSERT_TRUE(access_store::open(scratch.path()));
    store = std::move(database::open(scratch.place_of("access.db")).value());
    std::vector<audit_record> all;
    for (int i = 1; i <= 9; ++i) all.push_back(record("/" + std::to_string(i)));
    ASSERT_TRUE(append(*store, all));
  }
  [[nodiscard]] verified_chain verified(const std::optional<audit_head>& head = {}) {
    return verify(*store, head).value();
  }
  void tamper(const std::string& sql) { ASSERT_TRUE(store->run(sql)); }

  scratch_folder scratch;
  std::unique_ptr<database> store;
};

TEST_F(audit_chain, as_it_was_written_is_whole_and_goes_on) {
  const auto before = verified();
  EXPECT_EQ(before.fault, "");
  EXPECT_EQ(before.whole, 9);
  ASSERT_TRUE(append(*store, {record("/10")}));
  EXPECT_EQ(verified(before.head).fault, "") << "a head that is older stands in it";
  EXPECT_EQ(verified().whole, 10);
}

TEST_F(audit_chain, an_entry_that_was_changed_is_named) {
  for (const auto* change : {"outcome = 403", "actor = 'eve'", "at = at + 1", "subject = '/x'",
                             "detail = ''", "category = 'data'", "address = ''", "request = ''",
                             "operation = ''", "actor_kind = 5", "hash = 'x'"}) {
    tamper("BEGIN; UPDATE audit SET " + std::string{change} + " WHERE number = 4");
    EXPECT_EQ(verified().fault, "entry 4 is not as it was written") << change;
    tamper("ROLLBACK");
  }
}

TEST_F(audit_chain, text_that_moves_between_fields_is_a_change) {
  tamper("UPDATE audit SET subject = '/', detail = '4{}' WHERE number = 4");
  EXPECT_EQ(verified().fault, "entry 4 is not as it was written");
}

TEST_F(audit_chain, an_entry_that_was_removed_is_named) {
  tamper("DELETE FROM audit WHERE number = 4");
  EXPECT_EQ(verified().fault, "entry 4 is missing: entry 5 follows");
}

TEST_F(audit_chain, one_that_was_removed_and_closed_up_is_named) {
  tamper("DELETE FROM audit WHERE number = 4; UPDATE audit SET number = -number WHERE number > 4;"
         "UPDATE audit SET number = -number - 1 WHERE number < 0");
  EXPECT_EQ(verified().fault, "entry 4 is not as it was written");
}

TEST_F(audit_chain, entries_that_were_swapped_are_named) {
  tamper("UPDATE audit SET number = 0 WHERE number = 4; UPDATE audit SET number = 4 WHERE number "
         "= 5; UPDATE audit SET number = 5 WHERE number = 0");
  EXPECT_EQ(verified().fault, "entry 4 is not as it was written");
}

TEST_F(audit_chain, an_entry_that_was_inserted_is_named) {
  tamper("UPDATE audit SET number = -number WHERE number > 3; UPDATE audit SET number = 1 - number "
         "WHERE number < 0; INSERT INTO audit SELECT 4, at, actor_kind, actor, address, request, "
         "category, operation, subject, detail, outcome, hash FROM audit WHERE number = 3");
  EXPECT_EQ(verified().fault, "entry 4 is not as it was written");
}

TEST_F(audit_chain, a_tail_that_was_cut_off_shows_by_the_head_outside) {
  const auto head = verified().head;
  tamper("DELETE FROM audit WHERE number > 6");
  EXPECT_EQ(verified().fault, "") << "without the head it cannot show";
  EXPECT_EQ(verified(head).fault, "entry 7 is missing: 9 stood in the file audit-head");
}

TEST_F(audit_chain, one_that_was_made_anew_as_a_whole_shows_by_the_head_outside) {
  const auto head = verified().head;
  tamper("DELETE FROM audit");
  for (int i = 1; i <= 9; ++i) ASSERT_TRUE(append(*store, {record("/forged")}));
  EXPECT_EQ(verified().fault, "");
  EXPECT_EQ(verified(head).fault, "entry 9 is not the one of audit-head");
}

TEST_F(audit_chain, the_head_is_signed) {
  EXPECT_FALSE(read_head(scratch.path()).value());
  ASSERT_TRUE(write_head(scratch.path(), verified().head));
  EXPECT_EQ(read_head(scratch.path()).value()->number, 9);
  const auto path = scratch.place_of("audit-head");
  const auto text = secret_file(path).value();
  ASSERT_TRUE(write_secret_file(path, "8" + text.substr(1)));
  EXPECT_FALSE(read_head(scratch.path())) << "a number that was lowered";
}

TEST_F(audit_chain, processes_that_write_side_by_side_make_one_chain) {
  const auto write = [this](const std::string& name) {
    auto own = std::move(database::open(scratch.place_of("access.db")).value());
    for (int i = 0; i < 20; ++i) EXPECT_TRUE(append(*own, {record(name)}));
  };
  std::thread one{write, "one"}, other{write, "other"};
  one.join();
  other.join();
  EXPECT_EQ(verified().fault, "");
  EXPECT_EQ(verified().whole, 49);
}

TEST_F(audit_chain, is_read_newest_first_by_what_is_asked) {
  const audit_record later{noon + domain::seconds{9}, {}, "", "", "data", "GET", "/", "", 200};
  ASSERT_TRUE(append(*store, {later}));
  ports::audit_query wanted;
  wanted.limit = 2;
  const auto page = entries(*store, wanted).value();
  ASSERT_EQ(page.size(), 2U);
  EXPECT_EQ(page[0].number, 10);
  wanted.before = page[1].number;
  EXPECT_EQ(entries(*store, wanted).value()[0].number, 8);
  wanted = {};
  wanted.category = "data";
  EXPECT_EQ(entries(*store, wanted).value().size(), 1U);
  wanted = {};
  wanted.actor = "anna";
  wanted.subject = "/7";
  EXPECT_EQ(entries(*store, wanted).value().at(0).number, 7);
  wanted = {};
  wanted.from = noon + domain::seconds{1};
  EXPECT_EQ(entries(*store, wanted).value().size(), 1U);
  wanted = {};
  wanted.to = noon;
  EXPECT_TRUE(entries(*store, wanted).value().empty());
}

TEST_F(audit_chain, the_log_tells_once_an_entry_is_on_the_disk_and_writes_the_head_at_its_end) {
  {
    auto log = std::move(audit_log::open(scratch.path()).value());
    std::promise<bool> kept;
    log->record(record("/10"), [&](bool is_kept) { kept.set_value(is_kept); });
    EXPECT_TRUE(kept.get_future().get());
    EXPECT_EQ(verified().whole, 10) << "seen by another connection";
  }
  EXPECT_EQ(read_head(scratch.path()).value()->number, 10);
}

TEST_F(audit_chain, a_log_that_cannot_write_says_so_and_goes_on_once_it_can) {
  std::vector<std::string> reports;
  auto log = std::move(audit_log::open(scratch.path(), [&](auto, const auto& kind, const auto&) {
                         reports.push_back(kind);
                       }).value());
  const auto is_kept = [&] {
    std::promise<bool> kept;
    log->record(record("/x"), [&](bool kept_one) { kept.set_value(kept_one); });
    return kept.get_future().get();
  };
  tamper("ALTER TABLE audit RENAME TO hidden");
  EXPECT_TRUE(log->can_record());
  EXPECT_FALSE(is_kept());
  EXPECT_FALSE(log->can_record());
  tamper("ALTER TABLE hidden RENAME TO audit");
  const auto deadline = std::chrono::steady_clock::now() + std::chrono::seconds{20};
  while (!log->can_record() && std::chrono::steady_clock::now() < deadline)
    std::this_thread::yield();
  EXPECT_TRUE(is_kept());
  log.reset();
  EXPECT_EQ(reports, (std::vector<std::string>{"audit_lost", "audit_written"}));
  EXPECT_EQ(verified().fault, "");
}

} // namespace
} // namespace busbar::tests
