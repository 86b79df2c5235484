#include "control/fairness/relief_trial.hpp"

#include <algorithm>
#include <cassert>

namespace busbar::control::fairness {

using domain::binding_line;
using domain::milliamperes;

namespace {

/// Connectors that the trials of one view split, all together: 40 trials of 100 connectors.
constexpr std::int64_t trial_rows_max = 4'000;

std::size_t place_of(binding_line line, binding_line first) {
  return static_cast<std::size_t>(line) - static_cast<std::size_t>(first);
}

} // namespace

void relief_trial::begin(std::size_t connectors) {
  left_ = trial_rows_max / std::max<std::int64_t>(1, static_cast<std::int64_t>(connectors));
}

void relief_trial::reset(const trial_input& input, std::span<const turn_row> turns) {
  bounds_.assign(input.bounds.begin(), input.bounds.end());
  rows_.assign(turns.begin(), turns.end());
  fixed_.assign(input.fixed.begin(), input.fixed.end());
}

void relief_trial::raise(const distribution::excess& bound, std::int64_t more) {
  assert(more >= 0);
  auto& of = bounds_[bound.node.value()];
  const auto current = milliamperes{more};
  const auto line = bound.line;
  if (line == binding_line::power) {
    if (of.power) *of.power += domain::watts{more};
  } else if (line >= binding_line::balance_l1) {
    if (of.balance) (*of.balance)[place_of(line, binding_line::balance_l1)] += current;
  } else if (line >= binding_line::primary_l1) {
    if (of.primary_line) (*of.primary_line)[place_of(line, binding_line::primary_l1)] += current;
  } else if (of.line) {
    (*of.line)[place_of(line, binding_line::l1)] += current;
  }
}

void relief_trial::let_go(std::size_t connector) {
  rows_[connector].verdict = turn::none;
  fixed_[connector] = milliamperes{};
}

std::span<const share> relief_trial::split(const trial_input& input,
                                           distribution::splitter& splitter) {
  assert(is_affordable());
  --left_;
  return shares_.decide({input.asks, rows_, fixed_, bounds_, input.is_strict_order}, splitter);
}

} // namespace busbar::control::fairness
