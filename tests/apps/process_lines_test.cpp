// What a command writes to standard error beside the lines of its events.

#include "apps/process_lines.hpp"

#include "apps/print_faults.hpp"
#include "domain/time_text.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <sstream>
#include <vector>

namespace busbar::apps {
namespace {

using adapters::logging::line_format;

class process_lines : public testing::Test {
protected:
  void TearDown() override { write_lines_as(line_format::text); }
};

std::vector<nlohmann::json> lines_of(const std::string& text) {
  std::vector<nlohmann::json> lines;
  std::istringstream in{text};
  for (std::string line; std::getline(in, line);)
    lines.push_back(nlohmann::json::parse(line, nullptr, false));
  return lines;
}

} // namespace

TEST_F(process_lines, are_text_as_it_stands_until_another_form_is_chosen) {
  testing::internal::CaptureStderr();
  print_line(domain::severity::warning, "open_address", "busbar: warning: nobody is asked");
  EXPECT_EQ(testing::internal::GetCapturedStderr(), "busbar: warning: nobody is asked\n");
}

TEST_F(process_lines, are_one_json_object_each_where_that_is_chosen) {
  write_lines_as(line_format::json);
  domain::fault_list faults;
  faults.add("site.toml:1:1: \"quoted\"");
  testing::internal::CaptureStderr();
  print_line(domain::severity::warning, "open_address", "busbar: warning: nobody is asked");
  EXPECT_EQ(print_faults(faults, "over: "), 2);
  const auto lines = lines_of(testing::internal::GetCapturedStderr());
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0]["level"], "warning");
  EXPECT_EQ(lines[0]["kind"], "open_address");
  EXPECT_EQ(lines[0]["text"], "busbar: warning: nobody is asked");
  EXPECT_TRUE(domain::instant_from(lines[0]["at"].get<std::string>()));
  EXPECT_EQ(lines[1]["level"], "critical");
  EXPECT_EQ(lines[1]["kind"], "bad_input");
  EXPECT_EQ(lines[1]["text"], "over: site.toml:1:1: \"quoted\"");
}

} // namespace busbar::apps
