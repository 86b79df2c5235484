#pragma once
// The profile store of a station whose transactions are Busbar's sessions. A charge point keeps one
// of its own, and so does its conversation in the engine: both follow the same sessions and give
// them the same transaction numbers.

#include "control/smart_charging/profile_store.hpp"
#include "domain/charging_profile.hpp"
#include "domain/ids.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace busbar::control::smart_charging {

/// OCPP 1.6 counts transactions by integers, sessions have names: FNV-1a over the name, folded to
/// 31 bits. Two open sessions of a station share a number about once in 2^31; the second then runs
/// without one.
[[nodiscard]] std::int32_t transaction_number(const domain::session_id& session);

/// The settings of a station with `connectors` connectors at `volts` line to neutral (line to line
/// where its loads lie between two lines, one phase). Volts round up: a limit in watts never
/// becomes more amperes than it allows.
[[nodiscard]] station_settings settings_of(std::size_t connectors, domain::millivolts volts,
                                           std::uint8_t phases);

class session_profiles {
public:
  explicit session_profiles(station_settings settings);

  /// What runs on `connector` (1..): an empty name is no session. The same name again changes
  /// nothing; another one ends what ran before, and its TxProfiles with it.
  void follow(std::int32_t connector, const domain::session_id& session, domain::instant began);
  /// Why `order` is refused, as the station answers it; empty: it is done.
  /// `place`: the connector of the command, from 0.
  std::string install(std::size_t place, const domain::profile_order& order, domain::instant now);
  std::string clear(const domain::profile_order& order);

  /// Takes back the memory of a store. `sessions`: what is open now, by connector - 1; a
  /// transaction of any other ends, and its TxProfiles with it. False, and nothing changed, where
  /// `profile_store::restore` does not take the bytes.
  [[nodiscard]] bool restore(const std::vector<std::uint8_t>& memory,
                             const std::vector<domain::session_id>& sessions);

  [[nodiscard]] const profile_store& store() const { return store_; }

private:
  profile_store store_;
  /// By connector - 1.
  std::vector<domain::session_id> sessions_;
};

} // namespace busbar::control::smart_charging
