#pragma once
// What applies: the profiles of one connector, or the station's maxima, leading first. At any
// instant the first with a period in force speaks alone (3.13.3); a TxProfile stands before every
// TxDefaultProfile, one of the connector before that of connector 0 at the same level (3.13.2).

#include "control/smart_charging/expansion.hpp"
#include "control/smart_charging/profile_store.hpp"

#include <vector>

namespace busbar::control::smart_charging {

/// What is said at an instant; null `period`: nothing.
struct speech {
  const schedule_period* period = nullptr;
  const charging_profile* profile = nullptr;
};

/// Cursors over the store's profiles; the store outlives it unchanged.
class speaker_stack {
public:
  /// Tx and TxDefault profiles that hold for `connector` (> 0); empty without a transaction there.
  static speaker_stack of_connector(const profile_store& store, std::int32_t connector,
                                    instant now);
  /// ChargePointMaxProfiles, seen from `viewer`.
  static speaker_stack of_station(const profile_store& store, std::int32_t viewer, instant now);

  /// Never backwards, except on the first call.
  speech advance(instant now);
  /// The first instant after the last `advance` at which another may speak.
  [[nodiscard]] instant changes_at() const { return changes_at_; }

  /// How many profiles the last `advance` looked at.
  [[nodiscard]] std::size_t looked_at() const { return looked_at_; }
  [[nodiscard]] std::size_t size() const { return cursors_.size(); }

  /// The profiles, leading first.
  [[nodiscard]] std::vector<const charging_profile*> ranking() const;

private:
  void add(const profile_store& store, const installed_profile& entry, std::int32_t viewer,
           instant now);

  std::vector<profile_cursor> cursors_;
  speech said_;
  instant changes_at_ = instant::min();
  std::size_t looked_at_ = 0;
};

/// What the stacks of the same names say at `now`, without laying them out in time. Connector 0
/// says nothing of its own.
[[nodiscard]] speech said_by_connector(const profile_store& store, std::int32_t connector,
                                       instant now);
[[nodiscard]] speech said_by_station(const profile_store& store, std::int32_t viewer, instant now);

} // namespace busbar::control::smart_charging
