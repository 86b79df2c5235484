#include "apps/replay/what_if.hpp"

#include "text/suggestion.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <utility>

namespace busbar::apps::replay {

namespace {

domain::error wrong(const std::string& text) {
  return {domain::errc::malformed,
          "--set: " + text + ": NODE.limit=63A, NODE.limit=40kW or NODE.rated=30kVA"};
}

/// Thousandths of what stands before the unit; absent: no number above 0, or another unit.
std::optional<std::int64_t> thousandths(const std::string& text, const std::string& unit) {
  if (!text.ends_with(unit)) return std::nullopt;
  double value = 0;
  const auto* end = text.data() + text.size() - unit.size();
  const auto read = std::from_chars(text.data(), end, value);
  const bool is_good = read.ec == std::errc{} && read.ptr == end && value > 0 && value <= 1e6;
  return is_good ? std::optional{std::llround(value * 1'000)} : std::nullopt;
}

template <class... Values> std::string line_of(const char* format, Values... values) {
  std::array<char, 256> text{};
  std::snprintf(text.data(), text.size(), format, values...);
  return text.data();
}

double rounded(double value, double parts) { return std::round(value * parts) / parts; }

std::string cost_text(const what_if_row& row) {
  return row.figures.cost ? line_of("%.2f", *row.figures.cost) : std::string{};
}

std::vector<std::string> ids_of_nodes(const domain::site& site) {
  std::vector<std::string> ids;
  for (const auto& node : site.nodes) ids.push_back(node.id.text());
  return ids;
}

void put_limit(domain::node& node, const site_change& change) {
  domain::limit made;
  made.source = domain::limit_source::rating;
  if (change.current) made.current = {*change.current, *change.current, *change.current};
  if (change.power) made.power = *change.power;
  std::erase_if(node.limits, [](const domain::limit& each) {
    return each.source == domain::limit_source::rating;
  });
  node.limits.push_back(made);
}

} // namespace

domain::result<site_change> change_from(const std::string& text) {
  const auto equals = text.find('=');
  const auto dot = text.rfind('.', equals);
  if (equals == std::string::npos || dot == std::string::npos || dot == 0) return wrong(text);
  const auto field = text.substr(dot + 1, equals - dot - 1);
  const auto value = text.substr(equals + 1);
  site_change change;
  change.node = domain::node_id{text.substr(0, dot)};
  const auto volt_amperes = thousandths(value, "kVA");
  const auto watts = thousandths(value, "kW");
  const auto milliamperes = thousandths(value, "A");
  if (field == "rated" && volt_amperes) change.rated = domain::volt_amperes{*volt_amperes};
  else if (field == "limit" && watts) change.power = domain::watts{*watts};
  else if (field == "limit" && milliamperes && !volt_amperes)
    change.current = domain::milliamperes{*milliamperes};
  else return wrong(text);
  return change;
}

domain::result<std::shared_ptr<const domain::site>>
changed_site(const domain::site& site, std::optional<domain::policy> policy,
             const std::vector<site_change>& changes) {
  auto made = std::make_shared<domain::site>(site);
  if (policy) made->split = *policy;
  for (const auto& change : changes) {
    const auto node = std::ranges::find(made->nodes, change.node, &domain::node::id);
    if (node == made->nodes.end())
      return domain::error{domain::errc::unknown_reference,
                           "--set: " + change.node.text() + ": site " + site.id.text() +
                               " has no such node" +
                               text::did_you_mean(change.node.text(), ids_of_nodes(site))};
    if (change.rated && !node->transformer)
      return domain::error{domain::errc::conflict,
                           "--set: " + change.node.text() + ": is no transformer"};
    if (change.rated) node->transformer->rated = *change.rated;
    else put_limit(*node, change);
  }
  domain::seal(*made);
  return std::shared_ptr<const domain::site>(std::move(made));
}

what_if_row row_of(std::string run, const evaluate::replay_result& result,
                   const std::vector<evaluate::recorded_session>& sessions,
                   const std::optional<evaluate::tariff>& prices, const domain::time_zone& zone) {
  constexpr std::int64_t mws_per_wh = 3'600'000;
  what_if_row row;
  row.run = std::move(run);
  for (const auto each : result.delivered_mws) row.energy_wh += each / mws_per_wh;
  row.figures = evaluate::evaluation_of(result, sessions, prices, zone);
  return row;
}

std::string table_of(const std::vector<what_if_row>& rows) {
  std::string text = line_of("%-28s %11s %11s %14s %8s %9s %20s %10s\n", "run", "energy kWh",
                             "asked kWh", "served in full", "starved", "peak kW", "worst node",
                             "cost");
  for (const auto& row : rows) {
    const auto& it = row.figures;
    const auto full = line_of("%zu/%zu", it.served_in_full, it.sessions);
    const auto worst = line_of("%s %.1f", it.worst.node.c_str(), it.worst.permille);
    const auto cost = it.cost ? cost_text(row) : std::string{"-"};
    text += line_of("%-28s %11.2f %11.2f %14s %8zu %9.2f %20s %10s\n", row.run.c_str(),
                    static_cast<double>(row.energy_wh) / 1000,
                    static_cast<double>(it.asked_wh) / 1000, full.c_str(), it.starved,
                    static_cast<double>(it.peak_w) / 1000, worst.c_str(), cost.c_str());
  }
  return text + "starved: got under a tenth of what it asked; worst node: permille of its limit\n";
}

std::string csv_head() {
  return "site,begun_at,run,energy_wh,asked_wh,sessions,served_in_full,starved,peak_w,worst_node,"
         "worst_permille,cost\n";
}

std::string csv_of(const std::vector<what_if_row>& rows, const std::string& site,
                   const std::string& begun_at) {
  std::string text;
  for (const auto& row : rows) {
    const auto& it = row.figures;
    text += "\"" + site + "\"," + begun_at + ",";
    text += line_of("\"%s\",%lld,%lld,%zu,%zu,%zu,%lld,\"%s\",%.1f,%s\n", row.run.c_str(),
                    static_cast<long long>(row.energy_wh), static_cast<long long>(it.asked_wh),
                    it.sessions, it.served_in_full, it.starved,
                    static_cast<long long>(it.peak_w), it.worst.node.c_str(), it.worst.permille,
                    cost_text(row).c_str());
  }
  return text;
}

nlohmann::ordered_json json_of(const std::vector<what_if_row>& rows) {
  using json = nlohmann::ordered_json;
  json list = json::array();
  for (const auto& row : rows) {
    const auto& it = row.figures;
    list.push_back({{"run", row.run},
                    {"energy_wh", row.energy_wh},
                    {"asked_wh", it.asked_wh},
                    {"sessions", it.sessions},
                    {"served_in_full", it.served_in_full},
                    {"starved", it.starved},
                    {"peak_w", it.peak_w},
                    {"worst", {{"node", it.worst.node},
                               {"permille", rounded(it.worst.permille, 10)}}},
                    {"cost", it.cost ? json(rounded(*it.cost, 100)) : json(nullptr)}});
  }
  return {{"runs", std::move(list)}};
}

} // namespace busbar::apps::replay
