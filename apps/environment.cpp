#include "apps/environment.hpp"

#include "adapters/config/site_file.hpp"
#include "control/limits/fallback_check.hpp"
#include "control/limits/integer_math.hpp"
#include "control/operators/configuration.hpp"
#include "control/operators/node_revision.hpp"
#include "control/safety/load_shedding.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

namespace busbar::apps {

namespace {

using domain::permille;

/// A decimal number in thousandths, rounded down; absent where the text is none or is too long.
std::optional<std::int64_t> thousandths_of(const std::string& text) {
  constexpr std::size_t digits_max = 12;
  const std::size_t point = std::min(text.find('.'), text.size());
  const std::string whole = text.substr(0, point);
  const std::string fraction = point < text.size() ? text.substr(point + 1) : "0";
  const auto is_digits = [](const std::string& part) {
    return !part.empty() && part.size() <= digits_max &&
           std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
  };
  if (!is_digits(whole) || !is_digits(fraction)) return std::nullopt;
  std::string all = whole;
  for (std::size_t i = 0; i < 3; ++i) all += i < fraction.size() ? fraction[i] : '0';
  return std::stoll(all);
}

std::string decimal(std::int64_t thousandths) {
  std::string fraction = std::to_string(1'000 + thousandths % 1'000).substr(1);
  while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
  return std::to_string(thousandths / 1'000) + (fraction.empty() ? "" : "." + fraction);
}

class reader {
public:
  using source = std::function<std::optional<std::string>(const std::string&)>;
  reader(const source& value_of, std::vector<std::string>& faults)
      : value_of_(value_of), faults_(faults) {}

  [[nodiscard]] std::optional<std::string> text(const std::string& name) const {
    auto value = value_of_(name);
    return value && value->empty() ? std::nullopt : value;
  }
  /// In thousandths, as the bounds are.
  std::optional<std::int64_t> number(const std::string& name, std::int64_t low, std::int64_t high,
                                     const std::string& unit) {
    const auto value = text(name);
    if (!value) return std::nullopt;
    const auto read = thousandths_of(*value);
    if (read && *read >= low && *read <= high) return read;
    refuse(name, *value, "numbers from " + decimal(low) + " to " + decimal(high) +
                             (unit.empty() ? "" : " (" + unit + ")"));
    return std::nullopt;
  }
  template <class Quantity>
  std::optional<Quantity> quantity(const std::string& name, std::int64_t low, std::int64_t high,
                                   const std::string& unit) {
    const auto read = number(name, low, high, unit);
    return read ? std::optional{Quantity{*read}} : std::nullopt;
  }
  /// A whole number of milliseconds.
  std::optional<std::int64_t> milliseconds(const std::string& name, std::int64_t low,
                                           std::int64_t high) {
    const auto read = number(name, low * 1'000, high * 1'000, "ms");
    return read ? std::optional{*read / 1'000} : std::nullopt;
  }
  std::optional<bool> truth(const std::string& name) {
    const auto value = text(name);
    if (!value) return std::nullopt;
    if (*value == "true" || *value == "1") return true;
    if (*value == "false" || *value == "0") return false;
    refuse(name, *value, "true and false");
    return std::nullopt;
  }
  void refuse(const std::string& name, const std::string& value, const std::string& allowed) {
    faults_.push_back(name + " is '" + value + "': allowed are " + allowed);
  }

private:
  const source& value_of_;
  std::vector<std::string>& faults_;
};

constexpr std::int64_t value_max = 100'000'000;

void read_service(reader& from, environment& to) {
  using domain::milliamperes;
  to.service.power_max = from.quantity<domain::watts>("MAX_GRID_CAPACITY_KW", 1, value_max, "kW");
  to.service.current_max =
      from.quantity<milliamperes>("MAX_SERVICE_CURRENT", 1, value_max, "A");
  to.service.continuous =
      from.quantity<permille>("NEC625_CONTINUOUS_FACTOR", 1, 1'000, "");
  to.service.imbalance_max = from.quantity<permille>("MAX_PHASE_IMBALANCE", 1, 1'000, "");
  to.peak_demand = from.quantity<domain::watts>("PEAK_DEMAND_THRESHOLD_KW", 1, value_max, "kW");
  to.voltage = from.quantity<domain::millivolts>("SERVICE_VOLTAGE", 50'000, 1'732'000, "V");
  const auto lines = from.text("SERVICE_PHASES");
  if (!lines) return;
  if (*lines == "1" || *lines == "2" || *lines == "3")
    to.service.lines = static_cast<std::uint8_t>((*lines)[0] - '0');
  else from.refuse("SERVICE_PHASES", *lines, "1, 2 and 3");
}

void read_safety(reader& from, environment& to) {
  to.sheds_load = from.truth("ENABLE_LOAD_SHEDDING");
  to.shedding_rise = from.quantity<permille>("LOAD_SHEDDING_UPPER_THRESHOLD", 500, 1'200, "");
  to.shedding_fall = from.quantity<permille>("LOAD_SHEDDING_LOWER_THRESHOLD", 0, 1'199, "");
  if (const auto on = from.truth("ENABLE_FAIL_SAFE"); on && !*on)
    from.refuse("ENABLE_FAIL_SAFE", *from.text("ENABLE_FAIL_SAFE"),
                "true alone: leases and fallbacks cannot be turned off (SAFE-1)");
  if (const auto ms = from.milliseconds("FAIL_SAFE_COMM_TIMEOUT", 2'000, 3'600'000))
    to.stale_after = domain::seconds{*ms / 1'000};
  to.audit_dir = from.text("AUDIT_LOG_DIR");
  if (const auto ms = from.milliseconds("HEALTH_CHECK_INTERVAL", 100, 3'600'000))
    to.health_check_every = std::chrono::milliseconds{*ms};
}

/// Puts `value` in the place of what the file says, and tells where that was something else.
class overlay {
public:
  overlay(const domain::site& file, std::vector<std::string>& said) : file_(file), said_(said) {}

  template <class Value>
  void put(const char* name, Value& place, const std::optional<Value>& value) {
    if (!value || place == *value) return;
    said_.push_back(std::string{name} + " comes over what the site file of " + file_.id.text() +
                    " says");
    place = *value;
  }
  void tell(const char* name, bool differs) {
    if (differs)
      said_.push_back(std::string{name} + " comes over what the site file of " +
                      file_.id.text() + " says");
  }

private:
  const domain::site& file_;
  std::vector<std::string>& said_;
};

/// What the file states of that source, on any line.
std::optional<domain::milliamperes> stated_current(const domain::node& node,
                                                   domain::limit_source source) {
  for (const auto& each : node.limits)
    if (each.source == source && each.current) return (*each.current)[0];
  return std::nullopt;
}

std::optional<domain::watts> stated_power(const domain::node& node) {
  for (const auto& each : node.limits)
    if (each.power) return each.power;
  return std::nullopt;
}

void tell_service(overlay& over, const domain::node& file, const domain::node_configuration& own) {
  const auto rating = stated_current(file, domain::limit_source::rating);
  const auto power = stated_power(file);
  over.tell("MAX_SERVICE_CURRENT", own.current_max && rating && *rating != *own.current_max);
  over.tell("MAX_GRID_CAPACITY_KW", own.power_max && power && *power != *own.power_max);
  over.tell("NEC625_CONTINUOUS_FACTOR", own.continuous && file.continuous != *own.continuous);
  const auto& band = file.protection.quality.imbalance_max;
  over.tell("MAX_PHASE_IMBALANCE", own.imbalance_max && band && *band != *own.imbalance_max);
}

/// The voltage line to neutral that is meant. Within 1 % of the file's it is the file's: 400 V is
/// what 230 V is called.
domain::millivolts neutral_of(domain::millivolts stated, const domain::site& file, bool is_three) {
  using control::limits::root_floor;
  using control::limits::wide;
  const wide value = stated.count();
  const domain::millivolts meant =
      is_three ? domain::millivolts{root_floor(value * value / 3)} : stated;
  const auto far = meant > file.nominal ? meant - file.nominal : file.nominal - meant;
  return far.count() * 100 <= file.nominal.count() ? file.nominal : meant;
}

domain::result<void> check(const domain::site& site) {
  if (auto right = control::safety::validate(site.shedding); !right) return right;
  std::string text;
  for (const auto& fault : control::limits::check_fallbacks(site))
    text += (text.empty() ? "LIM-4: " : "; ") + control::limits::text_of(fault, site);
  if (text.empty()) return {};
  return domain::error{domain::errc::unsafe, std::move(text)};
}

} // namespace

read_environment_result
read_environment(const std::function<std::optional<std::string>(const std::string&)>& value_of) {
  read_environment_result made;
  reader from{value_of, made.faults};
  read_service(from, made.read);
  read_safety(from, made.read);
  return made;
}

read_environment_result read_environment() {
  return read_environment([](const std::string& name) -> std::optional<std::string> {
    const char* value = std::getenv(name.c_str());
    return value ? std::optional{std::string{value}} : std::nullopt;
  });
}

domain::result<std::shared_ptr<const domain::site>>
with_environment(const std::shared_ptr<const domain::site>& file, const environment& over,
                 std::vector<std::string>& said) {
  auto site = std::make_shared<domain::site>(*file);
  overlay put{*file, said};
  auto service = over.service;
  service.node = site->nodes.front().id;
  tell_service(put, file->nodes.front(), service);
  if (auto done = control::operators::revise(site->nodes.front(), service); !done)
    return done.failure();
  auto& peak = site->nodes.front().protection.peak_demand;
  put.tell("PEAK_DEMAND_THRESHOLD_KW", over.peak_demand && peak && *peak != *over.peak_demand);
  if (over.peak_demand) peak = over.peak_demand;
  if (over.voltage)
    put.put("SERVICE_VOLTAGE", site->nominal,
            std::optional{neutral_of(*over.voltage, *file, service.lines.value_or(3) == 3)});
  put.put("ENABLE_LOAD_SHEDDING", site->shedding.is_enabled, over.sheds_load);
  put.put("LOAD_SHEDDING_UPPER_THRESHOLD", site->shedding.rise, over.shedding_rise);
  put.put("LOAD_SHEDDING_LOWER_THRESHOLD", site->shedding.fall, over.shedding_fall);
  put.put("FAIL_SAFE_COMM_TIMEOUT", site->input.stale_after, over.stale_after);
  if (auto right = check(*site); !right) return right.failure();
  domain::seal(*site);
  return std::shared_ptr<const domain::site>{std::move(site)};
}

domain::result<std::shared_ptr<const domain::site>> read_again(const std::string& path,
                                                               const environment& over) {
  auto read = adapters::config::reload_site(path);
  std::vector<std::string> said_at_the_start;
  return read ? with_environment(read.value(), over, said_at_the_start) : std::move(read);
}

} // namespace busbar::apps
