#pragma once
// The charging profiles of one station and its transactions: what SetChargingProfile,
// ClearChargingProfile, a transaction's begin and end do to them (OCPP 1.6 edition 2, 3.13, 5.3,
// 5.16). One store per station; not thread-safe. Bound: `station_settings::profiles_max` profiles.

#include "control/smart_charging/profile.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace busbar::control::smart_charging {

/// A profile and where it was set. Kept in the order of (connector, id).
struct installed_profile {
  std::int32_t connector = 0;
  instant installed_at{};
  charging_profile profile;
  bool operator==(const installed_profile&) const = default;
};

/// A transaction of one connector. Without an id it is assumed, to see what would be charged.
struct transaction {
  std::optional<std::int32_t> id;
  instant started_at{};
  bool operator==(const transaction&) const = default;
};

/// Why a well-formed profile is not taken. The station answers each with status Rejected.
enum class refusal : std::uint8_t {
  unknown_connector,
  stack_level_too_high,
  too_many_periods,
  rate_unit_not_supported,
  /// the first period does not start at 0, or the others do not stand in rising order
  periods_out_of_order,
  validity_is_empty,
  recurrence_incomplete,
  /// ChargePointMaxProfile belongs to connector 0
  maximum_on_connector,
  /// TxProfile belongs to a connector
  transaction_on_station,
  no_transaction,
  other_transaction,
  store_full,
};
/// For people: "TxProfile needs a running transaction on its connector".
[[nodiscard]] const char* text_of(refusal why);

class profile_store {
public:
  explicit profile_store(station_settings settings);

  /// Installs; replaces the profile of the same id wherever it is, and that of the same purpose and
  /// level on the same connector. Nothing changes where it is refused.
  /// REQUIRES: at least one period, values within the ranges of `profile.hpp`.
  [[nodiscard]] std::optional<refusal> set(std::int32_t connector, const charging_profile& profile,
                                           instant now);
  /// How many were cleared.
  std::size_t clear(const clear_filter& filter);

  /// A transaction begins; one that runs on that connector ends first, an assumed one becomes it.
  /// REQUIRES: has_connector(connector), connector > 0, no other connector runs this id.
  void start(std::int32_t connector, std::optional<std::int32_t> id, instant now);
  /// The transaction ends and its TxProfiles with it; false where none has this id.
  bool stop(std::int32_t id);
  /// The same by connector, for an assumed transaction.
  bool stop_on(std::int32_t connector);

  [[nodiscard]] bool has_connector(std::int32_t connector) const {
    return connector >= 0 && connector <= settings_.connectors;
  }
  [[nodiscard]] const station_settings& settings() const { return settings_; }
  [[nodiscard]] const std::vector<installed_profile>& installed() const { return installed_; }
  /// Those that were set on `connector`.
  [[nodiscard]] std::span<const installed_profile> installed_on(std::int32_t connector) const;
  [[nodiscard]] const installed_profile* find(std::int32_t id) const;
  /// Null: none. REQUIRES: 0 < connector <= settings().connectors.
  [[nodiscard]] const transaction* running(std::int32_t connector) const;
  /// The connector that runs this transaction.
  [[nodiscard]] std::optional<std::int32_t> connector_of(std::int32_t transaction_id) const;

  /// Profiles and transactions as canonical bytes (version 1); settings are not part of them.
  [[nodiscard]] std::vector<std::uint8_t> memory() const;
  /// Takes them back; false (and nothing changed) where the bytes are not such a memory or hold
  /// what these settings would refuse.
  [[nodiscard]] bool restore(const std::vector<std::uint8_t>& bytes);

private:
  [[nodiscard]] std::optional<refusal> check(std::int32_t connector,
                                             const charging_profile& profile) const;
  [[nodiscard]] std::optional<refusal> check_purpose(std::int32_t connector,
                                                     const charging_profile& profile) const;
  void insert(installed_profile entry);

  station_settings settings_;
  std::vector<installed_profile> installed_;
  /// By connector - 1.
  std::vector<std::optional<transaction>> running_;
};

} // namespace busbar::control::smart_charging
