// busbar check SITE.toml: is this site file right and safe.

#include "adapters/config/site_file.hpp"
#include "apps/commands.hpp"
#include "apps/print_faults.hpp"
#include "control/distribution/split.hpp"
#include "control/limits/fallback_check.hpp"
#include "control/limits/lasting_limits.hpp"
#include "control/stations/phase_balance.hpp"
#include "domain/current_text.hpp"

#include <CLI/CLI.hpp>

#include <array>
#include <iostream>
#include <sstream>
#include <utility>

namespace busbar::apps {

namespace {

/// "63" where the lines are equal, else "100/90/80.5".
template <class Line> std::string three(const domain::per_line<Line>& lines, auto value_of) {
  std::string text;
  const auto amperes = [](std::int64_t milli) {
    return domain::in_amperes(domain::milliamperes{milli});
  };
  for (const auto& one : lines) text += (text.empty() ? "" : "/") + amperes(value_of(one));
  const bool is_equal = value_of(lines[0]) == value_of(lines[1]) &&
                        value_of(lines[1]) == value_of(lines[2]);
  return is_equal ? amperes(value_of(lines[0])) : text;
}

/// The sources of three lines: one name where they agree.
std::string sources(const domain::per_line<control::limits::bound>& lines) {
  std::string text = name_of(lines[0].source);
  for (std::size_t i = 1; i < 3; ++i)
    if (lines[i].source != lines[i - 1].source) text += std::string{"/"} + name_of(lines[i].source);
  return text;
}

const auto allowed = [](const control::limits::bound& bound) { return bound.allowed; };
const auto count = [](domain::milliamperes current) { return current.count(); };

/// What lowers a node's limits while the engine runs, beside the sources that last.
std::string live_sources(const domain::node& node) {
  using enum domain::limit_source;
  const auto& own = node.protection;
  const std::array<std::pair<domain::limit_source, bool>, 7> known{{
      {breaker, own.breaker.has_value()},
      {thermal, own.thermal.has_value()},
      {phase_imbalance, own.imbalance.has_value()},
      {power_factor, own.apparent.has_value()},
      {voltage, own.voltage.has_value()},
      {frequency, own.frequency.has_value()},
      {peak_demand, own.peak_demand.has_value()},
  }};
  std::string names;
  for (const auto& [source, is_stated] : known)
    if (is_stated) names += (names.empty() ? "" : ", ") + std::string{name_of(source)};
  return names;
}

std::string node_line(const domain::node& node, const control::limits::node_limits& limits,
                      const control::distribution::node_load& fallbacks) {
  std::ostringstream out;
  out << node.id.text() << " (" << name_of(node.kind) << "): limit ";
  if (limits.line) out << three(*limits.line, allowed) << " A (" << sources(*limits.line) << ")";
  if (limits.power)
    out << (limits.line ? ", " : "") << limits.power->allowed << " W ("
        << name_of(limits.power->source) << ")";
  if (!limits.line && !limits.power) out << "none of its own";
  if (limits.primary_line)
    out << ", primary " << three(*limits.primary_line, allowed) << " A ("
        << sources(*limits.primary_line) << ")";
  out << "; sum of fallbacks " << three(fallbacks.line, count) << " A, " << fallbacks.power.count()
      << " W";
  if (node.unmanaged) out << "; unmanaged " << three(*node.unmanaged, count) << " A";
  if (node.unmanaged_max)
    out << "; unmanaged at most " << three(*node.unmanaged_max, count) << " A";
  if (const auto live = live_sources(node); !live.empty()) out << "; live: " << live;
  return out.str();
}

void print_nodes(const domain::site& site) {
  control::distribution::splitter splitter{site};
  const auto& loads = splitter.reserved(control::limits::fallback_currents(site));
  for (std::size_t i = 0; i < site.nodes.size(); ++i)
    std::cout << node_line(site.nodes[i], control::limits::lasting_limits(site.nodes[i]), loads[i])
              << '\n';
}

std::string balance_text(const domain::per_line<domain::milliamperes>& lines) {
  return three(lines, count) + " A on L1/L2/L3 (imbalance " +
         std::to_string(control::stations::imbalance(lines).count()) + " permille)";
}

void print_balance(const domain::site& site) {
  const auto balance = control::stations::balance_of(site);
  std::cout << "balance: single-phase connectors at full current " << balance_text(balance.now);
  if (balance.moves.empty()) std::cout << ": no wiring is better\n";
  else std::cout << "; rewired " << balance_text(balance.best) << ":\n";
  for (const auto& move : balance.moves)
    std::cout << "  " << site.connectors[move.connector.value()].id.text() << ": L"
              << domain::index_of(move.from) + 1 << " -> L" << domain::index_of(move.to) + 1
              << '\n';
}

int check_site_file(const std::string& path, bool with_balance) {
  const auto loaded = adapters::config::load_site(path);
  if (!loaded.site) return print_faults(lines_of(loaded));
  print_nodes(*loaded.site);
  if (with_balance) print_balance(*loaded.site);
  return 0;
}

} // namespace

void add_check_command(CLI::App& app, int& exit_code) {
  auto* command = app.add_subcommand("check", "Check that a site file is well-formed and safe");
  command->footer("One line for each node: its continuous limit, the limit's source, the sum of\n"
                  "the fallbacks, and (live) what may lower the limit while the engine runs.\n"
                  "Exit 0: well-formed and safe. Exit 2: every fault as file:line:column.\n\n"
                  "Example:\n  busbar check examples/depot.toml");
  auto path = std::make_shared<std::string>();
  command->add_option("site", *path, "The site's TOML file (docs/site-files.md)")->required();
  auto with_balance = std::make_shared<bool>(false);
  command->add_flag("--balance", *with_balance,
                    "Also print how single-phase connectors load the three lines, and which of\n"
                    "them to rewire");
  command->callback(
      [=, &exit_code] { exit_code = check_site_file(*path, *with_balance); });
}

} // namespace busbar::apps
