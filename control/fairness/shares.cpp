#include "control/fairness/shares.hpp"

#include "control/fairness/steps.hpp"

#include <algorithm>
#include <tuple>

namespace busbar::control::fairness {

using domain::connector_index;
using domain::milliamperes;

namespace {

/// The exact split takes no larger weight.
constexpr std::uint32_t weight_max = 65'535;

} // namespace

void scale_weights(std::span<const ask> asks, std::vector<std::uint32_t>& weights) {
  std::uint32_t largest = 1;
  for (const auto& ask : asks) largest = std::max(largest, ask.weight);
  weights.resize(asks.size());
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const std::uint64_t weight = std::max<std::uint32_t>(1, asks[i].weight);
    const std::uint64_t scaled = largest > weight_max ? weight * weight_max / largest : weight;
    weights[i] = static_cast<std::uint32_t>(std::max<std::uint64_t>(1, scaled));
  }
}

std::span<const share> share_keeper::decide(const share_input& input,
                                            distribution::splitter& splitter) {
  begin(input);
  if (input.is_strict_order) {
    fill_in_order(input, splitter);
    return shares_;
  }
  const std::span<const std::uint32_t> order{order_};
  for (std::size_t first = 0; first < order.size();) {
    std::size_t last = first + 1;
    const auto rank = input.asks[order[first]].rank;
    while (last < order.size() && input.asks[order[last]].rank == rank) ++last;
    split_rank(input, order.subspan(first, last - first), splitter);
    first = last;
  }
  return shares_;
}

void share_keeper::begin(const share_input& input) {
  const std::size_t count = input.asks.size();
  shares_.assign(count, share{});
  demands_.resize(count);
  scale_weights(input.asks, weights_);
  order_.clear();
  for (std::uint32_t i = 0; i < count; ++i) {
    const auto& ask = input.asks[i];
    const bool is_admitted = ask.is_competing && input.turns[i].verdict == turn::admitted;
    const auto floor = is_admitted ? std::min(ask.floor, ask.cap) : input.fixed[i];
    shares_[i].target = floor;
    demands_[i] = {floor, floor, ask.step, weights_[i]};
    if (is_admitted && in_steps_floor(ask.cap, ask.step) > floor) order_.push_back(i);
  }
  const auto is_ranked = [&](std::uint32_t a, std::uint32_t b) {
    return std::tuple(input.asks[a].rank, a) < std::tuple(input.asks[b].rank, b);
  };
  if (!std::is_sorted(order_.begin(), order_.end(), is_ranked))
    std::sort(order_.begin(), order_.end(), is_ranked);
}

void share_keeper::split_rank(const share_input& input, std::span<const std::uint32_t> rank,
                              distribution::splitter& splitter) {
  for (const auto i : rank) demands_[i].cap = in_steps_floor(input.asks[i].cap, input.asks[i].step);
  const auto& outcome = splitter.split(demands_, input.bounds);
  for (const auto i : rank) {
    auto& share = shares_[i];
    share.target = outcome.stepped[i];
    const auto& binding = outcome.bindings[i];
    if (share.target < demands_[i].cap && binding.node)
      share.held_by = distribution::excess{*binding.node, binding.line};
    demands_[i].floor = demands_[i].cap = share.target;
  }
}

void share_keeper::fill_in_order(const share_input& input, distribution::splitter& splitter) {
  if (order_.empty()) return;
  floors_.resize(shares_.size());
  for (std::size_t i = 0; i < shares_.size(); ++i) floors_[i] = shares_[i].target;
  splitter.begin_admission(floors_, input.bounds);
  for (const auto i : order_) fill(input, i, splitter);
}

/// The most that fits, by bisection over whole steps: what fits is closed downwards (LIM-6).
void share_keeper::fill(const share_input& input, std::uint32_t connector,
                        distribution::splitter& splitter) {
  const auto step = input.asks[connector].step;
  const connector_index index{connector};
  auto& share = shares_[connector];
  std::int64_t fitting = share.target.count() / step.count();
  std::int64_t refused = input.asks[connector].cap.count() / step.count();
  share.held_by = splitter.try_raise(index, step * refused);
  if (!share.held_by) {
    share.target = step * refused;
    return;
  }
  while (refused - fitting > 1) {
    const std::int64_t middle = fitting + (refused - fitting) / 2;
    const auto refusal = splitter.try_raise(index, step * middle);
    (refusal ? refused : fitting) = middle;
    if (refusal) share.held_by = refusal;
  }
  share.held_by = splitter.tightest(index, step * refused, *share.held_by);
  share.target = std::max(share.target, step * fitting);
}

} // namespace busbar::control::fairness
