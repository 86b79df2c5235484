#pragma once
// OCPP-5: what is taken although the protocol forbids it. The one closed table; docs/ocpp.md has
// the same rows (a test holds them together). Facts (BootNotification, StartTransaction,
// StopTransaction, MeterValues, StatusNotification) and answers of stations are tolerated; every
// other request is checked strictly.

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <span>
#include <string_view>

namespace busbar::ocpp::v16 {

enum class tolerance : std::uint8_t {
  longer_text,
  unknown_member,
  unknown_value,
  value_case,
  time_without_zone,
  time_form,
  unreadable_time,
  implausible_time,
  null_member,
  missing_member,
  value_as_text,
  number_for_text,
  fractional_number,
  finer_number,
  empty_list,
  unreadable_member,
  unreadable_item,
  empty_sample,
  unreadable_sample,
  celcius,
};
inline constexpr std::uint8_t tolerance_count = 20;

struct tolerance_row {
  tolerance is{};
  /// Stable: in metrics, flags of sessions, the site file.
  std::string_view name;
  /// What is taken, and how it is read.
  std::string_view meaning;
};

/// In the order of `tolerance`.
[[nodiscard]] std::span<const tolerance_row> all_tolerances();
[[nodiscard]] std::string_view name_of(tolerance which);
[[nodiscard]] std::optional<tolerance> tolerance_from(std::string_view name);

/// Those that are switched on for a station, or those that a message needed.
class tolerance_set {
public:
  constexpr tolerance_set() = default;
  constexpr tolerance_set(std::initializer_list<tolerance> members) {
    for (const auto each : members) add(each);
  }
  [[nodiscard]] static constexpr tolerance_set all() {
    tolerance_set set;
    set.bits_ = (1U << tolerance_count) - 1;
    return set;
  }
  /// `strict = true`.
  [[nodiscard]] static constexpr tolerance_set none() { return {}; }

  constexpr void add(tolerance which) { bits_ |= bit_of(which); }
  constexpr void add(tolerance_set others) { bits_ |= others.bits_; }
  constexpr void remove(tolerance which) { bits_ &= ~bit_of(which); }
  [[nodiscard]] constexpr bool has(tolerance which) const { return (bits_ & bit_of(which)) != 0; }
  [[nodiscard]] constexpr bool empty() const { return bits_ == 0; }
  [[nodiscard]] constexpr std::uint32_t bits() const { return bits_; }
  bool operator==(const tolerance_set&) const = default;

private:
  [[nodiscard]] static constexpr std::uint32_t bit_of(tolerance which) {
    return 1U << static_cast<std::uint8_t>(which);
  }

  std::uint32_t bits_ = 0;
};

} // namespace busbar::ocpp::v16
