// The tables against the schemas that another project ships (npm, locked in `peers/`), so that they
// are held to a second set, and to one at all where ../shared is not at hand.

#include "schema_cases.hpp"
#include "tests/builders/scratch_folder.hpp"

#include <gmock/gmock.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace busbar::ocpp::v16 {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

/// Installs the package below the folder; empty where that cannot be.
fs::path installed_schemas(const fs::path& folder) {
  for (const char* name : {"package.json", "package-lock.json"})
    fs::copy_file(fs::path(BUSBAR_SOURCE_DIR) / "tests/ocpp/v16/peers" / name, folder / name,
                  fs::copy_options::overwrite_existing);
  const auto command = "npm ci --ignore-scripts --no-audit --no-fund --prefix " +
                       folder.string() + " >/dev/null 2>&1";
  if (std::system(command.c_str()) != 0) return {};
  return folder / "node_modules/ocpp-rpc/lib/schemas/ocpp1_6.json";
}

/// "urn:MeterValues.req".
schema schema_of(const json& text) {
  const auto id = text.at("$id").get<std::string>();
  const auto colon = id.find(':') + 1;
  const auto point = id.rfind('.');
  return {id.substr(colon, point - colon),
          id.substr(point) == ".conf" ? direction::response : direction::request, text};
}

/// Three rules of MeterValues where this set allows other things than the protocol's own one:
/// empty lists, and Hertz is missing. The set is brought to the protocol's; each must differ.
void mend(schema& of) {
  if (of.name != "MeterValues" || of.way != direction::request) return;
  auto& entries = of.text.at("properties").at("meterValue");
  auto& samples = entries.at("items").at("properties").at("sampledValue");
  auto& units = samples.at("items").at("properties").at("unit").at("enum");
  EXPECT_FALSE(entries.contains("minItems"));
  EXPECT_FALSE(samples.contains("minItems"));
  EXPECT_THAT(units, testing::Not(testing::Contains(json("Hertz"))));
  entries["minItems"] = 1;
  samples["minItems"] = 1;
  units.push_back("Hertz");
}

} // namespace

TEST(peer_schemas, tables_and_the_schemas_of_another_project_are_equal) {
  const tests::scratch_folder scratch;
  const auto path = installed_schemas(scratch.path());
  if (path.empty()) GTEST_SKIP() << "SKIPPED: npm could not install ocpp-rpc: is there a network?";
  std::ifstream file(path);
  const auto texts = json::parse(file);
  ASSERT_EQ(texts.size(), 2U * action_count);
  for (const auto& text : texts) {
    auto each = schema_of(text);
    mend(each);
    const auto which = action_from(each.name);
    ASSERT_TRUE(which) << each.name;
    EXPECT_EQ(fields_of(form_of(*which).fields(each.way)), fields_of(each)) << each.name;
    for (const auto& test : cases_of(each))
      EXPECT_EQ(checked(each, test.payload), judged(each, test.payload))
          << each.name << " " << test.what;
  }
}

} // namespace busbar::ocpp::v16
