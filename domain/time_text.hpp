#pragma once
// Times as text, RFC 3339: the form of every door, API and protocol.

#include "domain/time.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace busbar::domain {

/// "2026-05-01T12:00:00Z", "2026-05-01T14:00:00.25+02:00". A zone is required, years 0001 to 9999;
/// fractions beyond microseconds are cut off. A leap second, which RFC 3339 permits at the end of a
/// month in UTC and nowhere else, is the first second of the next month: "2016-12-31T23:59:60Z" is
/// "2017-01-01T00:00:00Z". Absent: not such a time.
[[nodiscard]] std::optional<instant> instant_from(std::string_view text);

/// UTC, with as many fraction digits (0, 3 or 6) as the instant needs: "2026-05-01T12:00:00Z".
[[nodiscard]] std::string text_of(instant at);

} // namespace busbar::domain
