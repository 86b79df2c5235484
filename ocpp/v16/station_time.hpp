#pragma once
// Times as stations send them: RFC 3339, or something near it that can be read (OCPP-5).

#include "domain/time.hpp"
#include "ocpp/v16/tolerance.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace busbar::ocpp::v16 {

struct station_time {
  /// Absent where the text is no time, or one that no station can mean.
  std::optional<domain::instant> at;
  /// Why the text is not simply a time; empty where it is one.
  tolerance_set flags;
};

/// `offset` (east of UTC) is of the station's settings: it counts where the text has no zone.
[[nodiscard]] station_time read_time(std::string_view text, std::chrono::minutes offset = {});

} // namespace busbar::ocpp::v16
