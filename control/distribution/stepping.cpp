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
  sums_.begin_with_room([this](std::uint32_t row) { return stepped_[row]; });
  // A row that gave nothing up waits for another filling, which lets the lowest go first; only
  // where no other can use a step is it handed out here.
  if (!hand_out(true, steps)) hand_out(false, steps);
  return !keep_those_with_more(demands, steps);
}

bool stepping::hand_out(bool to_those_rounded, std::span<const std::int64_t> steps) {
  bool is_anyone_raised = false;
  std::size_t kept = 0;
  for (const auto& each : candidates_) {
    const bool is_asked = each.was_rounded == to_those_rounded;
    const std::int64_t to = next(each.row, steps[each.row]);
    // A refusal is final: loads only grow from here.
    if (is_asked && sums_.try_add(each.row, to - stepped_[each.row]) != none) continue;
    if (is_asked) stepped_[each.row] = to;
    is_anyone_raised = is_anyone_raised || is_asked;
    candidates_[kept++] = each;
  }
  candidates_.resize(kept);
  return is_anyone_raised;
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
    const std::int64_t order = filled.rank(row) * whole_share + (whole_share - 1 - share);
    candidates_.push_back({order, wanted.cap_ma, row, left > 0});
  }
  sort_by_key(candidates_, sorted_,
              [](const candidate& each) { return static_cast<std::uint64_t>(each.order); });
}

bool stepping::keep_those_with_more(std::span<row_demand> demands,
                                    std::span<const std::int64_t> steps) {
  std::erase_if(candidates_, [&](const candidate& each) {
    const std::int64_t to = next(each.row, steps[each.row]);
    const std::int64_t more = to - stepped_[each.row];
    if (to > demands[each.row].cap_ma || sums_.try_add(each.row, more) != none) return true;
    sums_.undo(each.row, more);
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
