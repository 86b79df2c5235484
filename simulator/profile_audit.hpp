#pragma once
// An independent check that charge points obey their charging profiles: no outlet draws more than
// what its profiles allowed at any time of the last `settle`, no station more than its maximum.
// Reads the profiles that a point has installed and evaluates them by itself, instant by instant
// (OCPP 1.6 edition 2, 3.13); points that are told to disobey are let off.

#include "domain/charging_profile.hpp"
#include "domain/time.hpp"
#include "simulator/plant.hpp"

#include <deque>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace busbar::simulator {

/// One profile's limit at one instant.
struct profile_limit {
  double value = 0;
  domain::rate_unit unit = domain::rate_unit::ampere;
  /// Absent: all that the supply has.
  std::optional<std::uint8_t> phases;
};

/// What `profile` says at `now`; absent: nothing. `began` of the transaction that it counts from.
[[nodiscard]] std::optional<profile_limit> limit_said(const domain::charging_profile& profile,
                                                      domain::instant began, domain::instant now);

class profile_audit {
public:
  /// `settle`: a meter interval and the time in which a vehicle follows.
  explicit profile_audit(domain::microseconds settle) : settle_(settle) {}

  /// What is wrong at `now`: outlet, value, what is allowed.
  [[nodiscard]] std::vector<std::string> look(const plant& yard, domain::instant now);

private:
  /// The limits in mA that held within `settle`, oldest first; each until the next.
  using history = std::deque<std::pair<domain::instant, std::optional<double>>>;

  /// The highest of the last `settle`; absent: there was none for a while.
  [[nodiscard]] std::optional<double> highest(history& of, std::optional<double> limit,
                                              domain::instant now) const;
  void look_at(const charge_point& point, const plant& yard, domain::instant now,
               std::vector<std::string>& wrong);

  domain::microseconds settle_;
  std::map<domain::connector_index, history> outlets_;
  std::map<domain::station_index, history> stations_;
};

} // namespace busbar::simulator
