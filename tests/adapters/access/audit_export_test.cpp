// The audit as JSON lines, and its verification without the store.

#include "adapters/access/access_store.hpp"
#include "adapters/access/audit_export.hpp"
#include "tests/builders/scratch_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

namespace busbar::tests {
namespace {

using namespace adapters::access;

class audit_export : public testing::Test {
protected:
  void SetUp() override {
    ASSERT_TRUE(access_store::open(scratch.path()));
    store = std::move(database::open(scratch.place_of("access.db")).value());
    std::vector<ports::audit_record> all;
    for (int i = 1; i <= 9; ++i)
      all.push_back({domain::instant{domain::microseconds{1'777'636'800'000'000 + i}},
                     {domain::cause_kind::user, "änna \"b\""}, "192.0.2.7", "r-1", "access",
                     "POST /api/v1/access/users", "/" + std::to_string(i), "{\"level\":1}", 204});
    ASSERT_TRUE(append(*store, all));
    const auto path = scratch.place_of("audit.jsonl");
    const auto written = export_to(path, *store);
    ASSERT_TRUE(written) << written.failure().message;
    std::ifstream file{path};
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    ASSERT_EQ(lines.size(), 9U);
  }
  [[nodiscard]] verified_chain verified() const {
    std::stringstream text;
    for (const auto& each : lines) text << each << "\n";
    return verify_export(text);
  }

  scratch_folder scratch;
  std::unique_ptr<database> store;
  std::vector<std::string> lines;
};

TEST_F(audit_export, as_it_was_written_is_whole_and_ends_with_the_head_of_the_store) {
  EXPECT_EQ(verified().fault, "");
  EXPECT_EQ(verified().whole, 9);
  EXPECT_EQ(verified().head.hash, verify(*store, {}).value().head.hash);
}

TEST_F(audit_export, a_line_that_was_changed_is_named) {
  auto& line = lines[4];
  line.replace(line.find("204"), 3, "403");
  EXPECT_EQ(verified().fault, "entry 5 is not as it was written");
  EXPECT_EQ(verified().whole, 4);
}

TEST_F(audit_export, a_line_that_was_removed_swapped_or_inserted_is_named) {
  const auto all = lines;
  lines.erase(lines.begin() + 4);
  EXPECT_EQ(verified().fault, "entry 5 is missing: entry 6 follows");
  lines = all;
  std::swap(lines[4], lines[5]);
  EXPECT_EQ(verified().fault, "entry 5 is missing: entry 6 follows");
  lines = all;
  lines.insert(lines.begin() + 4, all[3]);
  EXPECT_EQ(verified().fault, "entry 5 is missing: entry 4 follows");
}

TEST_F(audit_export, a_cut_tail_shows_by_the_number_and_the_head) {
  lines.resize(7);
  EXPECT_EQ(verified().whole, 7);
  EXPECT_NE(verified().head.hash, verify(*store, {}).value().head.hash);
}

TEST_F(audit_export, a_line_that_is_no_entry_is_named) {
  for (const auto* wrong : {"", "x", "[]", "{}", R"({"number": 5})"}) {
    auto& line = lines[4];
    line = wrong;
    EXPECT_EQ(verified().fault, "line 5 is no entry of an audit") << wrong;
    EXPECT_EQ(verified().whole, 4);
  }
}

TEST_F(audit_export, is_for_its_owner_alone_and_replaces_no_file) {
  const auto path = scratch.place_of("audit.jsonl");
  EXPECT_EQ(std::filesystem::status(path).permissions(),
            std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
  EXPECT_EQ(export_to(path, *store).failure().code, domain::errc::duplicate);
}

} // namespace
} // namespace busbar::tests
