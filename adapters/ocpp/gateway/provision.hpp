#pragma once
// What a site's file says of its stations' identities, and who is let in.

#include "adapters/ocpp/station/station_place.hpp"
#include "domain/ids.hpp"
#include "domain/site.hpp"
#include "ocpp/v16/tolerance.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace busbar::adapters::ocpp::gateway {

/// `[[station]] ocpp = { ... }`.
struct provision {
  domain::station_id station;
  std::string identity;
  /// Of the security white paper, 0 to 3; absent: that of its listener (`usual_profile`).
  std::optional<std::uint8_t> profile = std::nullopt;
  /// OCPP-5.
  busbar::ocpp::v16::tolerance_set tolerances = busbar::ocpp::v16::tolerance_set::all();
  control::sessions::tag_rules tags = {};
  /// Configuration keys that the site's file states.
  std::vector<station::wanted_setting> settings = {};
  /// Its local list of tags is kept as the gateway's.
  bool keeps_list = false;
};

/// A site and those of its stations that come by OCPP.
struct provisioned_site {
  std::shared_ptr<const domain::site> site;
  std::vector<provision> stations;
};

/// The stations of `stated`; every station under its own id where none is stated.
[[nodiscard]] std::vector<provision> provisions_of(const domain::site& site,
                                                   std::vector<provision> stated);

[[nodiscard]] station::station_place place_of(const domain::site& site,
                                              domain::station_index index,
                                              const provision& who);

} // namespace busbar::adapters::ocpp::gateway
