#pragma once
// What may be read of a node's sites and drivers. Published snapshots: every call answers at once,
// on any thread, and asks no actor.

#include "domain/charging_profile.hpp"
#include "domain/ids.hpp"
#include "domain/result.hpp"
#include "domain/site_configuration.hpp"
#include "domain/site_view.hpp"
#include "domain/time.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace busbar::control::smart_charging {
class profile_book;
} // namespace busbar::control::smart_charging

namespace busbar::ports {

struct driver_view {
  domain::driver_id driver;
  /// "idle", "asking", "charging", "denied".
  std::string state;
  domain::site_id site;
  domain::station_id station;
  domain::session_id session;
  domain::instant since{};
  std::uint64_t accepted = 0;
  std::uint64_t denied = 0;
  std::uint64_t completed = 0;
};

/// Where a site is, as one engine node sees it.
enum class site_place : std::uint8_t {
  here,
  /// Just being taken over.
  coming,
  /// Another engine node of the group holds it.
  elsewhere,
  unknown,
};

/// Where sites are.
class site_places {
public:
  virtual ~site_places() = default;
  [[nodiscard]] virtual site_place place_of(const domain::site_id&) const {
    return site_place::unknown;
  }
};

class sites : public site_places {
public:
  [[nodiscard]] virtual std::vector<domain::site_id> site_ids() const = 0;
  /// The newest snapshot; null for an unknown site or before its first tick.
  [[nodiscard]] virtual std::shared_ptr<const domain::site_view>
  view(const domain::site_id& site) const = 0;
  /// The place of a station in the site's newest layout, without a search through all of them. A
  /// view of a moment before or after a revision may have it elsewhere. Absent: no such site or
  /// station.
  [[nodiscard]] virtual std::optional<domain::station_index>
  find_station(const domain::site_id& site, const domain::station_id& station) const = 0;
  [[nodiscard]] virtual std::vector<driver_view> drivers() const = 0;
  /// Breakers that belong to no site (drivers, protocol drivers, the engine node).
  [[nodiscard]] virtual std::vector<domain::breaker_view> node_breakers() const = 0;
  /// Watchdogs that belong to no site.
  [[nodiscard]] virtual std::vector<domain::watchdog_view> node_watchdogs() const = 0;
  /// The charging profiles that a station has accepted from this engine node; null for an unknown
  /// site or station. The type is complete for files that may include control/smart_charging.
  [[nodiscard]] virtual std::shared_ptr<const control::smart_charging::profile_book>
  profiles(const domain::site_id& site, const domain::station_id& station) const = 0;
  /// The moves that make `wish` so in the site as it is now: a part of what `orders::configure`
  /// takes. errc::unknown_reference, errc::conflict.
  [[nodiscard]] virtual domain::result<domain::site_configuration>
  moves_of(const domain::site_id& site, const domain::tree_wish& wish) const = 0;
};

} // namespace busbar::ports
