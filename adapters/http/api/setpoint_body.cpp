#include "adapters/http/api/setpoint_body.hpp"

#include "adapters/http/api/constraint_status.hpp"
#include "control/operators/order_book.hpp"
#include "control/stations/connector_profile.hpp"
#include "control/stations/phase_currents.hpp"
#include "domain/electrical.hpp"
#include "domain/time_text.hpp"

#include <algorithm>
#include <array>

namespace busbar::adapters::http::api {

using namespace json;
using namespace server;

namespace {

namespace stations = control::stations;
using domain::milliamperes;
using domain::watts;
using currents = domain::per_line<milliamperes>;

constexpr std::array current_names{"l1_ma", "l2_ma", "l3_ma"};
constexpr std::array phase_names{"A", "B", "C"};
/// Every name that a body of either form may have.
constexpr std::array currents_fields{"l1_ma",  "l2_ma", "l3_ma",      "phases",   "autoBalance",
                                     "ramp",   "until", "duration_s", "connector"};
constexpr std::array power_fields{"power",    "current", "power_w",    "voltage_mv",
                                  "autoRamp", "until",   "duration_s", "connector"};

/// How a field's values are told: as its caller states them.
struct told_unit {
  /// Thousandths of what is told: A of milliamperes, kW of watts.
  bool is_thousandth = false;
  /// Empty where the field's name states it.
  const char* name = "";

  [[nodiscard]] std::string number(std::int64_t value) const {
    return is_thousandth ? decimal_of(value) : std::to_string(value);
  }
  [[nodiscard]] std::string text(std::int64_t value) const {
    return number(value) + (*name == '\0' ? "" : " ") + name;
  }
  [[nodiscard]] std::string range(std::int64_t low, std::int64_t high) const {
    return (low > 0 ? "0 or " : "") + number(low) + " to " + text(high);
  }
};
constexpr told_unit as_named{};
constexpr told_unit in_watts{false, "W"};
constexpr told_unit in_milliamperes{false, "mA"};
constexpr told_unit in_amperes{true, "A"};
constexpr told_unit in_kilowatts{true, "kW"};

/// Refuses a current that the profile cannot follow.
void refuse_current(body_reader& body, const std::string& name, milliamperes wish,
                    const domain::capability& profile, const told_unit& unit) {
  if (stations::validate(profile, {wish, {}, {}, {}}).empty()) return;
  const auto best = stations::recommended_current(profile, wish).count();
  body.refuse(name, unit.text(wish.count()) + "; allowed are " +
                        unit.range(profile.current_min.count(), profile.current_max.count()) +
                        "; recommended is " + unit.text(best));
}

currents read_lines(body_reader& body, const domain::connector& connector,
                    const domain::capability& profile) {
  currents wish{};
  for (const domain::line line : domain::all_lines) {
    const std::size_t place = domain::index_of(line);
    const std::string name = current_names[place];
    const auto value = body.number(name, 0, setpoint_max);
    const bool is_used = lies_on(connector, line);
    if (is_used && !body.has(name))
      body.refuse(name, "missing; the connector lies on this line", {name, "phases"});
    if (!value) continue;
    wish[place] = milliamperes{*value};
    if (!is_used && *value > 0)
      body.refuse(name, std::to_string(*value) + "; the connector does not lie on this line");
    if (is_used) refuse_current(body, name, wish[place], profile, as_named);
  }
  return wish;
}

/// A, B, C are the site's lines L1, L2, L3. What is said of a line on which the connector does not
/// lie bounds nothing.
currents read_phases(body_reader& body, const domain::connector& connector,
                     const domain::capability& profile) {
  currents wish{};
  auto phases = body.object("phases");
  if (!phases) return wish;
  for (const domain::line line : domain::all_lines) {
    const std::size_t place = domain::index_of(line);
    const std::string name = phase_names[place];
    const auto value = phases->thousandths(name, 0, setpoint_max);
    if (!lies_on(connector, line)) continue;
    if (!phases->has(name))
      phases->refuse(name, "missing; the connector lies on this line", {name});
    if (!value) continue;
    wish[place] = milliamperes{*value};
    refuse_current(*phases, name, wish[place], profile, in_amperes);
  }
  body.close(*phases);
  return wish;
}

/// Lowers the lines that stand further above the lowest of the connector's than a site's lines may
/// be apart.
void balance(currents& wish, const domain::connector& connector) {
  auto least = wish[domain::index_of(connector.lines[0])];
  for (std::size_t i = 1; i < connector.line_count; ++i)
    least = std::min(least, wish[domain::index_of(connector.lines[i])]);
  const auto most = stations::highest_beside(least, stations::system_imbalance_max);
  for (milliamperes& each : wish) each = std::min(each, most);
}

/// `{ "stepTime": ms, "stepSize": A }`, true for both as they are by default.
std::optional<ramp_wish> read_ramp(body_reader& body) {
  constexpr std::int64_t step_ms = 2'000, step_ma = 2'000, ms_max = 3'600'000, ma_max = 1'000'000;
  const ramp_wish usual{step_ma, std::chrono::milliseconds{step_ms}};
  if (!body.has("ramp")) return std::nullopt;
  if (body.is_truth("ramp")) return body.truth("ramp").value_or(false) ? std::optional{usual}
                                                                       : std::nullopt;
  auto ramp = body.object("ramp");
  if (!ramp) return std::nullopt;
  const auto every = ramp->number("stepTime", 100, ms_max);
  const auto size = ramp->thousandths("stepSize", 100, ma_max);
  body.close(*ramp);
  return ramp_wish{size.value_or(step_ma), std::chrono::milliseconds{every.value_or(step_ms)}};
}

std::string plain_range(const stations::setpoint_fault& fault) {
  return std::to_string(fault.low) + " to " + std::to_string(fault.high);
}

/// "-50000 to -5000, 0 or 5000 to 50000" where the station is bidirectional.
std::string power_range(const domain::capability& profile, const told_unit& unit) {
  const auto low = profile.power_min.count();
  const auto high = profile.power_max.count();
  if (!profile.is_bidirectional) return unit.range(low, high);
  return unit.number(-high) + " to " + unit.number(-low) + ", " + unit.range(low, high);
}

/// What the profile says to the power, to the voltage, and to the current that follows from both.
/// `name`: the field that states the power; in kilowatts without a voltage it is a bound, and the
/// current is what it is.
void refuse_power(body_reader& body, const std::string& name, const domain::capability& profile,
                  const power_wish& wish) {
  const auto unit = name == "power" ? in_kilowatts : as_named;
  const auto recommended =
      stations::recommended_power(profile, wish.power, wish.voltage).count();
  const std::string advice = "; recommended is " + unit.text(recommended);
  const auto found = stations::validate(profile, {{}, wish.power, wish.voltage, {}});
  for (const stations::setpoint_fault& each : found) {
    if (each.field == "power_w")
      body.refuse(name, unit.text(each.value) + "; allowed are " + power_range(profile, unit) +
                            advice);
    else
      body.refuse(each.field, std::to_string(each.value) + "; allowed are " + plain_range(each));
  }
  const auto current = domain::current_ceil(size_of(wish.power), wish.voltage, 1);
  const bool is_stated = body.has("voltage_mv");
  const bool is_bound_alone = name == "power" && !is_stated;
  if (is_bound_alone || !found.empty()) return;
  if (stations::validate(profile, {current, {}, {}, {}}).empty()) return;
  const bool is_own_word = name == "power";
  const auto& power = is_own_word ? in_kilowatts : in_watts;
  const auto& amperes = is_own_word ? in_amperes : in_milliamperes;
  body.refuse(name, power.text(wish.power.count()) + " at " +
                        std::to_string(wish.voltage.count()) + " mV" +
                        (is_stated ? "" : " (the highest)") + " is " +
                        amperes.text(current.count()) + "; allowed are " +
                        amperes.range(profile.current_min.count(), profile.current_max.count()) +
                        "; recommended is " + power.text(recommended));
}

std::string with_unit(std::int64_t thousandths, const char* unit) {
  return decimal_of(thousandths) + " " + unit;
}

/// "power 150 kW is above what DC-001-1 gives at most: 43 kW are kept".
std::string capped_text(const std::string& wish, const std::string& most,
                        const outlet_facts& outlet) {
  return wish + " is above what " + outlet.connector.text() + " gives at most: " + most +
         " are kept";
}

/// A current of the output, and the power that it is there.
void read_output(body_reader& body, const outlet_facts& outlet, milliamperes asked,
                 power_wish& wish) {
  const auto& most = outlet.profile;
  if (asked > most.current_max)
    wish.note = capped_text("current " + with_unit(asked.count(), "A"),
                            with_unit(most.current_max.count(), "A"), outlet);
  wish.output = std::min(asked, most.current_max);
  if (!body.has("voltage_mv") && outlet.measured) wish.voltage = *outlet.measured;
  const auto power = domain::power_floor(*wish.output, wish.voltage, 1);
  wish.power = std::min(power, most.power_max);
  if (power <= most.power_max) return;
  const auto text = "current " + with_unit(wish.output->count(), "A") + " (" +
         with_unit(power.count(), "kW") + " at " + with_unit(wish.voltage.count(), "V") + ")";
  wish.note += (wish.note.empty() ? "" : "; ") +
               capped_text(text, with_unit(most.power_max.count(), "kW"), outlet);
}

/// `power` in kW or `current` in A at the output.
void read_own_words(body_reader& body, const outlet_facts& outlet, power_wish& wish) {
  const auto power = body.thousandths("power", -setpoint_max, setpoint_max);
  const auto current = body.thousandths("current", 0, 2'000'000);
  if (body.has("power") && body.has("current"))
    body.refuse("current", "power is stated already; state one of the two");
  const auto& most = outlet.profile;
  if (power && !current) {
    wish.power = watts{*power};
    if (wish.power > most.power_max)
      wish.note = capped_text("power " + with_unit(*power, "kW"),
                              with_unit(most.power_max.count(), "kW"), outlet);
    wish.power = std::min(wish.power, most.power_max);
    return refuse_power(body, "power", outlet.profile, wish);
  }
  if (!current) return;
  read_output(body, outlet, milliamperes{*current}, wish);
  refuse_current(body, "current", *wish.output, most, in_amperes);
}

} // namespace

bool lies_on(const domain::connector& connector, domain::line line) {
  const auto* end = connector.lines.begin() + connector.line_count;
  return std::find(connector.lines.begin(), end, line) != end;
}

currents_wish read_currents(body_reader& body, const domain::connector& connector,
                            const domain::capability& profile) {
  currents_wish wish;
  const bool is_own_words = body.meant_of(currents_fields).contains("phases");
  wish.current = is_own_words ? read_phases(body, connector, profile)
                              : read_lines(body, connector, profile);
  if (is_own_words)
    for (const char* name : current_names)
      if (body.has(name)) body.refuse(name, "phases is stated already; state one of the two");
  if (is_own_words && body.truth("autoBalance").value_or(false)) balance(wish.current, connector);
  if (is_own_words) wish.ramp = read_ramp(body);
  return wish;
}

power_wish read_power(body_reader& body, const outlet_facts& outlet) {
  const auto meant = body.meant_of(power_fields);
  const bool is_own_words = meant.contains("power") || meant.contains("current");
  const auto voltage = body.number("voltage_mv", 1, 2'000'000);
  power_wish wish;
  wish.voltage = domain::millivolts{voltage.value_or(outlet.profile.voltage_max.count())};
  if (is_own_words) {
    read_own_words(body, outlet, wish);
    if (body.has("power_w"))
      body.refuse("power_w", "power or current is stated already; state one of the three");
    if (body.truth("autoRamp").value_or(false) && wish.power >= watts{})
      wish.ramp = ramp_wish{outlet.ramp_per_second.count(), std::chrono::seconds{1}};
  } else {
    wish.power = watts{body.number("power_w", -setpoint_max, setpoint_max).value_or(0)};
    if (!body.has("power_w"))
      body.refuse("power_w", "missing; state power_w, or power or current", {"power_w"});
    refuse_power(body, "power_w", outlet.profile, wish);
  }
  return wish;
}

domain::instant read_until(body_reader& body, domain::instant now) {
  constexpr auto longest = control::operators::connector_hold_max;
  const bool is_needed = !body.has("phases") && !body.has("power") && !body.has("current");
  const auto until = body.time("until");
  const auto duration = body.number("duration_s", 1, longest.count());
  if (is_needed && !body.has("until") && !body.has("duration_s"))
    body.refuse("until", "missing; state until or duration_s (1 to 86400)",
                        {"until", "duration_s", "phases", "power", "current"});
  if (body.has("until") && body.has("duration_s"))
    body.refuse("duration_s", "until is stated already; state one of the two");
  if (until && (*until <= now || *until - now > longest))
    body.refuse("until", domain::text_of(*until) + "; allowed is a time later than now, within a "
                                                   "day (86400 s)");
  if (duration) return now + domain::seconds{*duration};
  return until.value_or(now + longest);
}

} // namespace busbar::adapters::http::api
