// What other processes do with a store beside the one that writes it.

#include "adapters/store/session_rows.hpp"
#include "adapters/store/store_copy.hpp"
#include "adapters/store/store_folder.hpp"
#include "adapters/store/store_rows.hpp"
#include "tests/adapters/store/store_facts.hpp"
#include "tests/builders/scratch_folder.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

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

/// Names and bytes of the files of a folder.
std::map<std::string, std::string> files_of(const std::string& folder) {
  std::map<std::string, std::string> found;
  for (const auto& each : std::filesystem::directory_iterator{folder}) {
    std::ifstream file{each.path(), std::ios::binary};
    found[each.path().filename()] = {std::istreambuf_iterator<char>{file}, {}};
  }
  return found;
}

void make_history(const std::string& folder) {
  const auto made = std::move(store_folder::open(folder).value());
  {
    const auto store = std::move(made->open_database().value());
    ASSERT_TRUE(take_fact(*store, fact_of("s-1", accepted, std::chrono::seconds{0})));
  }
  made->close_database();
}

TEST(store_copy, status_and_check_make_no_file_and_change_none) {
  const scratch_folder scratch;
  const auto folder = scratch.place_of("100% of #1?");
  make_history(folder);
  const auto before = files_of(folder);
  ASSERT_EQ(status_of(folder).value().sessions, 1U);
  ASSERT_TRUE(check(folder));
  EXPECT_EQ(files_of(folder), before);
  const auto empty = scratch.place_of("empty");
  std::filesystem::create_directory(empty);
  std::ofstream{empty + "/history.db"};
  EXPECT_FALSE(status_of(empty));
  EXPECT_EQ(files_of(empty).size(), 1U) << "an empty file stays one";
  EXPECT_EQ(std::filesystem::file_size(empty + "/history.db"), 0U);
}

TEST(store_copy, status_beside_the_writer_counts_what_is_not_in_the_main_file_yet) {
  const scratch_folder scratch;
  const auto folder = std::move(store_folder::open(scratch.path()).value());
  const auto store = std::move(folder->open_database().value());
  ASSERT_TRUE(take_fact(*store, fact_of("s-1", accepted, std::chrono::seconds{0})));
  const auto main_file = files_of(scratch.path()).at("history.db");
  EXPECT_EQ(status_of(scratch.path()).value().sessions, 1U);
  EXPECT_TRUE(check(scratch.path()));
  EXPECT_EQ(files_of(scratch.path()).at("history.db"), main_file);
}

TEST(store_copy, a_backup_replaces_nothing_and_leaves_nothing_unfinished) {
  const scratch_folder scratch, elsewhere;
  make_history(scratch.path());
  const auto place = elsewhere.place_of("history.db");
  std::ofstream{place + ".new"} << "of another backup";
  // A link into nothing: what a writer of the same name has put there since it was looked at.
  std::filesystem::create_symlink("nothing", place);
  EXPECT_EQ(back_up(scratch.path(), place).failure().code, domain::errc::duplicate);
  EXPECT_TRUE(std::filesystem::is_symlink(place));
  std::filesystem::remove(place);
  ASSERT_TRUE(back_up(scratch.path(), place));
  EXPECT_EQ(files_of(elsewhere.path()).at("history.db.new"), "of another backup");
  EXPECT_EQ(files_of(elsewhere.path()).size(), 2U);
}

TEST(store_copy, a_backup_that_fails_half_way_is_removed) {
  const scratch_folder scratch, elsewhere;
  make_history(scratch.path());
  const auto path = scratch.place_of("history.db");
  constexpr std::uintmax_t page = 4'096;
  const auto size = std::filesystem::file_size(path);
  ASSERT_GT(size, 3 * page);
  std::fstream file{path, std::ios::in | std::ios::out | std::ios::binary};
  file.seekp(2 * page);
  file << std::string(size - 2 * page, 'x') << std::flush;
  EXPECT_FALSE(back_up(scratch.path(), elsewhere.place_of("copy.db")));
  EXPECT_TRUE(std::filesystem::is_empty(elsewhere.path()));
}

} // namespace
} // namespace busbar::tests
