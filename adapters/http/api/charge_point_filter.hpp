#pragma once
// What a list of OCPP stations, or an order to many of them, is narrowed to. Internal to this
// folder.

#include "adapters/http/json/query_reader.hpp"
#include "ports/charge_points.hpp"

#include <optional>
#include <string>

namespace busbar::adapters::http::api {

/// Absent: all.
struct station_filter {
  std::optional<std::string> site;
  std::optional<bool> connected;
  std::optional<bool> accepted;
  /// Of one of its connectors.
  std::optional<std::string> status;
  std::optional<std::string> vendor;
  std::optional<std::string> model;
  std::optional<std::string> firmware;
  /// Part of the identity.
  std::optional<std::string> part;

  [[nodiscard]] bool takes(const ports::charge_point_now& each) const;
};

/// Reads `site`, `connected`, `accepted`, `status`, `vendor`, `model`, `firmware` and `q`.
[[nodiscard]] station_filter read_filter(json::query_reader& query);

} // namespace busbar::adapters::http::api
