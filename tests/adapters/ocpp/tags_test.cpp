// Tags: their file, and what stations are told of them.

#include "adapters/ocpp/gateway/tag_book.hpp"
#include "tests/adapters/ocpp/station_desk.hpp"
#include "tests/builders/scratch_folder.hpp"

#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

namespace busbar::tests {

using adapters::ocpp::gateway::tag_book;
using control::sessions::tag_verdict;
using testing::HasSubstr;
using testing::Not;

namespace {

std::string text_of(const std::string& path) {
  std::ifstream in{path};
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

struct tagged_desk : station_desk {
  tagged_desk() {
    house.judge = [this](const station::stated_tag&, domain::instant) { return told; };
    serve();
  }
  station::tag_answer told;
};

} // namespace

TEST(tag_book, is_read_from_its_file_and_each_change_stands_in_it) {
  const scratch_folder folder;
  const auto path = folder.write("tags.csv", "tag,status,expires,parent,notes\r\n"
                                             "04A2B3C4,Accepted,2027-01-01T00:00:00Z,FLEET,a, b\r\n"
                                             "\nDEADBEEF,Blocked\n");
  auto book = tag_book::read(path);
  ASSERT_TRUE(book) << book.failure().message;
  const auto* van = book.value().find("04a2b3c4");
  ASSERT_NE(van, nullptr);
  EXPECT_EQ(van->notes, "a, b");
  EXPECT_EQ(van->parent, "FLEET");
  EXPECT_TRUE(van->expires_at);
  EXPECT_TRUE(book.value().find("DEADBEEF")->is_blocked);
  ASSERT_TRUE(book.value().put({"deadbeef", false, std::nullopt, {}, "found"}));
  ASSERT_TRUE(book.value().remove("04A2B3C4"));
  EXPECT_EQ(text_of(path), "tag,status,expires,parent,group,concurrent,notes\n"
                           "deadbeef,Accepted,,,,,found\n");
  EXPECT_EQ(tag_book::read(path).value().all(), book.value().all());
  EXPECT_FALSE(book.value().remove("04A2B3C4")) << "it is gone";
}

TEST(tag_book, group_and_concurrent_use_are_read_where_the_first_line_names_them) {
  const scratch_folder folder;
  const std::string head = "tag,status,expires,parent,group,concurrent,notes\n";
  const auto path = folder.write("tags.csv", head + "T1,,,FLEET,staff,2,a, b\nT2\n");
  auto book = tag_book::read(path);
  ASSERT_TRUE(book) << book.failure().message;
  const tag_book::tag_type one{"T1", false, std::nullopt, "FLEET", "a, b", "staff", 2};
  EXPECT_EQ(*book.value().find("T1"), one);
  EXPECT_EQ(book.value().find("T2")->concurrent_max, 0u);
  ASSERT_TRUE(book.value().remove("T2"));
  EXPECT_EQ(text_of(path), head + "T1,Accepted,,FLEET,staff,2,a, b\n");
  const auto fault = [&](const std::string& line) {
    folder.write("tags.csv", head + line);
    const auto read = tag_book::read(path);
    return read ? std::string{} : read.failure().message.substr(path.size());
  };
  EXPECT_EQ(fault("T1,,,,,0,\n"), ":2: concurrent '0': allowed are 1 to 1000");
  EXPECT_EQ(fault("T1,,,,,1001,\n"), ":2: concurrent '1001': allowed are 1 to 1000");
  EXPECT_EQ(fault("T1,,,,,2x,\n"), ":2: concurrent '2x': allowed are 1 to 1000");
  EXPECT_THAT(fault("T1,,,,a group,,\n"), HasSubstr(":2: group 'a group': allowed are 1 to 20"));
}

TEST(tag_book, a_line_that_is_wrong_is_named) {
  const scratch_folder folder;
  const auto fault = [&](const std::string& text) {
    const auto path = folder.write("tags.csv", text);
    const auto book = tag_book::read(path);
    return book ? std::string{} : book.failure().message.substr(path.size());
  };
  EXPECT_EQ(fault("T1,Lost\n"), ":1: status 'Lost': allowed are Accepted, Blocked");
  EXPECT_EQ(fault("T1\nT2,,tomorrow\n"),
            ":2: expires 'tomorrow': allowed is a time such as 2027-01-01T00:00:00Z");
  EXPECT_EQ(fault("T1\nt1\n"), ":2: tag 't1' is there already");
  EXPECT_THAT(fault("a tag\n"), HasSubstr(":1: tag 'a tag': allowed are 1 to 20 printable"));
  EXPECT_THAT(fault("T1,,,a parent\n"), HasSubstr(":1: parent 'a parent': allowed are"));
}

TEST(tag_book, what_cannot_be_kept_changes_nothing) {
  const scratch_folder folder;
  auto book = tag_book::read(folder.place_of("no such folder/tags.csv"));
  ASSERT_TRUE(book);
  const auto done = book.value().put({"T", false, std::nullopt, {}, {}});
  ASSERT_FALSE(done);
  EXPECT_EQ(done.failure().code, domain::errc::unavailable);
  EXPECT_EQ(book.value().find("T"), nullptr);
  EXPECT_EQ(book.value().put({"T", false, std::nullopt, {}, "a\nb"}).failure().code,
            domain::errc::out_of_range);
}

TEST(tags, a_station_is_told_status_expiry_and_parent) {
  tagged_desk desk;
  desk.told = {tag_verdict::expired, domain::instant{std::chrono::sys_days{
                                         std::chrono::year{2026} / 1 / 1}},
               "FLEET"};
  EXPECT_THAT(desk.call("Authorize", R"({"idTag":"T"})"),
              HasSubstr(R"({"idTagInfo":{"status":"Expired",)"
                        R"("expiryDate":"2026-01-01T00:00:00Z","parentIdTag":"FLEET"}})"));
  desk.told = {};
  EXPECT_THAT(desk.call("Authorize", R"({"idTag":"T"})"),
              HasSubstr(R"({"idTagInfo":{"status":"Accepted"}})"));
}

TEST(tags, a_transaction_of_a_refused_tag_has_its_session_and_is_stopped_after_10_s) {
  tagged_desk desk;
  desk.told.verdict = tag_verdict::blocked;
  const auto number = desk.start();
  EXPECT_GT(number, 0);
  EXPECT_THAT(desk.last.frames.front(), HasSubstr(R"("status":"Blocked")"));
  ASSERT_EQ(desk.last.requests.size(), 1u) << "it is a fact";
  EXPECT_TRUE(desk.has(station::count::tags_refused));
  std::string sent;
  const auto pass = [&](int seconds_more) {
    sent.clear();
    for (int i = 0; i < seconds_more; ++i) {
      desk.now += seconds{1};
      desk.last = desk.machine.pulse(desk.now);
      for (const auto& each : desk.last.frames) sent += each;
      if (!desk.last.frames.empty()) desk.answer(R"({"status":"Accepted"})");
    }
  };
  pass(9);
  EXPECT_THAT(sent, Not(HasSubstr("RemoteStopTransaction")));
  pass(2);
  EXPECT_THAT(sent, HasSubstr("RemoteStopTransaction\",{\"transactionId\":" +
                              std::to_string(number)));
  pass(55);
  EXPECT_THAT(sent, Not(HasSubstr("RemoteStopTransaction")));
  pass(10);
  EXPECT_THAT(sent, HasSubstr("RemoteStopTransaction"));
  desk.stop(number, 1'000);
  pass(120);
  EXPECT_THAT(sent, Not(HasSubstr("RemoteStopTransaction")));
}

TEST(tags, one_that_stops_by_itself_is_not_asked_to) {
  tagged_desk desk;
  desk.told.verdict = tag_verdict::invalid;
  const auto number = desk.start();
  desk.stop(number, 1'000);
  for (int i = 0; i < 60; ++i) {
    desk.now += seconds{1};
    desk.last = desk.machine.pulse(desk.now);
    for (const auto& each : desk.last.frames)
      EXPECT_THAT(each, Not(HasSubstr("RemoteStopTransaction")));
  }
}

TEST(tags, a_tag_that_comes_before_an_ordered_start_is_another_drivers_and_is_judged) {
  tagged_desk desk;
  auto told = desk.command(domain::command_kind::start, 1);
  told.session = domain::session_id{"CP-4.5.9"};
  told.driver = domain::driver_id{"Anna"};
  desk.tell(told);
  desk.answer(R"({"status":"Accepted"})");
  desk.told.verdict = tag_verdict::blocked;
  desk.start("DEADBEEF", 500);
  EXPECT_THAT(desk.last.frames.front(), HasSubstr("Blocked"));
  const auto& other = desk.machine.state().transactions.front();
  EXPECT_TRUE(other.session.is_empty()) << "it is none of the driver's whose start was ordered";
  EXPECT_EQ(other.driver.text(), "DEADBEEF");
  EXPECT_TRUE(desk.machine.state().connectors.front().start) << "that one is still awaited";
}

TEST(tags, an_ordered_start_is_known_by_its_tag_in_any_case_without_being_judged) {
  tagged_desk desk;
  auto told = desk.command(domain::command_kind::start, 1);
  told.session = domain::session_id{"CP-4.5.9"};
  told.driver = domain::driver_id{"a-driver-with-a-long-name"};
  desk.tell(told);
  desk.answer(R"({"status":"Accepted"})");
  desk.told.verdict = tag_verdict::invalid;
  desk.start("A-DRIVER-WITH-A-LONG", 500);
  EXPECT_EQ(desk.machine.state().transactions.front().session.text(), "CP-4.5.9");
}

} // namespace busbar::tests
