#include "apps/input_file.hpp"

#include "apps/evaluate/recorded_session.hpp"
#include "apps/evaluate/tariff.hpp"
#include "apps/fleet/input_files.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

namespace busbar::apps {
namespace {

TEST(input_file, every_byte_of_a_file_is_read) {
  const auto path = std::filesystem::path{testing::TempDir()} / "input_file.bytes";
  std::string bytes;
  // More than one block, with what text mode or formatted reading would change.
  for (int i = 0; i < 200'000; ++i) bytes.push_back(static_cast<char>(i % 251));
  std::ofstream(path, std::ios::binary) << bytes;
  EXPECT_EQ(read_input(path.string()), bytes);
  std::ofstream(path, std::ios::trunc).flush();
  EXPECT_EQ(read_input(path.string()), "");
}

TEST(input_file, a_folder_and_what_is_not_there_cannot_be_read) {
  const auto folder = testing::TempDir();
  EXPECT_EQ(read_input(folder), std::nullopt);
  EXPECT_EQ(read_input("/nowhere/x.json"), std::nullopt);
  EXPECT_EQ(evaluate::read_recorded_sessions(folder, {}).faults.size(), 1U);
  EXPECT_EQ(evaluate::read_tariff(folder).faults.size(), 1U);
  EXPECT_EQ(read_vehicles(folder).faults.size(), 1U);
}

} // namespace
} // namespace busbar::apps
