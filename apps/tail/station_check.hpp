#pragma once
// Whether an engine knows the station that `busbar tail --station` names.

#include "apps/tail/stream_connection.hpp"

#include <chrono>
#include <string>

namespace busbar::apps {

/// "there is no station 'CP-O01' (did you mean `CP-001`?)", in the engine's words. Empty where the
/// engine knows the station, or does not answer within `patience`.
[[nodiscard]] std::string unknown_station(const stream_address& address, const std::string& station,
                                          std::chrono::milliseconds patience);

} // namespace busbar::apps
