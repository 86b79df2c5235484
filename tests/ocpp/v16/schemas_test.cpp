#include "schema_cases.hpp"
#include "shared_files.hpp"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

namespace busbar::ocpp::v16 {
namespace {

namespace fs = std::filesystem;

std::vector<schema> schemas_in(const fs::path& folder) {
  std::vector<schema> schemas;
  for (const auto& entry : fs::directory_iterator(folder)) {
    if (entry.path().extension() != ".json") continue;
    std::string name = entry.path().stem();
    const bool is_response = name.ends_with("Response");
    if (is_response) name.resize(name.size() - std::string("Response").size());
    std::ifstream file(entry.path());
    schemas.push_back({name, is_response ? direction::response : direction::request,
                       nlohmann::json::parse(file)});
  }
  return schemas;
}

} // namespace

TEST(schemas, every_field_of_every_message_is_as_its_schema_says) {
  const auto folder = shared_file("schemas_v16");
  if (folder.empty()) GTEST_SKIP() << "no ../shared/ocpp/schemas_v16 beside the repository";
  const auto schemas = schemas_in(folder);
  EXPECT_EQ(schemas.size(), 2U * action_count);
  for (const auto& each : schemas) {
    const auto which = action_from(each.name);
    ASSERT_TRUE(which) << each.name;
    EXPECT_EQ(fields_of(form_of(*which).fields(each.way)), fields_of(each)) << each.name;
  }
}

TEST(schemas, each_rule_broken_once_in_each_field_is_refused_with_its_code_and_all_else_allowed) {
  const auto folder = shared_file("schemas_v16");
  if (folder.empty()) GTEST_SKIP() << "no ../shared/ocpp/schemas_v16 beside the repository";
  std::size_t count = 0;
  std::map<std::string, std::size_t> codes;
  for (const auto& each : schemas_in(folder)) {
    for (const auto& test : cases_of(each)) {
      const auto wanted = judged(each, test.payload);
      EXPECT_EQ(checked(each, test.payload), wanted) << each.name << " " << test.what;
      ++count;
      ++codes[wanted];
    }
  }
  // Each code is earned, and the sets are no empty ones.
  EXPECT_GT(count, 10'000U);
  for (const char* code : {"", "FormationViolation", "TypeConstraintViolation",
                           "OccurenceConstraintViolation", "PropertyConstraintViolation"})
    EXPECT_GT(codes[code], 50U) << code;
  std::printf("%zu payloads of 78 messages, %zu of them allowed\n", count, codes[""]);
}

} // namespace busbar::ocpp::v16
