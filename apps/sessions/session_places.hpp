#pragma once
// Where a recorded session lies in a site: what its file calls a place is a station's or a
// connector's id there, or is given one by --map.

#include "apps/sessions/recorded_file.hpp"
#include "domain/site.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace busbar::apps {

/// What a place of the file is called in the site: {"CCS1", "dc-1"}.
using place_names = std::map<std::string, std::string>;

/// From the options' "CCS1=dc-1"; an entry of another shape is a fault, and
/// so is a place that is named twice.
[[nodiscard]] place_names place_names_from(const std::vector<std::string>& entries,
                                           domain::fault_list& faults);

class session_places {
public:
  session_places(const domain::site& site, place_names renamed);

  /// The first of the visit's places that the site knows; a station's is its first connector.
  [[nodiscard]] std::optional<domain::connector_index> connector_of(
      const recorded_visit& visit) const;
  /// Says that the site has none of the visit's places, and what is allowed.
  [[nodiscard]] std::string unknown(const recorded_visit& visit) const;

private:
  [[nodiscard]] std::string renamed(const std::string& place) const;

  std::map<std::string, domain::connector_index> connectors_;
  place_names renamed_;
};

} // namespace busbar::apps
