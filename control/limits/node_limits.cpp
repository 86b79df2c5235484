#include "control/limits/node_limits.hpp"

#include "control/limits/cable.hpp"
#include "control/limits/integer_math.hpp"

#include <algorithm>

namespace busbar::control::limits {

using domain::binding_line;
using domain::limit_source;
using domain::milliamperes;

namespace {

void lower(bound& current, std::int64_t allowed, limit_source source) {
  if (allowed >= current.allowed) return;
  current = {allowed, 0, allowed, source, false};
}

void lower(std::optional<domain::per_line<bound>>& lines,
           const domain::per_line<milliamperes>& allowed, limit_source source) {
  domain::per_line<bound> fresh{};
  for (std::size_t i = 0; i < 3; ++i)
    fresh[i] = {allowed[i].count(), 0, allowed[i].count(), source, false};
  if (!lines) {
    lines = fresh;
    return;
  }
  for (std::size_t i = 0; i < 3; ++i) lower((*lines)[i], fresh[i].allowed, source);
}

/// Rated power bounds the secondary lines; behind delta-wye the primary lines too, since there
/// less of one secondary line can mean more current.
void add_transformer(node_limits& limits, const domain::transformer_data& data) {
  const auto all = [](milliamperes each) {
    return domain::per_line<milliamperes>{each, each, each};
  };
  lower(limits.line, all(rated_current(data.rated, data.secondary)), limit_source::transformer);
  if (data.connection != domain::winding::delta_wye) return;
  const auto primary = data.primary.value_or(data.secondary);
  lower(limits.primary_line, all(rated_current(data.rated, primary)), limit_source::transformer);
}

domain::limit continuous_rating(const domain::limit& rating, domain::permille factor) {
  domain::limit reduced = rating;
  reduced.source = limit_source::continuous_factor;
  const auto scaled = [&](std::int64_t value) { return value * factor.count() / 1000; };
  if (reduced.current)
    for (auto& line : *reduced.current) line = milliamperes{scaled(line.count())};
  if (reduced.power) reduced.power = domain::watts{scaled(reduced.power->count())};
  return reduced;
}

void take(bound& from, std::int64_t used, std::int64_t sure, bool is_meter_lost) {
  // What a lost meter may hide is no reading: it leaves nothing, and exceeds nothing by itself.
  if (is_meter_lost) used = std::min(used, from.allowed);
  from.used = used;
  from.left = std::max<std::int64_t>(0, from.allowed - used);
  from.is_meter_lost = is_meter_lost && used > 0;
  from.sure = sure;
}

/// Nothing is left, by the lost meter and by no source.
void use_up(bound& from, std::int64_t sure) {
  from = {from.allowed, from.allowed, 0, from.source, true, sure};
}

/// What secondary line currents are on primary line `i`.
std::int64_t on_primary(const domain::per_line<milliamperes>& line, std::size_t i,
                        const domain::node& node, bool is_mixed) {
  const auto loaded = [&line](std::size_t k) { return std::max<std::int64_t>(0, line[k].count()); };
  return primary_current(loaded(i), loaded((i + 2) % 3), *node.transformer, is_mixed);
}

void use_up(node_limits& limits, const domain::node& node, const unmanaged_use& use) {
  if (!limits.line) limits.line = domain::per_line<bound>{};
  for (std::size_t i = 0; i < 3; ++i) use_up((*limits.line)[i], use.sure_line[i].count());
  if (limits.primary_line)
    for (std::size_t i = 0; i < 3; ++i)
      use_up((*limits.primary_line)[i], on_primary(use.sure_line, i, node, use.is_mixed));
  if (limits.power) use_up(*limits.power, use.sure_power.count());
}

} // namespace

const bound* node_limits::find(binding_line which) const {
  const auto place = static_cast<std::size_t>(which);
  if (which == binding_line::power) return power ? &*power : nullptr;
  if (which >= binding_line::balance_l1) return balance ? &(*balance)[place - 8] : nullptr;
  if (place >= 4) return primary_line ? &(*primary_line)[place - 4] : nullptr;
  return place >= 1 && line ? &(*line)[place - 1] : nullptr;
}

std::int64_t load_on(const distribution::node_load& load, binding_line which) {
  const auto place = static_cast<std::size_t>(which);
  if (which == binding_line::power) return load.power.count();
  if (which >= binding_line::balance_l1) return load.unbalanced[place - 8].count();
  return place >= 4 ? load.primary_line[place - 4].count() : load.line[place - 1].count();
}

distribution::node_bounds bounds_of(const node_limits& limits) {
  const auto left = [](const domain::per_line<bound>& lines) {
    return domain::per_line<milliamperes>{milliamperes{lines[0].left}, milliamperes{lines[1].left},
                                          milliamperes{lines[2].left}};
  };
  distribution::node_bounds bounds;
  if (limits.line) bounds.line = left(*limits.line);
  if (limits.primary_line) bounds.primary_line = left(*limits.primary_line);
  if (limits.power) bounds.power = domain::watts{limits.power->left};
  if (limits.balance) bounds.balance = left(*limits.balance);
  return bounds;
}

void tighten(node_limits& limits, const domain::limit& limit) {
  if (limit.current) lower(limits.line, *limit.current, limit.source);
  if (!limit.power) return;
  const std::int64_t watts = limit.power->count();
  if (!limits.power) limits.power = bound{watts, 0, watts, limit.source, false};
  else lower(*limits.power, watts, limit.source);
}

node_limits stated_limits(const domain::node& node) {
  node_limits limits;
  for (const auto& limit : node.limits) {
    const bool is_reduced =
        limit.source == limit_source::rating && node.continuous < domain::permille{1000};
    tighten(limits, is_reduced ? continuous_rating(limit, node.continuous) : limit);
  }
  const auto& own = node.protection;
  if (own.cable) tighten(limits, cable_limit(*own.cable, own.ambient));
  if (node.transformer) add_transformer(limits, *node.transformer);
  return limits;
}

std::vector<domain::limit> stated_sources(const domain::node& node) {
  std::vector<domain::limit> sources = node.limits;
  if (node.continuous < domain::permille{1000})
    for (const auto& limit : node.limits)
      if (limit.source == limit_source::rating)
        sources.push_back(continuous_rating(limit, node.continuous));
  const auto& own = node.protection;
  if (own.cable) sources.push_back(cable_limit(*own.cable, own.ambient));
  if (!node.transformer) return sources;
  domain::limit rated{limit_source::transformer, domain::per_line<milliamperes>{}, {}};
  rated.current->fill(rated_current(node.transformer->rated, node.transformer->secondary));
  sources.push_back(rated);
  return sources;
}

void subtract_unmanaged(node_limits& limits, const domain::node& node, const unmanaged_use& use) {
  if (!use.is_any) return;
  if (use.is_full) return use_up(limits, node, use);
  for (std::size_t i = 0; i < 3; ++i) {
    if (limits.line)
      take((*limits.line)[i], use.line[i].count(), use.sure_line[i].count(), use.is_lost);
    if (limits.primary_line)
      take((*limits.primary_line)[i], on_primary(use.line, i, node, use.is_mixed),
           on_primary(use.sure_line, i, node, use.is_mixed), use.is_lost);
  }
  if (limits.power) take(*limits.power, use.power.count(), use.sure_power.count(), use.is_lost);
}

domain::per_line<milliamperes> used_by(const node_limits& limits, const unmanaged_use& use) {
  auto used = use.line;
  if (use.is_full && limits.line)
    for (std::size_t i = 0; i < 3; ++i) used[i] = milliamperes{(*limits.line)[i].used};
  return used;
}

} // namespace busbar::control::limits
