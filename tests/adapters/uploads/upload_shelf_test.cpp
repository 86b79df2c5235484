// Files of stations: one for each token, bounded, kept over a restart.

#include "tests/adapters/http/station_files.hpp"
#include "tests/builders/scratch_folder.hpp"

#include <filesystem>
#include <iterator>

namespace busbar::tests {
namespace {

using adapters::uploads::upload_shelf;
using domain::errc;
using std::chrono::hours;
using std::chrono::seconds;

struct upload_shelves : testing::Test {
  void SetUp() override { open_folder(); }
  void open_folder() {
    auto opened = upload_shelf::open_folder(folder.place_of("files"), "http://busbar.example:8000");
    ASSERT_TRUE(opened);
    shelf = opened.value();
  }
  std::string token(domain::instant until = file_time + hours{1}) {
    return expected_token(*shelf, "wallbox-1", until);
  }
  auto open(const std::string& token, std::optional<std::uint64_t> bytes = std::nullopt,
            domain::instant now = file_time) {
    return shelf->open({token, "log.txt", "text/plain", bytes}, now);
  }
  std::size_t files() const {
    const std::filesystem::directory_iterator begin{folder.place_of("files")};
    return static_cast<std::size_t>(std::distance(begin, std::filesystem::directory_iterator{}));
  }

  scratch_folder folder;
  std::shared_ptr<upload_shelf> shelf;
};

} // namespace

TEST_F(upload_shelves, OCPP_11_a_token_is_of_32_random_bytes_and_takes_one_file) {
  const auto url = shelf->expect("wallbox-1", "GetLog", file_time + hours{1});
  ASSERT_TRUE(url);
  EXPECT_TRUE(url.value().starts_with("http://busbar.example:8000/uploads/"));
  const auto given = url.value().substr(url.value().rfind('/') + 1);
  EXPECT_EQ(given.size(), 64u);
  EXPECT_EQ(given.find_first_not_of("0123456789abcdef"), given.npos);
  EXPECT_NE(given, token());
  {
    auto file = open(given);
    ASSERT_TRUE(file);
    ASSERT_TRUE(file.value()->write("ab"));
    EXPECT_EQ(open(given).failure().code, errc::unknown_reference) << "while it comes";
    const auto kept = file.value()->finish(file_time);
    ASSERT_TRUE(kept);
    EXPECT_EQ(kept.value().bytes, 2u);
    EXPECT_EQ(kept.value().action, "GetLog");
  }
  EXPECT_EQ(open(given).failure().code, errc::unknown_reference) << "used up";
  EXPECT_EQ(open("").failure().code, errc::unknown_reference);
  EXPECT_EQ(open(std::string(64, '0')).failure().code, errc::unknown_reference);
}

TEST_F(upload_shelves, OCPP_11_a_token_expires) {
  const auto given = token(file_time + seconds{10});
  EXPECT_EQ(open(given, std::nullopt, file_time + seconds{10}).failure().code,
            errc::unknown_reference);
}

TEST_F(upload_shelves, OCPP_11_a_file_that_breaks_off_is_removed_and_may_come_again) {
  const auto given = token();
  {
    auto file = open(given);
    ASSERT_TRUE(file);
    ASSERT_TRUE(file.value()->write("ab"));
    EXPECT_EQ(files(), 1u);
  }
  EXPECT_EQ(files(), 0u);
  EXPECT_TRUE(open(given));
}

TEST_F(upload_shelves, OCPP_11_a_file_beyond_64_MiB_is_removed_and_its_token_used_up) {
  const auto given = token();
  {
    auto file = open(given);
    ASSERT_TRUE(file);
    const std::string part(1'048'576, 'x');
    for (int i = 0; i < 64; ++i) ASSERT_TRUE(file.value()->write(part));
    const auto more = file.value()->write("x");
    ASSERT_FALSE(more);
    EXPECT_EQ(more.failure().code, errc::too_large);
  }
  EXPECT_EQ(files(), 0u);
  EXPECT_EQ(open(given).failure().code, errc::unknown_reference);
  const auto stated = token();
  EXPECT_EQ(open(stated, 67'108'865).failure().code, errc::too_large);
  EXPECT_EQ(open(stated).failure().code, errc::unknown_reference);
}

TEST_F(upload_shelves, OCPP_11_at_most_16_files_come_at_once_and_1000_are_expected) {
  std::vector<std::unique_ptr<ports::upload_writer>> open_files;
  for (int i = 0; i < 16; ++i) open_files.push_back(std::move(open(token()).value()));
  const auto given = token();
  EXPECT_EQ(open(given).failure().code, errc::full);
  open_files.clear();
  EXPECT_TRUE(open(given)) << "it was not used up";
  while (shelf->expect("wallbox-1", "GetLog", file_time + hours{1})) continue;
  EXPECT_EQ(shelf->expect("wallbox-1", "GetLog", file_time).failure().code, errc::full);
  shelf->forget("http://busbar.example:8000/uploads/" + given);
  EXPECT_TRUE(shelf->expect("wallbox-1", "GetLog", file_time));
}

TEST_F(upload_shelves, OCPP_11_files_outlive_the_process_and_what_is_unfinished_does_not) {
  put_file(*shelf, "wallbox-1");
  put_file(*shelf, "wallbox-2");
  auto unfinished = open(token());
  ASSERT_TRUE(unfinished);
  EXPECT_EQ(files(), 5u);
  open_folder();
  EXPECT_EQ(files(), 4u);
  ASSERT_EQ(shelf->of("wallbox-1").size(), 1u);
  EXPECT_EQ(shelf->of("wallbox-1")[0].file_name, "log.txt");
  EXPECT_EQ(shelf->of("wallbox-1")[0].received_at, file_time);
  const auto read = shelf->read("wallbox-1", 1);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->bytes, "ab");
  EXPECT_FALSE(shelf->read("wallbox-2", 1)) << "another station's";
  EXPECT_FALSE(shelf->read("wallbox-1", 3));
}

TEST(upload_shelf, an_address_that_stations_cannot_reach_is_refused) {
  const scratch_folder folder;
  for (const char* wrong : {"", "busbar.example", "ftp://busbar.example", "http://",
                            "http://busbar.example/files", "http://user@busbar.example"})
    EXPECT_EQ(upload_shelf::open_folder(folder.place_of("files"), wrong).failure().code,
              errc::out_of_range)
        << wrong;
}

} // namespace busbar::tests
