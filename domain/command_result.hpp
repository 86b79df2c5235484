#pragma once
// A station's answers to commands: topic busbar.results.v1.

#include "domain/capability.hpp"
#include "domain/ids.hpp"
#include "domain/maybe.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"

#include <cstdint>
#include <string>
#include <vector>

namespace busbar::domain {

enum class outcome : std::uint8_t { unspecified = 0, accepted, refused };
[[nodiscard]] const char* name_of(outcome which);

/// A station's answer to one command.
struct command_result {
  connector_index connector;
  sequence number = 0;
  outcome answer = outcome::unspecified;
  /// Why refused; empty when accepted.
  std::string why;
  instant answered_at{};
  /// start, stop: the meter's register at that moment; absent: it was not told.
  maybe<watt_hours> register_at{};
  /// report: what the station is. Otherwise null.
  shared_station_report reported{};
  bool operator==(const command_result&) const = default;
};

struct result_batch {
  site_id site;
  std::uint64_t topology_hash = 0;
  epoch owner = 0;
  std::vector<command_result> results;
  bool operator==(const result_batch&) const = default;
};

} // namespace busbar::domain
