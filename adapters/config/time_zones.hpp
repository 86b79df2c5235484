#pragma once
// The time zones that the system knows (tzdata, /usr/share/zoneinfo), each as a table.

#include "domain/result.hpp"
#include "domain/time_zone.hpp"

#include <string>

namespace busbar::adapters::config {

/// The zone of that name ("Europe/Berlin", "UTC") with its changes from 2000 on, as far as the
/// system's table goes (2037 on Debian; then the last offset holds); else what is wrong with the
/// name, and which may be meant. Where the system has no tzdata only UTC is known.
[[nodiscard]] domain::result<domain::time_zone> find_time_zone(const std::string& name);

} // namespace busbar::adapters::config
