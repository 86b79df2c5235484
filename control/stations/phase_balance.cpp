#include "control/stations/phase_balance.hpp"

#include "domain/electrical.hpp"

#include <algorithm>
#include <map>

namespace busbar::control::stations {

using domain::milliamperes;

namespace {

struct single_line {
  domain::connector_index connector;
  domain::line on{};
  milliamperes most{};
};

std::vector<single_line> single_lines(const domain::site& site) {
  std::vector<single_line> found;
  for (std::size_t i = 0; i < site.connectors.size(); ++i) {
    const auto& data = site.connectors[i];
    if (data.line_count != 1 || data.wiring != domain::connection::wye) continue;
    found.push_back({domain::connector_index{i}, data.lines[0], data.current_max});
  }
  return found;
}

/// Of connectors with the same current any may take a place: one that has it stays.
std::vector<line_move> moves_to(const std::vector<domain::line>& best,
                                const std::vector<single_line>& wired) {
  std::map<milliamperes, std::array<int, 3>> places;
  for (std::size_t i = 0; i < wired.size(); ++i)
    ++places[wired[i].most][domain::index_of(best[i])];
  std::vector<single_line> homeless;
  for (const auto& one : wired) {
    auto& left = places[one.most][domain::index_of(one.on)];
    if (left > 0) --left;
    else homeless.push_back(one);
  }
  std::vector<line_move> moves;
  for (const auto& one : homeless) {
    auto& left = places[one.most];
    const auto to = std::ranges::find_if(left, [](int count) { return count > 0; });
    --*to;
    moves.push_back({one.connector, one.on,
                     domain::all_lines[static_cast<std::size_t>(to - left.begin())]});
  }
  return moves;
}

} // namespace

phase_balance balance_of(const domain::site& site) {
  const auto wired = single_lines(site);
  std::vector<milliamperes> loads;
  phase_balance found;
  for (const auto& one : wired) {
    loads.push_back(one.most);
    found.now[domain::index_of(one.on)] += one.most;
  }
  const auto best = balanced_lines(loads, {});
  for (std::size_t i = 0; i < best.size(); ++i) found.best[domain::index_of(best[i])] += loads[i];
  if (std::ranges::max(found.best) < std::ranges::max(found.now))
    found.moves = moves_to(best, wired);
  else found.best = found.now;
  return found;
}

} // namespace busbar::control::stations
