#include "control/operators/preview.hpp"

#include "control/operators/order_book.hpp"
#include "control/operators/order_limits.hpp"
#include "control/stations/capability.hpp"
#include "control/stations/connector_profile.hpp"
#include "control/stations/phase_currents.hpp"

#include <algorithm>
#include <string>

namespace busbar::control::operators {

using domain::milliamperes;
using domain::order_fault;
using domain::watts;

namespace {

using currents = domain::per_line<milliamperes>;
using fault_texts = std::vector<std::string>;

bool lies_on(const domain::connector& connector, domain::line line) {
  const auto* end = connector.lines.begin() + connector.line_count;
  return std::find(connector.lines.begin(), end, line) != end;
}

/// What a limit by line leaves to the connector: its draw is equal on all of its lines.
milliamperes left_by(const currents& limit, const domain::connector& connector) {
  auto least = limit[domain::index_of(connector.lines[0])];
  for (std::size_t i = 1; i < connector.line_count; ++i)
    least = std::min(least, limit[domain::index_of(connector.lines[i])]);
  return least;
}

/// Whether the vehicle may give anything back now.
fault_texts export_faults(const domain::connector_standing& now,
                          domain::permille departure_need) {
  const auto need = departure_need.count();
  const std::string above = "; export needs a state of charge above the departure need of " +
                            std::to_string(need) + " permille";
  fault_texts faults;
  if (now.is_stale) faults.push_back("its readings are stale; export needs fresh ones");
  if (!now.has_session) faults.push_back("it has no session; export needs one");
  if (!now.soc) faults.push_back("its state of charge is not known" + above);
  else if (now.soc->count() <= need)
    faults.push_back("its state of charge is " + std::to_string(now.soc->count()) + " permille" +
                     above);
  else if (now.has_session && !now.export_max)
    faults.push_back("its vehicle can spare nothing now: what its driver asked for is owed yet, or "
                     "too little is left above the departure need of " +
                     std::to_string(need) + " permille");
  return faults;
}

/// The settings that a change makes of those in force.
domain::configure_shedding settings_with(const domain::shedding_change& change,
                                         const domain::order_standing& now) {
  domain::configure_shedding order{now.shedding, std::nullopt};
  auto& settings = order.settings;
  settings.is_enabled = change.is_enabled.value_or(settings.is_enabled);
  settings.rise = change.rise.value_or(settings.rise);
  settings.fall = change.fall.value_or(settings.fall);
  settings.unexplained = change.unexplained.value_or(settings.unexplained);
  settings.dwell_up = change.dwell_up.value_or(settings.dwell_up);
  settings.dwell_down = change.dwell_down.value_or(settings.dwell_down);
  if (change.level) order.forced_level = *change.level;
  else if (!change.releases) order.forced_level = now.forced_level;
  return order;
}

std::vector<order_fault> shedding_faults(const domain::shedding_change& change,
                                         const domain::order_standing& now) {
  const auto settings = settings_with(change, now).settings;
  if (settings.fall < settings.rise) return {};
  return {{change.fall ? "fall_permille" : "rise_permille",
           "fall is " + std::to_string(settings.fall.count()) + ", rise is " +
               std::to_string(settings.rise.count()) + "; fall is to be below rise"}};
}

/// The order with what depends on the site filled in.
domain::operator_order whole_order(const domain::order_wish& wish,
                                   const domain::order_standing& stands) {
  auto order = wish.order;
  if (std::holds_alternative<domain::configure_shedding>(order))
    return settings_with(wish.change, stands);
  auto* limit = std::get_if<domain::connector_constraint>(&order);
  if (limit == nullptr || !limit->ramp) return order;
  limit->ramp->from = stands.connector->acknowledged;
  limit->ramp->step = std::max(limit->ramp->step, milliamperes{1});
  return order;
}

domain::currents_effect effect_of(const currents& limit, const domain::site& site,
                                  const domain::connector& connector,
                                  const domain::order_standing& stands) {
  const auto& now = *stands.connector;
  const auto profile = stations::profile_of(site, connector);
  domain::currents_effect effect;
  for (std::size_t i = 0; i < limit.size(); ++i)
    effect.recommended[i] = stations::recommended_current(profile, limit[i]);
  effect.expected = std::min(now.target, left_by(effect.recommended, connector));
  effect.node = site.stations[connector.station.value()].parent;
  if (!stands.measured_above) return effect;
  auto then = *stands.measured_above;
  for (const domain::line line : domain::all_lines) {
    milliamperes& each = then[domain::index_of(line)];
    each -= now.drawn[domain::index_of(line)];
    if (lies_on(connector, line)) each += effect.expected;
    each = std::max(each, milliamperes{});
  }
  effect.imbalance_now = stations::imbalance(*stands.measured_above);
  effect.imbalance_then = stations::imbalance(then);
  return effect;
}

domain::power_effect effect_of(const domain::connector_constraint& limit,
                               domain::millivolts voltage, const domain::site& site,
                               const domain::connector_standing& now) {
  const auto profile = stations::profile_of(site, site.connectors[limit.connector.value()]);
  domain::power_effect effect;
  effect.allowed = stations::power_at_site(site, limit.connector, now.target);
  effect.recommended = stations::recommended_power(profile, *limit.power, voltage);
  // What it gives back is decided by the next plan, which does not know the order yet.
  effect.expected = limit.is_export() && now.export_max
                        ? std::max(effect.recommended, -*now.export_max)
                        : std::min(effect.allowed, effect.recommended);
  return effect;
}

domain::order_taken taken(domain::operator_order order, const domain::order_wish& wish,
                          const domain::site& site, const domain::order_standing& stands) {
  domain::order_taken made{std::move(order), {}, {}, {}, {}};
  if (const auto* node = std::get_if<domain::node_constraint>(&made.order))
    made.if_engine_stops = what_remains(site, *node);
  const auto* limit = std::get_if<domain::connector_constraint>(&made.order);
  if (limit == nullptr) return made;
  const auto& connector = site.connectors[limit->connector.value()];
  made.plan_allows = stands.connector->target;
  if (limit->current) made.currents = effect_of(*limit->current, site, connector, stands);
  if (limit->power) made.power = effect_of(*limit, wish.voltage, site, *stands.connector);
  return made;
}

bool has_its_place(const domain::order_wish& wish, const domain::site& site) {
  const auto* limit = std::get_if<domain::connector_constraint>(&wish.order);
  return limit == nullptr || limit->connector.value() < site.connectors.size();
}

} // namespace

watts ramp_per_second_of(const domain::site& site) {
  return site.ramping ? site.ramping->dc_up_per_second.value_or(usual_ramp_per_second)
                      : usual_ramp_per_second;
}

std::vector<order_fault> faults_of(const domain::order_wish& wish, const domain::site& site,
                                   const domain::order_standing& stands) {
  if (std::holds_alternative<domain::configure_shedding>(wish.order))
    return shedding_faults(wish.change, stands);
  const auto* limit = std::get_if<domain::connector_constraint>(&wish.order);
  if (limit == nullptr || !limit->is_export() || !stands.connector) return {};
  const auto& connector = site.connectors[limit->connector.value()];
  if (!stations::profile_of(site, connector).is_bidirectional) return {};
  std::vector<order_fault> faults;
  for (auto& text : export_faults(*stands.connector, site.soc_target))
    faults.push_back({"power_w", std::move(text)});
  return faults;
}

std::variant<domain::order_taken, domain::order_refusal>
preview(const domain::order_wish& wish, const domain::site& site,
        const domain::order_standing& stands, domain::instant now) {
  if (!has_its_place(wish, site)) {
    const auto verdict = check(site, wish.order, now);
    return domain::order_refusal{verdict.failure(), {}};
  }
  if (auto faults = faults_of(wish, site, stands); !faults.empty()) {
    const domain::error why{domain::errc::out_of_range,
                            faults.front().field + ": " + faults.front().text};
    return domain::order_refusal{why, std::move(faults)};
  }
  auto order = whole_order(wish, stands);
  if (const auto verdict = check(site, order, now); !verdict)
    return domain::order_refusal{verdict.failure(), {}};
  return taken(std::move(order), wish, site, stands);
}

} // namespace busbar::control::operators
