#include "control/fairness/reliefs.hpp"

#include "control/fairness/steps.hpp"
#include "control/limits/imbalance.hpp"
#include "control/limits/integer_math.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace busbar::control::fairness {

using distribution::excess;
using domain::binding_line;
using domain::connector_index;
using domain::milliamperes;

namespace {

/// So many that might make the room by leaving are tried: the ones with the least current.
constexpr std::size_t tries_max = 6;

/// Trials of what is said of one connector, each with what the one before has shown to lack.
constexpr int rounds_max = 5;

std::int64_t load_at(const std::vector<distribution::node_load>& loads, const excess& bound) {
  return limits::load_on(loads[bound.node.value()], bound.line);
}

bool is_minimum_asked(const turn_row& row) {
  return row.verdict == turn::waiting || row.verdict == turn::no_room;
}

/// What `connector` puts on `bound` by itself, in the bound's unit, or more than that: transformers
/// in between change it.
std::int64_t own_part(const relief_input& input, std::size_t connector, milliamperes current,
                      const excess& bound) {
  const auto& station = input.site.stations[input.site.connectors[connector].station.value()];
  bool is_changed = false;
  std::optional at{station.parent};
  for (; at && *at != bound.node; at = input.site.nodes[at->value()].parent)
    is_changed |= input.site.nodes[at->value()].transformer.has_value();
  if (!at) return 0;
  const auto place = static_cast<std::size_t>(bound.line);
  if (bound.line == binding_line::power)
    return static_cast<std::int64_t>(limits::ceil_of(
        limits::wide{current.count()} * input.milliwatts_per_ampere[connector], 1'000'000));
  const bool is_own_line = bound.line <= binding_line::l3;
  if (!is_own_line || is_changed) return current.count();
  return input.asks[connector].lines.contains(domain::all_lines[place - 1]) ? current.count() : 0;
}

/// What is left for connectors; below 0 where fixed loads are above the limit already.
std::int64_t room_of(const limits::bound& bound) {
  return bound.left > 0 ? bound.left : std::min<std::int64_t>(0, bound.allowed - bound.used);
}

/// Connectors that one bound holds, on the same lines and the same way to the service.
bool is_equal(const relief_input& input, std::size_t a, std::size_t b) {
  const auto key = [&](std::size_t k) {
    const auto& ask = input.asks[k];
    const auto& station = input.site.stations[input.site.connectors[k].station.value()];
    return std::tuple(ask.rank, ask.cap, ask.weight, station.parent);
  };
  return input.held_by[a] == input.held_by[b] && key(a) == key(b) &&
         input.asks[a].lines == input.asks[b].lines;
}

} // namespace

milliamperes unused_of(milliamperes acknowledged, milliamperes drawn) {
  const auto unused = acknowledged - drawn;
  const auto tolerance = milliamperes{500 + acknowledged.count() / 50};
  return unused > tolerance ? unused : milliamperes{};
}

std::span<const domain::relief> relief_finder::find(const relief_input& input,
                                                    distribution::splitter& splitter) {
  reliefs_.assign(input.asks.size(), domain::relief{});
  trial_.begin(input.asks.size());
  std::optional<std::size_t> before;
  for (std::size_t i = 0; i < reliefs_.size(); ++i) {
    if (!input.held_by[i]) continue;
    // Equals are lifted by the same.
    const bool is_share = !is_minimum_asked(input.turns[i]);
    const bool is_same = is_share && before && is_equal(input, *before, i) &&
                         reliefs_[*before].leaving != connector_index{i};
    if (is_same) reliefs_[i] = reliefs_[*before];
    else find_room(input, i, splitter);
    if (is_share) before = i;
  }
  find_unused(input, splitter);
  return reliefs_;
}

void relief_finder::find_room(const relief_input& input, std::size_t connector,
                              distribution::splitter& splitter) {
  const auto& bound = *input.held_by[connector];
  const auto* limit = input.limits[bound.node.value()].find(bound.line);
  if (!limit) return;
  imagine(input, connector, splitter);
  is_tried_ = false;
  if (!is_minimum_asked(input.turns[connector]) && needs_trial(input, splitter))
    try_out(input, connector, splitter);
  const auto& loads = splitter.reserved_and_kept(imagined_);
  auto& relief = reliefs_[connector];
  relief.more = std::max<std::int64_t>(0, load_at(loads, bound) - room_of(*limit));
  for (const auto& each : lifted_) {
    const auto& other = *input.limits[each.node.value()].find(each.line);
    const auto more = load_at(loads, each) - room_of(other);
    if (each == bound || more <= 0) continue;
    relief.also.push_back({each.node, limits::line_of(each.line), other.binding(), more});
  }
  if (relief.more > 0) relief.leaving = find_leaving(input, connector, relief.more, splitter);
}

/// All that the lifted bounds hold rise with it; what holds them next is lifted, too.
void relief_finder::imagine(const relief_input& input, std::size_t connector,
                            distribution::splitter& splitter) {
  lifted_.assign(1, *input.held_by[connector]);
  do {
    if (is_minimum_asked(input.turns[connector])) imagine_turn(input, connector);
    else imagine_share(input, connector);
  } while (lift_more(input, connector, splitter));
}

bool relief_finder::is_held_elsewhere(const relief_input& input, std::size_t connector) const {
  const bool is_share = input.turns[connector].verdict == turn::admitted;
  if (!input.held_by[connector] || input.is_fixed[connector] || !is_share) return false;
  if (is_lifted(input, connector)) return false;
  return std::ranges::any_of(lifted_, [&](const excess& each) {
    return own_part(input, connector, imagined_[connector], each) > 0;
  });
}

/// Where what is imagined fits all other bounds, and those hold none of them, it is what the split
/// makes of it.
bool relief_finder::needs_trial(const relief_input& input,
                                distribution::splitter& splitter) const {
  for (std::size_t i = 0; i < imagined_.size(); ++i)
    if (is_held_elsewhere(input, i)) return true;
  const auto& loads = splitter.reserved_and_kept(imagined_);
  for (std::size_t node = 0; node < loads.size(); ++node) {
    for (const auto line : limits::every_line) {
      const excess each{domain::node_index{node}, line};
      const auto* limit = input.limits[node].find(line);
      if (!limit || load_at(loads, each) <= room_of(*limit)) continue;
      if (std::ranges::find(lifted_, each) == lifted_.end()) return true;
    }
  }
  return false;
}

void relief_finder::try_out(const relief_input& input, std::size_t connector,
                            distribution::splitter& splitter) {
  for (int round = 0; round < rounds_max && trial_.is_affordable(); ++round) {
    const auto got = split_lifted(input, splitter);
    is_tried_ = got[connector].target >= input.asks[connector].cap;
    if (is_tried_ || !follow_trial(input, connector, got)) break;
    if (lift_more(input, connector, splitter)) imagine_more(input, connector);
  }
  // The plan itself takes turns anew, which moves steps as well.
  round_up(input);
}

/// Those that further bounds hold rise, too, beside what was found.
void relief_finder::imagine_more(const relief_input& input, std::size_t connector) {
  before_ = imagined_;
  imagine_share(input, connector);
  for (std::size_t i = 0; i < imagined_.size(); ++i)
    imagined_[i] = std::max(imagined_[i], before_[i]);
}

std::span<const share> relief_finder::split_lifted(const relief_input& input,
                                                   distribution::splitter& splitter) {
  trial_.reset(input.split, input.turns);
  const auto& loads = splitter.reserved_and_kept(imagined_);
  for (const auto& each : lifted_) {
    // What is above the limit already leaves 0 there, not less.
    const auto room =
        std::max<std::int64_t>(0, room_of(*input.limits[each.node.value()].find(each.line)));
    trial_.raise(each, std::max<std::int64_t>(0, load_at(loads, each) - room));
  }
  for (std::size_t i = 0; i < imagined_.size(); ++i)
    if (will_come_in(input, i)) trial_.let_in(i);
  return trial_.split(input.split, splitter);
}

bool relief_finder::follow_trial(const relief_input& input, std::size_t connector,
                                 std::span<const share> got) {
  bool is_changed = false;
  for (std::size_t i = 0; i < imagined_.size(); ++i) {
    // Ranks after it take what is left.
    const bool is_later = input.asks[i].rank > input.asks[connector].rank;
    if (i == connector || input.is_fixed[i] || is_later) continue;
    const auto now = got[i].target + input.excesses[i];
    if (now <= imagined_[i]) continue;
    imagined_[i] = now;
    is_changed = true;
  }
  return is_changed;
}

void relief_finder::round_up(const relief_input& input) {
  for (std::size_t i = 0; i < imagined_.size(); ++i)
    if (is_held_elsewhere(input, i)) imagined_[i] += input.asks[i].step;
}

bool relief_finder::leaves_enough(const relief_input& input, std::size_t connector,
                                  std::size_t leaving, distribution::splitter& splitter) {
  if (!is_tried_) return true;
  if (!trial_.is_affordable()) return false;
  trial_.reset(input.split, input.turns);
  for (std::size_t i = 0; i < imagined_.size(); ++i)
    if (will_come_in(input, i)) trial_.let_in(i);
  trial_.let_go(leaving);
  return trial_.split(input.split, splitter)[connector].target >= input.asks[connector].cap;
}

bool relief_finder::lift_more(const relief_input& input, std::size_t connector,
                              distribution::splitter& splitter) {
  found_.clear();
  const auto& loads = splitter.reserved_and_kept(imagined_);
  const auto& station = input.site.stations[input.site.connectors[connector].station.value()];
  for (std::optional at{station.parent}; at; at = input.site.nodes[at->value()].parent) {
    for (const auto line : limits::every_line) {
      const excess next{*at, line};
      const auto* limit = input.limits[at->value()].find(line);
      if (!limit || load_at(loads, next) <= room_of(*limit)) continue;
      if (std::ranges::find(lifted_, next) == lifted_.end()) found_.push_back(next);
    }
  }
  if (found_.empty()) return false;
  // What it does not load does not hold it.
  alone_.assign(imagined_.size(), milliamperes{});
  alone_[connector] = imagined_[connector];
  const auto& own = splitter.reserved_and_kept(alone_);
  std::erase_if(found_, [&](const excess& each) { return load_at(own, each) <= 0; });
  lifted_.insert(lifted_.end(), found_.begin(), found_.end());
  return !found_.empty();
}

bool relief_finder::is_lifted(const relief_input& input, std::size_t connector) const {
  const auto& bound = input.held_by[connector];
  return bound && std::ranges::find(lifted_, *bound) != lifted_.end();
}

/// It comes in when the room of the lifted bounds grows, or by itself: after its rest, or the
/// change of its lines. Until then nothing refuses it, and it has no bound of its own.
bool relief_finder::will_come_in(const relief_input& input, std::size_t connector) const {
  const auto& row = input.turns[connector];
  if (!is_minimum_asked(row) || input.is_fixed[connector]) return false;
  if (is_lifted(input, connector)) return true;
  const bool is_pausing = row.rests_until || row.switches_until;
  if (input.held_by[connector] || !is_pausing) return false;
  return std::ranges::any_of(lifted_, [&](const excess& each) {
    return own_part(input, connector, input.asks[connector].floor, each) > 0;
  });
}

bool relief_finder::is_enough(const relief_input& input,
                              const std::vector<distribution::node_load>& loads) const {
  return std::ranges::all_of(lifted_, [&](const excess& each) {
    return load_at(loads, each) <= room_of(*input.limits[each.node.value()].find(each.line));
  });
}

void relief_finder::imagine_share(const relief_input& input, std::size_t connector) {
  const auto& own = input.asks[connector];
  imagined_.assign(input.counted.begin(), input.counted.end());
  for (std::size_t i = 0; i < imagined_.size(); ++i) {
    const auto& ask = input.asks[i];
    const bool waits = is_minimum_asked(input.turns[i]);
    const bool is_held = is_lifted(input, i) && !input.is_fixed[i] &&
                         input.turns[i].verdict == turn::admitted;
    if (!is_held && !will_come_in(input, i)) continue;
    // Room goes to the minima first.
    if (waits) imagined_[i] = ask.floor;
    if (ask.rank > own.rank) continue;
    // At the level at which the connector reaches its cap, by weight.
    const auto due = limits::ceil_of(limits::wide{own.cap.count()} * std::max(ask.weight, 1U),
                                     std::max(own.weight, 1U));
    const bool is_before = ask.rank < own.rank || due > ask.cap.count();
    const auto level = milliamperes{static_cast<std::int64_t>(due)};
    const auto raised = is_before ? ask.cap : std::min(ask.cap, in_steps_ceil(level, ask.step));
    imagined_[i] = std::max(imagined_[i], raised);
  }
  imagined_[connector] = std::max(imagined_[connector], own.cap);
}

void relief_finder::imagine_turn(const relief_input& input, std::size_t connector) {
  const auto& own = input.turns[connector];
  imagined_.assign(input.counted.begin(), input.counted.end());
  for (std::size_t i = 0; i < imagined_.size(); ++i) {
    if (input.is_fixed[i]) continue;
    const auto& row = input.turns[i];
    const bool is_before = will_come_in(input, i) && row.place_in_line < own.place_in_line;
    const bool has_turn = row.verdict == turn::admitted;
    imagined_[i] = is_before || has_turn ? input.asks[i].floor : milliamperes{};
  }
  imagined_[connector] = input.asks[connector].floor;
}

bool relief_finder::frees_no_other(const relief_input& input, std::size_t leaving) const {
  const auto& station = input.site.stations[input.site.connectors[leaving].station.value()];
  for (std::size_t i = 0; i < input.held_by.size(); ++i) {
    if (i == leaving || !input.held_by[i] || is_lifted(input, i)) continue;
    for (std::optional at{station.parent}; at; at = input.site.nodes[at->value()].parent)
      if (*at == input.held_by[i]->node) return false;
  }
  return true;
}

std::optional<connector_index> relief_finder::find_leaving(const relief_input& input,
                                                           std::size_t connector,
                                                           std::int64_t more,
                                                           distribution::splitter& splitter) {
  const auto bound = *input.held_by[connector];
  candidates_.clear();
  for (std::uint32_t i = 0; i < imagined_.size(); ++i)
    if (i != connector && own_part(input, i, imagined_[i], bound) >= more &&
        frees_no_other(input, i))
      candidates_.push_back(i);
  std::ranges::sort(candidates_, [this](std::uint32_t a, std::uint32_t b) {
    return std::tuple(imagined_[a], a) < std::tuple(imagined_[b], b);
  });
  if (candidates_.size() > tries_max) candidates_.resize(tries_max);
  for (const auto i : candidates_) {
    const auto current = std::exchange(imagined_[i], milliamperes{});
    const bool is_lifting = is_enough(input, splitter.reserved_and_kept(imagined_));
    imagined_[i] = current;
    if (is_lifting && leaves_enough(input, connector, i, splitter)) return connector_index{i};
  }
  return std::nullopt;
}

void relief_finder::find_unused(const relief_input& input, distribution::splitter& splitter) {
  if (std::ranges::all_of(input.unused, [](auto ma) { return ma.is_zero(); })) return;
  if (std::ranges::none_of(input.held_by, [](const auto& bound) { return bound.has_value(); }))
    return;
  const auto& loads = splitter.reserved(input.unused);
  for (std::size_t i = 0; i < reliefs_.size(); ++i) {
    if (!input.held_by[i]) continue;
    const auto& bound = *input.held_by[i];
    const auto own = own_part(input, i, input.unused[i], bound);
    reliefs_[i].unused = std::max<std::int64_t>(0, load_at(loads, bound) - own);
  }
}

} // namespace busbar::control::fairness
