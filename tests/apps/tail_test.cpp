// The bytes of the stream, however they are cut; the lines for people.

#include "apps/tail/entry_text.hpp"
#include "apps/tail/event_stream.hpp"
#include "apps/tail/stream_connection.hpp"

#include <gtest/gtest.h>

#include <sstream>

namespace busbar::apps {
namespace {

std::string chunk(const std::string& text, const std::string& extension = "") {
  std::ostringstream made;
  made << std::hex << text.size() << extension << "\r\n" << text << "\r\n";
  return made.str();
}

std::string answer() {
  return std::string{"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"} +
         chunk("id: 7\nevent: journal\ndata: {\"a") +
         chunk("\":1}\n\nid: 8\ndata:", ";extension=yes") + chunk(" x\ndata: y\r\n\r\n") +
         "0\r\n\r\n";
}

std::vector<stream_event> events_in(std::string_view bytes, std::size_t cut_every) {
  answer_parser http;
  event_parser events;
  std::vector<stream_event> all;
  for (std::size_t place = 0; place < bytes.size(); place += cut_every)
    for (auto& event : events.feed(http.feed(bytes.substr(place, cut_every))))
      all.push_back(std::move(event));
  EXPECT_EQ(http.status(), 200);
  EXPECT_EQ(events.last_id(), "8");
  return all;
}

TEST(event_stream, gives_the_same_events_however_the_bytes_are_cut) {
  const std::string bytes = answer();
  for (std::size_t cut_every = 1; cut_every < 60; ++cut_every) {
    const auto all = events_in(bytes, cut_every);
    ASSERT_EQ(all.size(), 2U) << cut_every;
    EXPECT_EQ(all[0].name, "journal");
    EXPECT_EQ(all[0].data, "{\"a\":1}");
    EXPECT_EQ(all[1].name, "message");
    EXPECT_EQ(all[1].data, "x\ny");
  }
}

TEST(event_stream, a_body_without_chunks_is_taken_as_it_comes) {
  answer_parser http;
  EXPECT_EQ(http.feed("HTTP/1.1 503 Service Unavailable\r\nX: y\r\n\r\nbusy"), "busy");
  EXPECT_EQ(http.status(), 503);
}

TEST(event_stream, what_is_no_http_or_no_chunk_is_broken) {
  answer_parser not_http;
  not_http.feed("SSH-2.0-OpenSSH\r\n\r\n");
  EXPECT_TRUE(not_http.is_broken());
  answer_parser bad_chunk;
  bad_chunk.feed("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
  EXPECT_TRUE(bad_chunk.is_broken());
  answer_parser endless;
  endless.feed(std::string(20'000, 'x'));
  EXPECT_TRUE(endless.is_broken());
}

TEST(tail_entry, is_one_line_with_time_role_subject_and_text) {
  const std::string entry =
      R"({"number":1,"at":"2026-05-01T12:00:01.250000Z","site":"s","role":"driver",)"
      R"("level":"info","kind":"accepted","subject":"Alice","text":"may charge at CP-003"})";
  EXPECT_EQ(entry_text(entry, false),
            "12:00:01.250 driver  Alice          accepted        may charge at CP-003");
  EXPECT_EQ(entry_text(entry, true).substr(0, 5), "\033[35m");
}

TEST(tail_entry, says_who_caused_it_where_that_is_not_the_system) {
  const auto entry = [](const std::string& by) {
    return entry_text(R"({"text":"limit lifted","caused_by":)" + by + "}", false);
  };
  EXPECT_TRUE(entry(R"({"kind":"program","name":"http api"})")
                  .ends_with("limit lifted (by program http api)"));
  EXPECT_TRUE(entry(R"({"kind":"system","name":""})").ends_with("limit lifted"));
  EXPECT_TRUE(entry("1").ends_with("limit lifted"));
}

TEST(tail_entry, text_from_elsewhere_cannot_steer_the_terminal) {
  EXPECT_EQ(entry_text("\033[2J", false), " [2J");
  EXPECT_EQ(entry_text(R"({"text":"a\u001b[2Jb"})", false).find('\033'), std::string::npos);
}

TEST(tail_entry, is_about_a_station_that_its_subject_or_its_text_names) {
  const auto entry = [](const std::string& subject, const std::string& text) {
    return R"({"subject":")" + subject + R"(","text":")" + text + R"("})";
  };
  EXPECT_TRUE(is_about(entry("CP-001", ""), "CP-001"));
  EXPECT_TRUE(is_about(entry("CP-001-1", ""), "CP-001")) << "its connector";
  EXPECT_TRUE(is_about(entry("Alice", "asks for CP-001"), "CP-001"));
  EXPECT_FALSE(is_about(entry("CP-0010", "CP-0011"), "CP-001"));
  EXPECT_FALSE(is_about(entry("XCP-001", ""), "CP-001"));
  EXPECT_TRUE(is_about(entry("CP-002", ""), "")) << "every entry";
}

TEST(tail_address, takes_http_with_host_and_port_and_refuses_the_rest) {
  EXPECT_EQ(stream_address_of("http://127.0.0.1:8123/").value().port, "8123");
  EXPECT_EQ(stream_address_of("http://engine").value().port, "80");
  for (const auto* bad : {"https://x:1", "http://", "http://x:port", "x:1", "http://x:1/path"})
    EXPECT_FALSE(stream_address_of(bad)) << bad;
}

} // namespace
} // namespace busbar::apps
