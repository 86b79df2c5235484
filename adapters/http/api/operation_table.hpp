#pragma once
// What each operation asks for of who asks: read from openapi.json, where it is stated once, as
// `x-least-role`, `x-rate` and `x-access`.

#include "control/access/decision.hpp"
#include "domain/result.hpp"

#include <map>
#include <string>
#include <string_view>

namespace busbar::adapters::http::api {

/// By "GET /api/v1/sites/{site}".
using operation_table = std::map<std::string, control::access::operation_terms, std::less<>>;

/// errc::malformed with the operation that states no role or rate, or one that there is not.
[[nodiscard]] domain::result<operation_table> read_operations(std::string_view openapi);
/// Of the contract that this was built with.
[[nodiscard]] const operation_table& own_operations();

} // namespace busbar::adapters::http::api
