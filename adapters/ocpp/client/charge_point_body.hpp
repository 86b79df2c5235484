#pragma once
// A charge point behind its protocol: what it measures, and what it does. Connectors count from 1;
// REQUIRES of all: the connector is one of the charge point's.

#include "control/smart_charging/composite.hpp"
#include "domain/charging_profile.hpp"
#include "domain/telemetry.hpp"
#include "domain/time.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace busbar::adapters::ocpp::client {

/// Why a session has ended, in OCPP's words.
enum class stop_reason : std::uint8_t {
  local,
  remote,
  vehicle_disconnected,
  soft_reset,
  hard_reset,
  unlocked,
  not_authorized,
};
[[nodiscard]] const char* name_of(stop_reason reason);

class charge_point_body {
public:
  virtual ~charge_point_body() = default;
  [[nodiscard]] virtual std::int32_t connectors() const = 0;
  /// DC: measured where the energy enters.
  [[nodiscard]] virtual bool is_dc(std::int32_t connector) const = 0;
  [[nodiscard]] virtual domain::reading sample(std::int32_t connector,
                                               domain::instant now) const = 0;
  /// A session is open there; it may end without the protocol: a cable is pulled.
  [[nodiscard]] virtual bool has_session(std::int32_t connector) const = 0;
  /// A session for this tag begins; why not, or empty.
  virtual std::string start(std::int32_t connector, const std::string& tag,
                            domain::instant now) = 0;
  /// The session ends, where one is open.
  virtual void stop(std::int32_t connector, domain::instant now) = 0;
  /// Why it is refused; empty: installed. `connector` 0: the whole charge point.
  virtual std::string set_profile(std::int32_t connector, const domain::charging_profile& profile,
                                  domain::instant now) = 0;
  /// False: none was as the filter says.
  virtual bool clear_profiles(const domain::profile_filter& filter, domain::instant now) = 0;
  [[nodiscard]] virtual control::smart_charging::composite_schedule
  compose(std::int32_t connector, domain::seconds duration, domain::rate_unit unit,
          domain::instant now) const = 0;
  virtual void set_available(std::int32_t connector, bool is_available, domain::instant now) = 0;
};

} // namespace busbar::adapters::ocpp::client
