#include "control/operators/configuration.hpp"

#include "control/limits/fallback_check.hpp"
#include "control/limits/node_limits.hpp"
#include "control/operators/node_revision.hpp"
#include "control/operators/tree_revision.hpp"
#include "control/stations/station_power.hpp"
#include "domain/electrical.hpp"

#include <algorithm>
#include <memory>
#include <span>

namespace busbar::control::operators {

using domain::errc;
using domain::error;
using domain::fallback_action;
using domain::milliamperes;
using domain::result;

namespace {

template <class All, class Id>
std::optional<std::size_t> place_of(const All& all, const Id& id) {
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const auto& each) { return each.id == id; });
  if (found == all.end()) return std::nullopt;
  return static_cast<std::size_t>(found - all.begin());
}

/// LIM-4 of the whole site.
result<void> check_fallbacks_of(const domain::site& site) {
  std::string text;
  for (const auto& fault : limits::check_fallbacks(site))
    text += (text.empty() ? "LIM-4: " : "; ") + limits::text_of(fault, site);
  if (text.empty()) return {};
  return error{errc::unsafe, std::move(text)};
}

std::span<const domain::connector> connectors_of(const domain::site& site,
                                                 const domain::station& station) {
  return std::span{site.connectors}.subspan(station.first_connector.value(),
                                            station.connector_count);
}

/// What a connector may draw on each line under `action`.
milliamperes most_under(const domain::site& site, domain::station_index index,
                        const domain::station_configuration& wanted, fallback_action action) {
  const auto& station = site.stations[index.value()];
  const auto connectors = connectors_of(site, station);
  milliamperes highest{}, minimum{};
  for (const auto& connector : connectors) {
    highest = std::max(highest, connector.current_max);
    minimum = std::max(minimum, connector.current_min);
  }
  if (action == fallback_action::stop) return {};
  if (action == fallback_action::maintain) return highest;
  if (wanted.safe_power)
    return std::min(stations::safe_current_of(site, index, *wanted.safe_power), highest);
  const bool is_stated = station.when_lost.action == fallback_action::reduce;
  return is_stated ? station.when_lost.current : minimum;
}

result<void> check_safe_power(const domain::site& site, domain::station_index index,
                              const domain::station_configuration& wanted) {
  const auto& station = site.stations[index.value()];
  const auto current = stations::safe_current_of(site, index, *wanted.safe_power);
  for (const auto& connector : connectors_of(site, station))
    if (current < connector.current_min)
      return error{errc::out_of_range,
                   station.id.text() + ": safe power " +
                       std::to_string(wanted.safe_power->count()) + " W is " +
                       std::to_string(current.count()) + " mA on each line of " +
                       connector.id.text() + ", below its minimum of " +
                       std::to_string(connector.current_min.count()) +
                       " mA; state more, or the action stop"};
  return {};
}

result<void> apply(domain::site& site, const domain::station_configuration& wanted) {
  const auto place = place_of(site.stations, wanted.station);
  if (!place)
    return error{errc::unknown_reference, "no station '" + wanted.station.text() + "'"};
  auto& station = site.stations[*place];
  const domain::station_index index{*place};
  if (wanted.found) {
    station.capability = wanted.found->name;
    site.capabilities.push_back(*wanted.found);
  }
  if (!wanted.action && !wanted.safe_power && !wanted.timeout) return {};
  // A safe power alone asks for it.
  const auto action = wanted.action.value_or(wanted.safe_power ? fallback_action::reduce
                                                               : station.when_lost.action);
  const bool counts = action == fallback_action::reduce && wanted.safe_power;
  if (counts)
    if (auto fits = check_safe_power(site, index, wanted); !fits) return fits;
  const domain::fallback told{action, most_under(site, index, wanted, action),
                              wanted.timeout.value_or(station.when_lost.timeout)};
  station.told_when_lost = told;
  // Until it has accepted a grant that tells it, it does what its file says, or what a grant before
  // said: the highest counts.
  const auto before = std::max(station.when_lost.current, wanted.told_max.value_or(told.current));
  station.when_lost = {action, std::max(told.current, before),
                       std::max(told.timeout, station.when_lost.timeout)};
  return {};
}

bool has_moves(const domain::site_configuration& configured) {
  const auto moves = [](const auto& each) { return each.parent.has_value(); };
  return std::ranges::any_of(configured.nodes, moves) ||
         std::ranges::any_of(configured.stations, moves);
}

/// What `next` states over `known`.
template <class Value>
void put_over(std::optional<Value>& known, const std::optional<Value>& next) {
  if (next) known = next;
}

/// The entry for which `is_same` holds, or a new one.
template <class Entry, class Same> Entry& entry_of(std::vector<Entry>& all, Same is_same) {
  const auto found = std::find_if(all.begin(), all.end(), is_same);
  return found != all.end() ? *found : all.emplace_back();
}

} // namespace

result<domain::site> configured_site(const domain::site& file,
                                     const domain::site_configuration& configured) {
  domain::site site = file;
  if (auto done = revise_tree(site, configured); !done) return done.failure();
  if (has_moves(configured)) site.topology_hash = domain::topology_hash_of(site);
  for (const auto& wanted : configured.nodes) {
    const auto place = place_of(site.nodes, wanted.node);
    if (!place) return error{errc::unknown_reference, "no node '" + wanted.node.text() + "'"};
    if (auto done = revise(site.nodes[*place], wanted); !done) return done.failure();
  }
  for (const auto& wanted : configured.stations)
    if (auto done = apply(site, wanted); !done) return done.failure();
  if (auto safe = check_fallbacks_of(site); !safe) return safe.failure();
  site.configured = configured.is_empty()
                        ? nullptr
                        : std::make_shared<const domain::site_configuration>(configured);
  site.revision = domain::revision_of(site);
  return site;
}

void merge(domain::site_configuration& all, const domain::node_configuration& next) {
  auto& known = entry_of(all.nodes, [&](const auto& each) { return each.node == next.node; });
  known.node = next.node;
  put_over(known.kind, next.kind);
  put_over(known.parent, next.parent);
  put_over(known.name, next.name);
  put_over(known.current_max, next.current_max);
  put_over(known.power_max, next.power_max);
  put_over(known.lines, next.lines);
  put_over(known.continuous, next.continuous);
  put_over(known.breaker, next.breaker);
  put_over(known.cable, next.cable);
  put_over(known.rated, next.rated);
  put_over(known.load_max, next.load_max);
  put_over(known.oil_max, next.oil_max);
  put_over(known.cooled, next.cooled);
  put_over(known.imbalance_max, next.imbalance_max);
  put_over(known.power_factor_min, next.power_factor_min);
  put_over(known.voltage_deviation, next.voltage_deviation);
  put_over(known.frequency_mhz, next.frequency_mhz);
  put_over(known.frequency_deviation_mhz, next.frequency_deviation_mhz);
}

void merge(domain::site_configuration& all, const domain::station_configuration& next) {
  auto& known = entry_of(all.stations,
                         [&](const auto& each) { return each.station == next.station; });
  known.station = next.station;
  put_over(known.parent, next.parent);
  put_over(known.action, next.action);
  put_over(known.safe_power, next.safe_power);
  put_over(known.timeout, next.timeout);
  if (next.told_max)
    known.told_max = std::max(known.told_max.value_or(*next.told_max), *next.told_max);
  put_over(known.found, next.found);
}

std::optional<domain::site> forget_told(const domain::site& file, const domain::site& site,
                                        const std::vector<bool>& accepted) {
  if (!site.configured) return std::nullopt;
  auto all = *site.configured;
  bool is_less = false;
  for (auto& each : all.stations) {
    const auto place = place_of(site.stations, each.station);
    if (!each.told_max || !place || !accepted[*place]) continue;
    const auto& told = site.stations[*place].told_when_lost;
    // As high as what holds now it changes nothing.
    is_less |= told && *each.told_max > told->current;
    each.told_max.reset();
  }
  if (!is_less) return std::nullopt;
  auto next = configured_site(file, all);
  if (!next || next.value().revision == site.revision) return std::nullopt;
  return std::move(next.value());
}

std::string text_of(const domain::station_configuration& entry) {
  std::string text;
  const auto add = [&](const std::string& part) { text += (text.empty() ? "" : ", ") + part; };
  if (entry.parent) add("hangs on " + entry.parent->text());
  if (entry.action) add(std::string{"fallback "} + name_of(*entry.action));
  if (entry.safe_power) add("safe power " + std::to_string(entry.safe_power->count()) + " W");
  if (entry.timeout) add("timeout " + std::to_string(entry.timeout->count()) + " s");
  if (entry.found) add("capability " + entry.found->name);
  return text.empty() ? "nothing" : text;
}

namespace {

/// Adds to `kept` what fits on `file` beside it; what does not stays in `all`, in `why` with the
/// reason.
template <class Entry, class Name>
bool keep(const domain::site& file, domain::site_configuration& kept,
          std::vector<Entry> domain::site_configuration::*part, std::vector<Entry>& all,
          std::vector<std::string>& why, Name name) {
  const auto before = all.size();
  std::erase_if(all, [&](const Entry& each) {
    auto with = kept;
    (with.*part).push_back(each);
    const auto taken = configured_site(file, with);
    if (taken) kept = std::move(with);
    else why.push_back(name(each) + ": " + taken.failure().message);
    return bool{taken};
  });
  return all.size() < before;
}

} // namespace

kept_configuration keep_what_fits(const domain::site& file,
                                  const domain::site_configuration& configured) {
  if (configured_site(file, configured)) return {configured, {}};
  kept_configuration kept;
  auto rest = configured;
  const auto node = [](const auto& each) { return each.node.text(); };
  const auto station = [](const auto& each) { return each.station.text(); };
  using all = domain::site_configuration;
  // Again while something fits: an entry may build on one that came after it.
  for (bool goes_on = true; goes_on;) {
    kept.left_out.clear();
    goes_on = keep(file, kept.kept, &all::nodes, rest.nodes, kept.left_out, node);
    goes_on |= keep(file, kept.kept, &all::stations, rest.stations, kept.left_out, station);
    goes_on = goes_on && !rest.is_empty();
  }
  return kept;
}

} // namespace busbar::control::operators
