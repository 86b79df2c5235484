#pragma once
// The time of HTTP's header Date.

#include "domain/time.hpp"

#include <string>

namespace busbar::adapters::http::server {

/// "Fri, 01 May 2026 12:00:00 GMT". Years 0..9999.
[[nodiscard]] std::string http_date_text(domain::instant at);

} // namespace busbar::adapters::http::server
