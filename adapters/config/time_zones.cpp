#include "adapters/config/time_zones.hpp"

#include "text/suggestion.hpp"

#include <date/tz.h>

#include <algorithm>
#include <exception>
#include <vector>

namespace busbar::adapters::config {

namespace {

using domain::instant;

constexpr instant first = date::sys_days{date::year{2000} / 1 / 1};
constexpr instant last = date::sys_days{date::year{2100} / 1 / 1};

/// Empty where the system has none.
std::vector<std::string> known_names() {
  std::vector<std::string> names;
  for (const auto& zone : date::get_tzdb().zones) names.push_back(zone.name());
  return names;
}

domain::time_zone table_of(const date::time_zone& zone, const std::string& name) {
  domain::time_zone table{name, {}};
  for (auto at = first; at < last;) {
    const auto info = zone.get_info(std::chrono::floor<domain::seconds>(at));
    if (table.changes.empty() || table.changes.back().offset != info.offset)
      table.changes.push_back({at, info.offset});
    if (info.end.time_since_epoch() >= last.time_since_epoch()) break;
    at = info.end;
  }
  return table;
}

} // namespace

domain::result<domain::time_zone> find_time_zone(const std::string& name) {
  if (name == "UTC") return domain::time_zone{};
  // The library says that there is no tzdata by an exception; none crosses this border.
  try {
    const auto names = known_names();
    if (std::ranges::find(names, name) != names.end())
      return table_of(*date::locate_zone(name), name);
    return domain::error{domain::errc::unknown_reference,
                         "is not a time zone: allowed is one of the system's (tzdata), as "
                         "Europe/Berlin, or UTC" + text::did_you_mean(name, names)};
  } catch (const std::exception& why) {
    return domain::error{domain::errc::unknown_reference,
                         std::string{"cannot be looked up, only UTC is known here: "} + why.what()};
  }
}

} // namespace busbar::adapters::config
