#pragma once
// Points of time as RFC 3339 texts.

#include "domain/time.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace busbar::adapters::http {

/// "2026-05-01T12:00:00.000000Z": always UTC and microseconds. Years 0..9999.
[[nodiscard]] std::string time_text(domain::instant at);

/// "Fri, 01 May 2026 12:00:00 GMT": the form of HTTP's header Date.
[[nodiscard]] std::string http_date_text(domain::instant at);

/// Reads RFC 3339 with any offset and at most six decimals; nothing where it is not that.
[[nodiscard]] std::optional<domain::instant> time_from(std::string_view text);

} // namespace busbar::adapters::http
