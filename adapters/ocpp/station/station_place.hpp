#pragma once
// What a station is in its site, as far as a gateway needs it.

#include "control/sessions/authorisation.hpp"
#include "domain/ids.hpp"
#include "domain/site.hpp"
#include "domain/units.hpp"
#include "ocpp/v16/tolerance.hpp"

#include <string>
#include <vector>

namespace busbar::adapters::ocpp::station {

struct connector_place {
  domain::connector_index index;
  domain::connector_id id;
  domain::current_kind kind = domain::current_kind::ac;
  std::uint8_t line_count = 3;
  domain::milliamperes current_min{};
  domain::milliamperes current_max{};
};

/// A configuration key, and what its value is to be.
struct wanted_setting {
  std::string key;
  std::string value;
};

struct station_place {
  domain::site_id site;
  domain::station_index index;
  domain::station_id id;
  domain::fallback when_lost;
  control::sessions::tag_rules tags = {};
  /// Its local list of tags is kept as the gateway's.
  bool keeps_list = false;
  /// OCPP-5: what is taken of it although the protocol forbids it.
  busbar::ocpp::v16::tolerance_set tolerances = busbar::ocpp::v16::tolerance_set::all();
  /// As the site's file states them.
  std::vector<wanted_setting> settings = {};
  /// Line to neutral.
  domain::millivolts volts{230'000};
  /// OCPP's connector 1 first.
  std::vector<connector_place> connectors;
};

} // namespace busbar::adapters::ocpp::station
