#include "adapters/ocpp/gateway/key_book.hpp"
#include "tests/builders/scratch_folder.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

namespace busbar::tests {

using adapters::ocpp::gateway::bytes_of_hex;
using adapters::ocpp::gateway::drawn_key_hex;
using adapters::ocpp::gateway::key_book;

namespace {

const std::string hex = "00ff10ababababababababababababababababab";

} // namespace

TEST(key_book, OCPP_4_a_key_is_let_in_as_bytes_and_as_the_hex_text_of_them) {
  key_book book;
  book.set("CP-1", *bytes_of_hex(hex));
  EXPECT_TRUE(book.is_key_of("CP-1", *bytes_of_hex(hex)));
  EXPECT_TRUE(book.is_key_of("CP-1", hex));
  EXPECT_FALSE(book.is_key_of("CP-1", hex.substr(2)));
  EXPECT_FALSE(book.is_key_of("CP-1", ""));
  EXPECT_FALSE(book.is_key_of("CP-2", hex)) << "an identity without a key";
  EXPECT_FALSE(key_book{}.is_key_of("", ""));
}

TEST(key_book, a_book_is_written_for_its_owner_alone_and_read_again) {
  const scratch_folder scratch;
  const auto path = scratch.place_of("keys");
  key_book book;
  book.set("wall box/1", *bytes_of_hex(hex));
  ASSERT_TRUE(book.write(path));
  struct stat about{};
  ASSERT_EQ(::stat(path.c_str(), &about), 0);
  EXPECT_EQ(about.st_mode & 0777, 0600u);
  const auto read = key_book::read(path);
  ASSERT_TRUE(read) << read.failure().message;
  EXPECT_TRUE(read.value().is_key_of("wall box/1", hex));
  ASSERT_EQ(::chmod(path.c_str(), 0644), 0);
  EXPECT_EQ(key_book::read(path).failure().code, domain::errc::forbidden);
}

TEST(key_book, a_device_or_a_pipe_is_refused_without_waiting_for_what_it_gives) {
  ASSERT_EQ(key_book::read("/dev/null").failure().message,
            "/dev/null: cannot be read: allowed is a regular file");
  const scratch_folder scratch;
  const auto path = scratch.place_of("keys");
  ASSERT_EQ(::mkfifo(path.c_str(), 0600), 0);
  EXPECT_EQ(key_book::read(path).failure().message,
            path + ": cannot be read: allowed is a regular file");
}

} // namespace busbar::tests
