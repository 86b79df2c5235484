#pragma once
// What the engine says of a place that it does not control.

#include "domain/ids.hpp"
#include "domain/result.hpp"

namespace busbar::node {

/// errc::unknown_reference.
[[nodiscard]] inline domain::error unknown_site(const domain::site_id& site) {
  return {domain::errc::unknown_reference, "site: \"" + site.text() + "\" is not of this node"};
}

/// Another node of the group holds it. errc::conflict.
[[nodiscard]] inline domain::error is_elsewhere(const domain::site_id& site) {
  return {domain::errc::conflict,
          "site: another engine node of this group holds \"" + site.text() + "\": ask that one"};
}

/// Its partition is read here, and its checkpoint not yet. errc::unavailable.
[[nodiscard]] inline domain::error is_coming(const domain::site_id& site) {
  return {domain::errc::unavailable,
          "site: \"" + site.text() + "\" is just being taken over; try again"};
}

/// errc::unknown_reference.
[[nodiscard]] inline domain::error unknown_station(const domain::station_id& station,
                                                   const domain::site_id& site) {
  return {domain::errc::unknown_reference,
          "station: \"" + station.text() + "\" is not of site " + site.text()};
}

/// The site is of this node, but its actors do not stand yet, or start again. errc::unavailable.
[[nodiscard]] inline domain::error not_controlling() {
  return {domain::errc::unavailable, "site is not controlling"};
}

/// Another context is to replace the site's, or its actors begin. errc::conflict.
[[nodiscard]] inline domain::error is_under_way() {
  return {domain::errc::conflict,
          "site: the change before this one is still under way; try again"};
}

/// The request names places of a tree that the site no longer has. errc::conflict.
[[nodiscard]] inline domain::error has_another_tree() {
  return {domain::errc::conflict, "site: its tree has changed meanwhile; try again"};
}

} // namespace busbar::node
