#include "control/operators/order_book.hpp"

#include "control/operators/order_limits.hpp"

#include "control/safety/load_shedding.hpp"
#include "control/stations/capability.hpp"
#include "domain/electrical.hpp"

#include <algorithm>
#include <string>
#include <tuple>

namespace busbar::control::operators {

using domain::errc;
using domain::error;
using domain::limit_source;
using domain::result;

namespace {

error out_of_range(const std::string& member, std::int64_t value, const std::string& allowed) {
  return {errc::out_of_range,
          member + " is " + std::to_string(value) + ": allowed is " + allowed};
}

auto key_of(const domain::node_constraint& constraint) {
  return std::tuple(constraint.node, constraint.limit.source);
}

struct order_check {
  const domain::site& site;
  domain::instant now;

  [[nodiscard]] result<void> node(domain::node_index index, limit_source source) const {
    if (index.value() >= site.nodes.size())
      return error{errc::unknown_reference, "node " + std::to_string(index.value()) +
                                                " is not 0.." +
                                                std::to_string(site.nodes.size() - 1)};
    if (source == limit_source::site_operator || source == limit_source::demand_response)
      return {};
    return error{errc::out_of_range, std::string{"source is "} + name_of(source) +
                                         ": allowed is operator, demand_response"};
  }

  [[nodiscard]] result<void> connector(domain::connector_index index) const {
    if (index.value() < site.connectors.size()) return {};
    return error{errc::unknown_reference, "connector " + std::to_string(index.value()) +
                                              " is not 0.." +
                                              std::to_string(site.connectors.size() - 1)};
  }

  [[nodiscard]] result<void> export_fits(const domain::connector& data,
                                         domain::watts power) const {
    const auto& station = site.stations[data.station.value()];
    const auto* profile = stations::find_capability(site, station.capability);
    if (profile == nullptr || !profile->is_bidirectional)
      return out_of_range("power_w", -power.count(),
                          "0 to " + std::to_string(data.power_max.count()) +
                              " W: its station is not bidirectional");
    const auto most = std::min(profile->power_max, data.power_max);
    if (power >= profile->power_min && power <= most) return {};
    return out_of_range("power_w", -power.count(),
                        std::to_string(-most.count()) + " to " +
                            std::to_string(-profile->power_min.count()) + " W");
  }

  [[nodiscard]] result<void> steps_fit(const domain::connector_constraint& wanted,
                                       const domain::connector& data) const {
    if (wanted.output && (wanted.output->count() < 0 || wanted.output->count() > 2'000'000))
      return out_of_range("output_ma", wanted.output->count(), "0 to 2000000 mA");
    if (wanted.is_export() && (wanted.output || wanted.ramp))
      return error{errc::out_of_range, "export takes neither a current of the output nor a ramp"};
    if (!wanted.ramp) return {};
    if (wanted.ramp->from.count() < 0 || wanted.ramp->from > data.current_max)
      return out_of_range("ramp from_ma", wanted.ramp->from.count(),
                          "0 to " + std::to_string(data.current_max.count()) + " mA");
    if (wanted.ramp->step.count() < 1 || wanted.ramp->step.count() > 2'000'000)
      return out_of_range("ramp step_ma", wanted.ramp->step.count(), "1 to 2000000 mA");
    if (wanted.ramp->every.count() < 1 || wanted.ramp->every > connector_hold_max)
      return out_of_range("ramp every_us", wanted.ramp->every.count(), "1 to 86400000000 us");
    return {};
  }

  result<void> operator()(const domain::node_constraint& wanted) const {
    if (auto known = node(wanted.node, wanted.limit.source); !known) return known;
    if (!wanted.limit.current && !wanted.limit.power)
      return error{errc::missing_field, "limit states neither a current nor a power"};
    if (wanted.limit.current)
      for (const auto line : *wanted.limit.current)
        if (line.count() < 0 || line.count() > 100'000'000)
          return out_of_range("limit_ma", line.count(), "0 to 100000000 mA");
    if (wanted.limit.power && (wanted.limit.power->count() < 0 ||
                               wanted.limit.power->count() > 100'000'000))
      return out_of_range("limit_w", wanted.limit.power->count(), "0 to 100000000 W");
    if (wanted.until && (*wanted.until <= now || *wanted.until <= wanted.from))
      return error{errc::out_of_range, "until is not later than now and than from"};
    return wanted.guaranteed ? guarantee(*wanted.guaranteed) : result<void>{};
  }

  [[nodiscard]] static result<void> guarantee(const domain::guaranteed_minimum& minimum) {
    if (minimum.each.count() < 0 || minimum.each.count() > 10'000'000)
      return out_of_range("guaranteed.each_w", minimum.each.count(), "0 to 10000000 W");
    for (const auto part : {minimum.of_rated, minimum.simultaneity})
      if (part.count() < 0 || part.count() > 1'000)
        return out_of_range("guaranteed permille", part.count(), "0 to 1000");
    return {};
  }

  result<void> operator()(const domain::lift_node_constraint& wanted) const {
    return node(wanted.node, wanted.source);
  }

  result<void> operator()(const domain::connector_constraint& wanted) const {
    if (auto known = connector(wanted.connector); !known) return known;
    const auto& data = site.connectors[wanted.connector.value()];
    const bool is_dc = data.kind == domain::current_kind::dc;
    if (is_dc ? !wanted.power.has_value() : !wanted.current.has_value())
      return error{errc::missing_field, is_dc ? "a DC connector is limited by its power"
                                              : "an AC connector is limited by its currents"};
    if (wanted.current)
      for (const auto line : *wanted.current)
        if (line.count() < 0 || line > data.current_max)
          return out_of_range("current_ma", line.count(),
                              "0 to " + std::to_string(data.current_max.count()) + " mA");
    if (wanted.is_export()) {
      if (auto fits = export_fits(data, -*wanted.power); !fits) return fits;
    } else if (wanted.power && *wanted.power > data.power_max) {
      return out_of_range("power_w", wanted.power->count(),
                          "0 to " + std::to_string(data.power_max.count()) + " W");
    }
    if (auto fits = steps_fit(wanted, data); !fits) return fits;
    if (wanted.until <= now || wanted.until - now > connector_hold_max)
      return error{errc::out_of_range, "until is not within a day from now"};
    return {};
  }

  result<void> operator()(const domain::lift_connector_constraint& wanted) const {
    return connector(wanted.connector);
  }

  result<void> operator()(const domain::configure_shedding& wanted) const {
    const int level = wanted.forced_level.value_or(0);
    if (level < 0 || level > safety::shedding_levels)
      return out_of_range("level", level, "0 to 5");
    return safety::validate(wanted.settings);
  }
};

} // namespace

result<void> check(const domain::site& site, const domain::operator_order& order,
                   domain::instant now) {
  return std::visit(order_check{site, now}, order);
}

void order_book::put(const domain::node_constraint& constraint) {
  const auto place = std::lower_bound(
      nodes_.begin(), nodes_.end(), constraint,
      [](const auto& a, const auto& b) { return key_of(a) < key_of(b); });
  const bool is_known = place != nodes_.end() && key_of(*place) == key_of(constraint);
  if (is_known) *place = constraint;
  else nodes_.insert(place, constraint);
}

void order_book::put(const domain::connector_constraint& constraint) {
  const auto place = std::lower_bound(
      connectors_.begin(), connectors_.end(), constraint,
      [](const auto& a, const auto& b) { return a.connector < b.connector; });
  const bool is_known = place != connectors_.end() && place->connector == constraint.connector;
  if (is_known) *place = constraint;
  else connectors_.insert(place, constraint);
}

void order_book::take(const domain::operator_order& order) {
  if (const auto* node = std::get_if<domain::node_constraint>(&order)) put(*node);
  if (const auto* connector = std::get_if<domain::connector_constraint>(&order)) put(*connector);
  if (const auto* shedding = std::get_if<domain::configure_shedding>(&order))
    shedding_ = *shedding;
  if (const auto* lifted = std::get_if<domain::lift_node_constraint>(&order))
    std::erase_if(nodes_, [&](const auto& each) {
      return key_of(each) == std::tuple(lifted->node, lifted->source);
    });
  if (const auto* lifted = std::get_if<domain::lift_connector_constraint>(&order))
    std::erase_if(connectors_,
                  [&](const auto& each) { return each.connector == lifted->connector; });
}

void order_book::work_out(const domain::site& site) {
  for (auto& each : nodes_) each.if_engine_stops = what_remains(site, each);
}

bool order_book::expire(domain::instant now) {
  const auto nodes =
      std::erase_if(nodes_, [&](const auto& each) { return each.until && now >= *each.until; });
  const auto connectors =
      std::erase_if(connectors_, [&](const auto& each) { return now >= each.until; });
  return nodes + connectors > 0;
}

namespace {

/// The power at its output that the order allows at the voltage that is measured there.
domain::watts power_now(const domain::connector_constraint& constraint, const output_now& output) {
  const auto size = constraint.is_export() ? -*constraint.power : *constraint.power;
  if (!constraint.output || !output.voltage) return size;
  return domain::power_floor(*constraint.output, *output.voltage, 1);
}

/// Where a limit that moves towards `target` stands.
domain::milliamperes on_the_way(const domain::limit_ramp& ramp, domain::milliamperes target,
                                domain::instant now) {
  const auto steps = 1 + std::max<std::int64_t>((now - ramp.begun_at) / ramp.every, 0);
  const auto whole = (target > ramp.from ? target - ramp.from : ramp.from - target).count();
  // So many that the next one reaches the target: nothing overflows however long it has stood.
  if (steps > whole / ramp.step.count()) return target;
  const auto moved = domain::milliamperes{steps * ramp.step.count()};
  return target > ramp.from ? ramp.from + moved : ramp.from - moved;
}

} // namespace

domain::milliamperes most_of(const domain::connector_constraint& constraint,
                             const domain::connector& connector,
                             limits::node_voltage voltage, const output_now& output) {
  auto most = connector.current_max;
  if (constraint.current)
    for (std::size_t i = 0; i < connector.line_count; ++i)
      most = std::min(most, (*constraint.current)[domain::index_of(connector.lines[i])]);
  if (constraint.power) {
    const auto on_one_line = limits::current_floor(power_now(constraint, output), voltage);
    most = std::min(most, domain::milliamperes{on_one_line.count() / connector.line_count});
  }
  return constraint.ramp ? on_the_way(*constraint.ramp, most, output.now) : most;
}

void apply(const domain::connector_constraint& constraint, domain::milliamperes most,
           connector_image& connector) {
  if (!constraint.is_export()) {
    connector.operator_max = most;
    return;
  }
  const auto need = connector.soc_target.value_or(domain::permille{1'000});
  constexpr domain::watt_hours nothing{};
  const bool is_owed = connector.energy_needed.value_or(nothing) > nothing;
  if (is_owed || (connector.soc && *connector.soc < need)) return;
  if (!connector.export_max) {
    connector.operator_max = domain::milliamperes{};
    return;
  }
  connector.export_max = std::min(*connector.export_max, most);
  connector.gives_back = true;
}

} // namespace busbar::control::operators
