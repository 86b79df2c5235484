#pragma once
// Decimal numbers as stations write them, exactly: no binary fraction between a meter and a bill.

#include <cstdint>
#include <optional>
#include <string_view>

namespace busbar::ocpp::v16 {

/// digits / 10^scale.
struct decimal {
  std::int64_t digits = 0;
  /// 0..18.
  std::uint8_t scale = 0;
  bool operator==(const decimal&) const = default;
};

/// "16.10", "-1", "+0.5", ".5", "1.5E7" (as Java writes large numbers), with spaces around it.
/// Absent: no number, or one of more digits than 18; zeros after the point do not count, and digits
/// beyond the 18th place after the point are cut off.
[[nodiscard]] std::optional<decimal> decimal_from(std::string_view text);

/// `value` times 10^`places` as a whole number, rounded down or up; absent where that is beyond
/// 64 bits. REQUIRES: 0 <= places <= 18.
[[nodiscard]] std::optional<std::int64_t> units_floor(const decimal& value, int places);
[[nodiscard]] std::optional<std::int64_t> units_ceil(const decimal& value, int places);

} // namespace busbar::ocpp::v16
