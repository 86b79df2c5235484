#pragma once
// adapters/http/openapi.json as it was when this was built (cmake/BusbarEmbed.cmake).

#include <string_view>

namespace busbar::adapters::http::api {

[[nodiscard]] std::string_view openapi_text();

} // namespace busbar::adapters::http::api
