#pragma once
// KEEP-2: a site's state is its newest snapshot and what the topics hold after it. What a snapshot
// includes already changes nothing, so it may name positions that lie before its end.

#include "domain/command.hpp"
#include "domain/command_result.hpp"
#include "domain/ids.hpp"
#include "domain/session.hpp"
#include "domain/site_state.hpp"

#include <functional>
#include <optional>
#include <vector>

namespace busbar::site {

/// Of one site, in the order of each topic.
struct records_since {
  std::vector<domain::session_fact> facts;
  std::vector<domain::command_batch> commands;
  std::vector<domain::result_batch> results;
};

/// Places in the tree of the state; absent: that tree has none of that name.
struct place_finder {
  std::function<std::optional<domain::connector_index>(const domain::station_id&,
                                                       const domain::connector_id&)>
      connector;
  std::function<std::optional<domain::station_index>(const domain::station_id&)> station;
};

/// Brings `state` up to `since`: sessions and reservations by their facts, told currents by
/// commands and their answers. Commands and answers of another tree or of another owner's epoch are
/// left out. A session whose start is in no command owes one (`domain::never_sent`).
void catch_up(domain::site_state& state, const records_since& since,
              const place_finder& find);

} // namespace busbar::site
