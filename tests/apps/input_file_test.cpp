#include "apps/input_file.hpp"

#include "adapters/config/site_file.hpp"
#include "apps/evaluate/recorded_session.hpp"
#include "apps/evaluate/tariff.hpp"
#include "apps/fleet/input_files.hpp"
#include "tests/builders/scratch_folder.hpp"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include <sys/stat.h>

namespace busbar::apps {
namespace {

TEST(input_file, every_byte_of_a_file_is_read) {
  const tests::scratch_folder scratch;
  const auto path = scratch.path() / "bytes";
  std::string bytes;
  // More than one block, with what text mode or formatted reading would change.
  for (int i = 0; i < 200'000; ++i) bytes.push_back(static_cast<char>(i % 251));
  std::ofstream(path, std::ios::binary) << bytes;
  EXPECT_EQ(read_input(path.string(), bytes.size()).value(), bytes);
  std::ofstream(path, std::ios::trunc).flush();
  EXPECT_EQ(read_input(path.string(), 0).value(), "");
}

TEST(input_file, what_has_no_end_or_would_be_waited_for_is_refused_unread) {
  const tests::scratch_folder scratch;
  const auto path = scratch.place_of("pipe");
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  for (const std::string each : {"/dev/zero", "/dev/urandom", "/dev/null"})
    EXPECT_EQ(read_input(each, 1'000).failure().message,
              "cannot be read: a device: allowed is a regular file");
  EXPECT_EQ(read_input(path, 1'000).failure().message,
            "cannot be read: a pipe: allowed is a regular file");
  EXPECT_EQ(adapters::config::load_site(path).faults.at(0).message,
            "cannot be read: a pipe: allowed is a regular file");
}

TEST(input_file, a_byte_too_many_is_refused) {
  const tests::scratch_folder scratch;
  const auto path = scratch.write("large", std::string(70'001, 'x'));
  EXPECT_TRUE(read_input(path, 70'001));
  EXPECT_EQ(read_input(path, 70'000).failure().message, "more than the 70,000 bytes allowed");
}

TEST(input_file, a_folder_and_what_is_not_there_cannot_be_read) {
  const tests::scratch_folder scratch;
  const auto folder = scratch.path().string();
  EXPECT_EQ(read_input(folder, 1).failure().message,
            "cannot be read: a folder: allowed is a regular file");
  EXPECT_EQ(read_input("/nowhere/x.json", 1).failure().message,
            "cannot be read: No such file or directory");
  EXPECT_EQ(evaluate::read_recorded_sessions(folder, {}).faults.size(), 1U);
  EXPECT_EQ(evaluate::read_tariff(folder).faults.size(), 1U);
  EXPECT_EQ(read_vehicles(folder).faults.size(), 1U);
}

} // namespace
} // namespace busbar::apps
