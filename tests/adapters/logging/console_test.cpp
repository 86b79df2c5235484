// What one event looks like on standard error.

#include "adapters/logging/console.hpp"

#include <gtest/gtest.h>

#include <algorithm>

#include <nlohmann/json.hpp>

namespace busbar::adapters::logging {
namespace {

using namespace std::chrono_literals;
using domain::severity;

// 490,000 hours are 20,416 days and 16 hours: 2025-11-24T16:00:00Z.
constexpr domain::instant noon{std::chrono::hours{490'000}};

log_line line(const std::string& text) {
  return {noon, severity::warning, "breaker_opened", "garage", "CP-003", text};
}

TEST(log_line, an_event_is_one_line_with_time_severity_kind_site_and_subject) {
  EXPECT_EQ(text_of(line("5 of 5 calls failed")),
            "2025-11-24T16:00:00Z warning breaker_opened garage CP-003: 5 of 5 calls failed");
}

TEST(log_line, control_characters_of_a_station_stay_on_the_line) {
  EXPECT_EQ(text_of(line("a\r\n\x1b[31mb\x7f")).substr(59),
            "a\\x0d\\x0a\\x1b[31mb\\x7f");
}

TEST(log_line, json_reads_back_and_has_no_empty_members) {
  auto one = line("quoted \" and \n broken");
  one.subject.clear();
  const auto text = json_of(one);
  EXPECT_EQ(text.find('\n'), std::string::npos);
  const auto read = nlohmann::json::parse(text);
  EXPECT_EQ(read["text"], one.text);
  EXPECT_EQ(read["level"], "warning");
  EXPECT_FALSE(read.contains("subject"));
}

TEST(log_line, bytes_that_are_no_text_do_not_break_json) {
  EXPECT_EQ(nlohmann::json::parse(json_of(line("\xff")))["text"], "\xef\xbf\xbd"); // U+FFFD
}

std::string written_by(console_settings settings) {
  testing::internal::CaptureStderr();
  {
    console lines{settings};
    lines.write(domain::event{domain::site_id{"garage"}, noon, domain::speaker::central,
                              severity::warning, "fault", "CP-001", "hot"});
    lines.write(domain::event{domain::site_id{"garage"}, noon, domain::speaker::central,
                              severity::info, "note", "CP-001", "calm"});
  }
  return testing::internal::GetCapturedStderr();
}

TEST(console, events_below_the_level_are_not_written) {
  EXPECT_EQ(written_by({severity::warning, line_format::text}),
            "2025-11-24T16:00:00Z warning fault garage CP-001: hot\n");
  EXPECT_EQ(written_by({severity::critical, line_format::text}), "");
  EXPECT_EQ(written_by({std::nullopt, line_format::text}), "");
}

TEST(console, what_its_budget_withholds_is_told_once_a_window) {
  testing::internal::CaptureStderr();
  {
    console lines;
    for (int n = 0; n < 610; ++n)
      lines.write(log_line{noon, severity::warning, "command_unanswered", "s", "x", "no answer"});
    lines.tell_withheld(noon + 10s);
  }
  const auto text = testing::internal::GetCapturedStderr();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 11);
  EXPECT_NE(text.find("lines_withheld command_unanswered: 600 more lines"), std::string::npos);
}

} // namespace
} // namespace busbar::adapters::logging
