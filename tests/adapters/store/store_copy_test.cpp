// What other processes do with a store beside the one that writes it.

#include "adapters/store/session_rows.hpp"
#include "adapters/store/store_copy.hpp"
#include "adapters/store/store_folder.hpp"
#include "adapters/store/store_rows.hpp"
#include "tests/adapters/store/store_facts.hpp"
#include "tests/builders/scratch_folder.hpp"

#include <filesystem>

namespace busbar::tests {
namespace {

using namespace adapters::store;
using enum domain::session_fact_kind;

TEST(store_copy, a_copy_beside_the_writer_is_whole_and_reads_the_log_from_its_beginning) {
  const scratch_folder scratch;
  const auto folder = std::move(store_folder::open(scratch.path()).value());
  const auto store = std::move(folder->open_database().value());
  ASSERT_TRUE(take_fact(*store, fact_of("s-1", accepted, std::chrono::seconds{0})));
  const scratch_folder elsewhere;
  const auto place = elsewhere.place_of("history.db");
  const auto copied = back_up(scratch.path(), place);
  ASSERT_TRUE(copied) << copied.failure().message;
  EXPECT_EQ(back_up(scratch.path(), place).failure().code, domain::errc::duplicate);
  EXPECT_TRUE(check(elsewhere.path()));
  const auto found = status_of(elsewhere.path());
  ASSERT_TRUE(found) << found.failure().message;
  EXPECT_EQ(found.value().sessions, 1U);
  EXPECT_EQ(found.value().oldest_session, store_noon);
  const auto other = std::move(store_folder::open(elsewhere.path()).value());
  const auto copy = std::move(other->open_database().value());
  EXPECT_NE(id_of(*copy).value(), id_of(*store).value());
}

TEST(store_copy, a_folder_without_a_history_is_named_and_none_is_made) {
  const scratch_folder scratch;
  EXPECT_EQ(status_of(scratch.path()).failure().code, domain::errc::unknown_reference);
  EXPECT_TRUE(std::filesystem::is_empty(scratch.path()));
}

TEST(store_copy, a_folder_that_cannot_be_looked_at_is_named_with_the_reason) {
  const scratch_folder scratch;
  const auto loop = scratch.place_of("loop");
  std::filesystem::create_symlink(loop, loop);
  const auto found = status_of(loop);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.failure().code, domain::errc::unavailable);
  EXPECT_TRUE(found.failure().message.starts_with(loop)) << found.failure().message;
  EXPECT_EQ(check(loop).failure().code, domain::errc::unavailable);
  EXPECT_EQ(back_up(scratch.path(), loop).failure().code, domain::errc::unavailable);
}

} // namespace
} // namespace busbar::tests
