#include "control/distribution/stepping.hpp"
#include "control/distribution/radix.hpp"

#include <algorithm>

namespace busbar::control::distribution {

namespace {

/// Remainders are compared as 20-bit shares of the step.
constexpr int share_bits = 20;
constexpr std::int64_t whole_share = std::int64_t{1} << share_bits;

} // namespace

stepping::stepping(const network& net, const bound_table& bounds)
    : net_(net), sums_(net, bounds), stepped_(net.row_slot.size()) {
  candidates_.reserve(stepped_.size());
  sorted_.reserve(stepped_.size());
}

bool stepping::run(const filling& filled, std::span<row_demand> demands,
                   std::span<const std::int64_t> steps) {
  round_down(filled, demands, steps);
  if (candidates_.empty()) return true;
  sums_.begin([this](std::uint32_t row) { return stepped_[row]; });
  std::size_t raised = 0;
  for (const auto& each : candidates_) {
    const std::int64_t to = next(each.row, steps[each.row]);
    if (sums_.try_add(each.row, to - stepped_[each.row]) != none) continue;
    stepped_[each.row] = to;
    candidates_[raised++] = each;
  }
  candidates_.resize(raised);
  return !keep_those_with_more(demands, steps);
}

void stepping::round_down(const filling& filled, std::span<const row_demand> demands,
                          std::span<const std::int64_t> steps) {
  candidates_.clear();
  for (const std::uint32_t row : net_.row_of_connector) {
    const auto& wanted = demands[row];
    const std::int64_t step = steps[row];
    const std::int64_t exact = filled.fine(row) >> fine_bits;
    stepped_[row] = std::max(wanted.floor_ma, step == 1 ? exact : exact / step * step);
    if (next(row, step) > wanted.cap_ma) continue;
    const std::int64_t left = filled.fine(row) - (stepped_[row] << fine_bits);
    const std::int64_t share = step == 1 ? left : left / step;
    candidates_.push_back(
        {static_cast<std::uint32_t>(whole_share - 1 - share), row, wanted.cap_ma});
  }
  sort_by_key(candidates_, sorted_,
              [](const candidate& each) { return std::uint64_t{each.order}; });
}

bool stepping::keep_those_with_more(std::span<row_demand> demands,
                                    std::span<const std::int64_t> steps) {
  std::erase_if(candidates_, [&](const candidate& each) {
    const std::int64_t to = next(each.row, steps[each.row]);
    const std::int64_t more = to - stepped_[each.row];
    if (to > demands[each.row].cap_ma || sums_.try_add(each.row, more) != none) return true;
    sums_.add(each.row, -more);
    return false;
  });
  if (candidates_.empty()) return false;
  for (std::uint32_t row = 0; row < demands.size(); ++row) {
    demands[row].floor_ma = demands[row].cap_ma = stepped_[row];
  }
  for (const auto& each : candidates_) demands[each.row].cap_ma = each.cap_ma;
  return true;
}

} // namespace busbar::control::distribution
