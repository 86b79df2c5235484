// [[station.connector]]: wiring, currents, and whether they fit the station's capability.

#include "adapters/config/site_tables.hpp"
#include "control/stations/capability.hpp"
#include "domain/current_text.hpp"

#include <algorithm>
#include <functional>
#include <utility>

namespace busbar::adapters::config {

namespace {

using domain::milliamperes;

constexpr range amperes{0, 10'000, "A"};
constexpr range kilowatt_watts{1, 10'000'000, "W"};

/// What `power` needs at the site's side: P / (lines x line-to-neutral), for delta / line-to-line
/// (taken as 1.732 times line-to-neutral), rounded up. A DC connector is a balanced load.
milliamperes current_for(domain::watts power, const domain::connector& connector,
                         domain::millivolts neutral_volts) {
  const auto micro_watts = power.count() * 1'000'000;
  if (connector.wiring == domain::connection::delta) {
    const auto line_volts = neutral_volts.count() * 1'732 / 1'000;
    return milliamperes{(micro_watts + line_volts - 1) / line_volts};
  }
  const auto volts = neutral_volts.count() * connector.line_count;
  return milliamperes{(micro_watts + volts - 1) / volts};
}

void read_wiring(table_reader& reader, domain::connector& connector) {
  if (const auto lines = lines_in(reader, "phases")) {
    connector.line_count = static_cast<std::uint8_t>(lines->size());
    std::ranges::copy(*lines, connector.lines.begin());
  }
  const bool is_delta = reader.choice("wiring", {"wye", "delta"}) == "delta";
  connector.wiring = is_delta ? domain::connection::delta : domain::connection::wye;
  if (is_delta && connector.line_count != 2)
    reader.fail("phases", "has " + std::to_string(connector.line_count) +
                              " lines: a delta load lies between exactly two");
  if (connector.kind == domain::current_kind::dc && connector.line_count != 3)
    reader.fail("phases", "has " + std::to_string(connector.line_count) +
                              " lines: a DC connector is a balanced three-phase load");
}

/// The least that the connector charges with at all, by its profile or else its kind.
milliamperes least_current(const domain::connector& connector, const connector_frame& frame) {
  const bool is_dc = connector.kind == domain::current_kind::dc;
  if (!frame.profile) return milliamperes{is_dc ? 0 : 6'000};
  return is_dc ? current_for(frame.profile->power_min, connector, frame.neutral_volts)
               : frame.profile->current_min;
}

/// Grants are whole steps: one at least lies between the minimum and the maximum.
void check_step(table_reader& reader, const domain::connector& connector) {
  const auto step = connector.step.count();
  const auto highest = connector.current_max.count() / step * step;
  if (highest > 0 && highest >= connector.current_min.count()) return;
  reader.fail("step_a", "is " + domain::text_of(connector.step) +
                            ": allowed are steps of which one lies within " +
                            domain::text_of(connector.current_min) + " (`min_a`) to " +
                            domain::text_of(connector.current_max) + " (`max_a`)");
}

/// A connector whose power is less than its minimum current needs would never charge. 5 % are left
/// for powers that are rounded or meant at another voltage than the site's.
void check_power(table_reader& reader, const domain::connector& connector,
                 const connector_frame& frame) {
  const auto most = current_for(connector.power_max, connector, frame.neutral_volts);
  if (most.count() * 20 >= connector.current_min.count() * 19) return;
  reader.fail("power_w", "is " + std::to_string(connector.power_max.count()) + " W, " +
                             domain::text_of(most) +
                             " at the site's side: allowed is at least `min_a`, " +
                             domain::text_of(connector.current_min));
}

void read_currents(table_reader& reader, domain::connector& connector,
                   const connector_frame& frame) {
  const bool is_dc = connector.kind == domain::current_kind::dc;
  const auto power = reader.integer("power_w", kilowatt_watts);
  const auto highest = reader.thousandths("max_a", amperes);
  connector.current_min = least_current(connector, frame);
  // Steps of a DC profile are its output's, those of a connector its input's.
  connector.step = frame.profile && !is_dc ? frame.profile->step : milliamperes{1};
  put(connector.current_min, reader.thousandths("min_a", amperes));
  put(connector.step, reader.thousandths("step_a", {0.001, 100, "A"}));
  put(connector.power_max, power);
  if (highest)
    connector.current_max = milliamperes{*highest};
  else if (power)
    connector.current_max = current_for(connector.power_max, connector, frame.neutral_volts);
  else if (!reader.has("max_a") && !reader.has("power_w"))
    reader.fail_absent("max_a", "and `power_w` are both missing: state one of them", {"power_w"});
  if (highest && power) check_power(reader, connector, frame);
  if (is_dc && frame.profile && !reader.has("power_w"))
    reader.fail_absent("power_w", "is missing: a DC connector with a capability states it");
  if (connector.current_max.count() > 1'000 * static_cast<std::int64_t>(amperes.high))
    reader.fail("power_w", "is " + std::to_string(connector.power_max.count()) + " W, " +
                               domain::text_of(connector.current_max) +
                               " at the site's side: allowed are 0 to 10000 A");
  if ((highest || power) && connector.current_min > connector.current_max)
    reader.fail("min_a", "is " + domain::text_of(connector.current_min) +
                             ": allowed is at most the maximum, " +
                             domain::text_of(connector.current_max));
  else if (connector.current_max.count() > 0)
    check_step(reader, connector);
}

void read_switching(table_reader& reader, domain::connector& connector) {
  put(connector.can_switch_phases, reader.boolean("switch_phases"));
  const bool can_be = connector.kind == domain::current_kind::ac && connector.line_count == 3 &&
                      connector.wiring == domain::connection::wye;
  if (connector.can_switch_phases && !can_be)
    reader.fail("switch_phases", "is true: allowed for three-phase AC connectors only");
}

/// The site file's field for a fault of control/stations.
const char* key_of(const control::stations::setpoint_fault& fault) {
  if (fault.field == "lines") return "phases";
  return fault.field == "power_w" ? "power_w" : "max_a";
}

/// In the unit of that field.
std::string text_of(const control::stations::setpoint_fault& fault) {
  const auto text = [](std::int64_t value, std::int64_t low, std::int64_t high,
                       const std::string& unit) {
    return "is " + std::to_string(value) + unit + ": allowed is " + std::to_string(low) + " to " +
           std::to_string(high) + unit;
  };
  if (fault.field == "lines") return text(fault.value, fault.low, fault.high, "");
  if (fault.field == "power_w") return text(fault.value, fault.low, fault.high, " W");
  return "is " + domain::text_of(milliamperes{fault.value}) + ": allowed is " +
         domain::in_amperes(milliamperes{fault.low}) + " to " +
         domain::text_of(milliamperes{fault.high});
}

using refusal = std::function<void(const char* key, const std::string& why)>;

/// The most that the connector may be told to do.
control::stations::setpoint most_of(const domain::connector& connector) {
  control::stations::setpoint most;
  if (connector.kind == domain::current_kind::dc) {
    most.power = connector.power_max;
    return most;
  }
  most.current = connector.current_max;
  // A load between two lines is one load.
  most.lines = connector.wiring == domain::connection::delta ? 1 : connector.line_count;
  return most;
}

void check_profile(const domain::connector& connector, const connector_frame& frame,
                   const refusal& refuse) {
  const auto& profile = *frame.profile;
  for (const auto& fault : control::stations::validate(profile, most_of(connector)))
    refuse(key_of(fault), text_of(fault));
  if (connector.can_switch_phases && !profile.can_switch_phases)
    refuse("switch_phases", "is true: allowed is false");
  if (const auto least = least_current(connector, frame); connector.current_min < least)
    refuse("min_a", "is " + domain::text_of(connector.current_min) + ": allowed is at least " +
                        domain::text_of(least));
  const bool is_ac = profile.kind == domain::current_kind::ac;
  if (is_ac && connector.step.count() % profile.step.count() != 0)
    refuse("step_a", "is " + domain::text_of(connector.step) + ": allowed are multiples of " +
                         domain::text_of(profile.step));
}

/// False, and a fault, where its station's profile is of another kind.
bool is_of_kind(table_reader& reader, const domain::connector& connector,
                const domain::capability& profile) {
  if (profile.kind == connector.kind) return true;
  const bool is_dc = connector.kind == domain::current_kind::dc;
  reader.fail("kind", (is_dc ? "is dc: allowed is ac" : "is ac: allowed is dc") +
                          (" (capability " + profile.name + ")"));
  return false;
}

} // namespace

domain::connector read_connector(const toml::table& table, connector_frame frame, std::string& id,
                                 fault_list& faults) {
  table_reader reader{table, frame.what + " connector", faults};
  domain::connector connector;
  id = reader.text("id", id_bytes_max).value_or("");
  const auto kind = reader.choice("kind", {"ac", "dc"});
  connector.kind = kind == "dc" ? domain::current_kind::dc : domain::current_kind::ac;
  if (frame.profile && !is_of_kind(reader, connector, *frame.profile)) frame.profile = nullptr;
  const auto faults_before = faults.size();
  read_wiring(reader, connector);
  read_currents(reader, connector, frame);
  read_switching(reader, connector);
  // What could not be read is not judged by what stands there instead.
  const bool is_stated = reader.has("power_w") ||
                         (connector.kind == domain::current_kind::ac && reader.has("max_a"));
  if (frame.profile && faults.size() == faults_before && is_stated)
    check_profile(connector, frame, [&](const char* key, const std::string& why) {
      reader.fail(key, why + " (capability " + frame.profile->name + ")");
    });
  reader.finish();
  return connector;
}

} // namespace busbar::adapters::config
