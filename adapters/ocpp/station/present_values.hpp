#pragma once
// What a MeterValues says of the present: one reading, however many entries it is spread over.
// Part 8 of the gateway's rules: Transaction.Begin is no present value, Current.Offered is no draw,
// kW and kWh are exact by decimals, an empty sample is none.

#include "adapters/ocpp/station/payload.hpp"
#include "domain/time.hpp"

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace busbar::adapters::ocpp::station {

struct present_values {
  /// The newest stamp among the entries; absent: none could be read.
  std::optional<domain::instant> stamped_at;
  /// By the connector's own lines.
  std::array<std::optional<std::int64_t>, 3> current_ma{};
  /// Without a phase: of each line.
  std::optional<std::int64_t> current_each_ma;
  std::array<std::optional<std::int64_t>, 3> power_by_line_mw{};
  std::optional<std::int64_t> power_mw;
  std::optional<std::int64_t> voltage_mv;
  std::optional<std::int64_t> register_mwh;
  std::optional<std::int64_t> soc_permille;
  std::optional<std::int64_t> temperature_mc;
  /// Samples that could not be read: empty, no number, an unknown unit.
  std::uint32_t unread = 0;
  /// A stamp without a zone, read as UTC.
  bool has_no_zone = false;

  [[nodiscard]] bool is_empty() const;
};

[[nodiscard]] present_values read_present(const simdjson::dom::array& meter_value);

/// A decimal text in thousandths, cut towards zero beyond them: "3.45" is 3450. Absent: no number,
/// or above 9 * 10^12.
[[nodiscard]] std::optional<std::int64_t> thousandths_of(std::string_view text);

/// RFC 3339; without a zone it is read as UTC, and `has_no_zone` is set.
[[nodiscard]] std::optional<domain::instant> stamp_of(std::string_view text, bool& has_no_zone);

} // namespace busbar::adapters::ocpp::station
