// Whatever stands in a site file, it is read or refused with places: never a crash, never a site
// that a planner cannot run. Examples, mutated at random; the seed of a failure is printed.

#include "adapters/config/site_file.hpp"

#include "control/limits/fallback_check.hpp"
#include "control/limits/live_limits.hpp"
#include "control/planner.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <fstream>
#include <iterator>
#include <memory>
#include <random>
#include <regex>
#include <string>
#include <vector>

namespace busbar::adapters::config {

namespace {

std::string text_of_example(const std::string& name) {
  std::ifstream file{BUSBAR_SOURCE_DIR "/examples/" + name, std::ios::binary};
  return {std::istreambuf_iterator<char>{file}, {}};
}

/// One example, changed at a few places.
class mutation {
public:
  mutation(std::string text, std::uint32_t seed) : text_(std::move(text)), random_(seed) {}

  std::string make() {
    for (auto left = 1 + below(4); left > 0; --left) change();
    return text_;
  }

private:
  std::size_t below(std::size_t bound) { return random_() % bound; }

  void change() {
    switch (below(6)) {
    case 0: return flip_byte();
    case 1: return change_number();
    case 2: return move_line(false);
    case 3: return move_line(true);
    case 4: return cut();
    default: return change_value();
    }
  }

  void flip_byte() {
    if (!text_.empty()) text_[below(text_.size())] = static_cast<char>(below(256));
  }

  /// A number that starts at or after a random place, or nothing.
  void change_number() {
    static constexpr std::array numbers{"0",    "-1",      "1",    "0.0004",
                                        "1e308", "nan",    "inf",  "9223372036854775807",
                                        "1000", "100000", "65536", "7.5"};
    const auto from = text_.find_first_of("0123456789", below(text_.size() + 1));
    if (from == std::string::npos) return;
    const auto end = text_.find_first_not_of("0123456789._", from);
    text_.replace(from, end - from, numbers[below(numbers.size())]);
  }

  /// A line somewhere else, or there as well.
  void move_line(bool is_copied) {
    const auto [from, size] = line_at(below(text_.size() + 1));
    const auto line = text_.substr(from, size);
    if (!is_copied) text_.erase(from, size);
    text_.insert(line_at(below(text_.size() + 1)).first, line);
  }

  void cut() {
    if (text_.empty()) return;
    text_.erase(below(text_.size()), 1 + below(40));
  }

  /// What stands behind some '='.
  void change_value() {
    static constexpr std::array values{"true",         "\"L1\"",      "[]",
                                       "{}",           "[1, 2, 3]",   "[\"L1\", \"L2\"]",
                                       "\"service\"",  "\"dc\"",      "\"delta\"",
                                       "\"delta-wye\"", "1979-05-27", "[{ a = 1 }]",
                                       "\"stop\"",     "\"G-{n}\"",   "\"ac_level2_single\""};
    const auto from = text_.find("= ", below(text_.size() + 1));
    if (from == std::string::npos) return;
    const auto end = std::min(text_.find('\n', from), text_.size());
    text_.replace(from + 2, end - from - 2, values[below(values.size())]);
  }

  std::pair<std::size_t, std::size_t> line_at(std::size_t place) {
    const auto before = place == 0 ? std::string::npos : text_.rfind('\n', place - 1);
    const auto from = before == std::string::npos ? 0 : before + 1;
    const auto end = text_.find('\n', from);
    return {from, (end == std::string::npos ? text_.size() : end + 1) - from};
  }

  std::string text_;
  std::mt19937 random_;
};

/// Two plans of a busy site with odd measurements: asserts are on, bounds hold or they end it.
void plan(const std::shared_ptr<const domain::site>& site) {
  control::limits::live_limits live{*site};
  control::planner planner{site};
  control::image image;
  image.topology = site;
  image.connectors.resize(site->connectors.size());
  for (auto& each : image.connectors) each.wants = true;
  const domain::milliamperes most{100'000};
  for (const auto seconds : {10, 40}) {
    image.now = domain::instant{std::chrono::seconds{1'000'000 + seconds}};
    image.nodes.assign(site->nodes.size(), {});
    for (std::size_t i = 0; i < site->nodes.size(); ++i)
      live.observe(domain::node_index{i},
                   {domain::per_line<domain::milliamperes>{most, {}, most}, domain::watts{46'000},
                    domain::millivolts{212'000}, 49'500},
                   image.now, image.nodes[i].live_limits);
    EXPECT_EQ(planner.decide(image).grants.size(), site->connectors.size());
  }
}

/// Why what `parse_site` made of `text` is not as it must be; empty: it is.
std::string complaint_about(const std::string& text) {
  static const std::regex placed{"site\\.toml:[1-9][0-9]*:[1-9][0-9]*: [^\\n]+[^]*"};
  const auto loaded = parse_site(text, "site.toml");
  if (loaded.site == nullptr && loaded.faults.empty()) return "neither a site nor a fault";
  if (loaded.site && !loaded.faults.empty()) return "a site and a fault";
  for (const auto& fault : loaded.faults)
    if (!std::regex_match(text_of(fault), placed)) return text_of(fault);
  if (!loaded.site) return {};
  if (!control::limits::check_fallbacks(*loaded.site).empty()) return "LIM-4";
  plan(loaded.site);
  return {};
}

/// How many of `count` mutations were refused.
int refusals_of(const std::string& example, std::uint32_t count) {
  const auto original = text_of_example(example);
  int refused = 0;
  for (std::uint32_t seed = 1; seed <= count; ++seed) {
    const auto text = mutation{original, seed}.make();
    const auto complaint = complaint_about(text);
    EXPECT_EQ(complaint, "") << "SEED=" << seed << " of " << example << "\n" << text;
    if (!complaint.empty()) return refused;
    refused += parse_site(text, "site.toml").site == nullptr ? 1 : 0;
  }
  return refused;
}

} // namespace

TEST(site_mutations, LIM_4_a_mutated_site_is_safe_or_refused_with_places) {
  const auto refused = refusals_of("garage.toml", 1'500);
  EXPECT_GT(refused, 500) << "mutations that mean nothing show nothing";
  EXPECT_LT(refused, 1'500);
}

TEST(site_mutations, LIM_4_a_mutated_site_behind_delta_wye_is_safe_or_refused_with_places) {
  EXPECT_GT(refusals_of("caltech/site.toml", 300), 100);
}

TEST(site_mutations, a_truncated_site_is_refused_with_places) {
  const auto text = text_of_example("garage.toml");
  for (std::size_t size = 0; size < text.size(); size += 37) {
    const auto complaint = complaint_about(text.substr(0, size));
    ASSERT_EQ(complaint, "") << "the first " << size << " bytes";
  }
}

TEST(site_mutations, LIM_6_every_way_to_be_wired_fits_into_the_exact_split) {
  // 15 delta-wye transformers in a chain, below each every kind of load: angle by angle as many as
  // a tree of the allowed depth can show a line.
  std::string text = "[site]\nid = \"chain\"\n[[node]]\nid = \"n0\"\nkind = \"service\"\n";
  const std::vector<std::string> loads{
      R"(phases = ["L1"])", R"(phases = ["L2"])", R"(phases = ["L3"])",
      R"(phases = ["L1", "L2"])", R"(phases = ["L2", "L3"])", R"(phases = ["L3", "L1"])",
      R"(phases = ["L1", "L2", "L3"])",
      "phases = [\"L1\", \"L2\"]\nwiring = \"delta\"",
      "phases = [\"L2\", \"L3\"]\nwiring = \"delta\"",
      "phases = [\"L3\", \"L1\"]\nwiring = \"delta\""};
  for (int level = 0; level < 16; ++level) {
    const auto name = "n" + std::to_string(level);
    if (level > 0)
      text += "[[node]]\nid = \"" + name + "\"\nkind = \"transformer\"\nparent = \"n" +
              std::to_string(level - 1) + "\"\nrated_va = 100000000\nwinding = \"delta-wye\"\n" +
              "primary_v = 400\nsecondary_v = " + std::to_string(400 + level) + "\n";
    for (std::size_t load = 0; load < loads.size(); ++load)
      text += "[[station]]\nid = \"" + name + "-" + std::to_string(load) + "\"\nnode = \"" + name +
              "\"\n[[station.connector]]\nmax_a = 32\n" + loads[load] + "\n";
  }
  const auto loaded = parse_site(text, "site.toml");
  ASSERT_TRUE(loaded.site) << text_of(loaded.faults.front());
  EXPECT_EQ(loaded.site->connectors.size(), 160U);
}

} // namespace busbar::adapters::config
