#pragma once
// Small readings of single values that the checks and the readers of messages share.

#include "ocpp/v16/field.hpp"

#include <simdjson.h>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace busbar::ocpp::v16 {

inline constexpr std::size_t shown_bytes = 80;

/// `value` as it stands in a fault: one line, cut to 80 bytes; of lists and objects only what they
/// are.
[[nodiscard]] std::string shown(const simdjson::dom::element& value);

/// Code points. REQUIRES: UTF-8.
[[nodiscard]] std::size_t characters_in(std::string_view text);

/// All of `text`, without the spaces around it.
[[nodiscard]] std::optional<std::int64_t> integer_from(std::string_view text);
[[nodiscard]] std::optional<double> number_from(std::string_view text);
[[nodiscard]] std::optional<bool> truth_from(std::string_view text);

/// The one of `allowed` that is `text` but for capitals and the spaces around it; empty: none.
[[nodiscard]] std::string_view meant_choice(choices allowed, std::string_view text);

/// With a scheme, and of the characters of RFC 3986.
[[nodiscard]] bool is_uri(std::string_view text);

} // namespace busbar::ocpp::v16
