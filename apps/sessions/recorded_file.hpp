#pragma once
// Files of recorded sessions, in the formats that people have (docs/session-files.md): the ACN CSV,
// ACN-Data's own JSON, EPFL's CSV. Which one a file is, its content says.

#include "domain/fault_list.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace busbar::apps {

/// One stay of one vehicle, as the file has it.
struct recorded_visit {
  /// Where it stands, for faults: "month.csv:7: station_id", "days.json: /_items/4/spaceID".
  std::string where;
  /// What the file calls its place, the name that is most likely a site's first; at least one.
  std::vector<std::string> places;
  /// The clock of the file: local civil time as if it were UTC, or UTC (`recorded_file::is_utc`).
  domain::instant arrives{};
  /// After `arrives`.
  domain::instant departs{};
  /// When the driver said that the vehicle leaves; `departs` where the file has no such thing.
  domain::instant announced{};
  std::int64_t requested_wh = 0;
  /// What the battery can take; 0 to the request.
  std::int64_t takes_wh = 0;
  /// The most that the vehicle takes; absent: the file does not say.
  std::optional<std::int64_t> power_max_w;
  std::optional<domain::watt_hours> battery;
  /// Of the battery, on arrival.
  std::optional<domain::permille> soc;
  bool is_dc = false;
};

struct recorded_file {
  /// In the file's order.
  std::vector<recorded_visit> visits;
  /// Every fault, with file, place, value and what is allowed; then `visits` is of no use.
  domain::fault_list faults;
  /// Times are UTC, not local civil time.
  bool is_utc = false;
  /// False where times count from a midnight that the file does not name.
  bool has_dates = true;
};

/// Of at most 64 MiB; "-" is standard input.
[[nodiscard]] recorded_file read_recorded_file(const std::string& path);

/// A fault for every two visits that overlap at one connector, naming both places in the file.
/// `connectors`: by visit, which one it is at, by any numbering; as many as there are visits.
void add_overlaps(const std::vector<recorded_visit>& visits,
                  const std::vector<std::size_t>& connectors, domain::fault_list& faults);

} // namespace busbar::apps
