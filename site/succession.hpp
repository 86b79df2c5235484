#pragma once
// What the parts of a site hand to those of its revision beside the changelog's state: the rows of
// connectors and stations that stand in both trees, and orders about charging profiles. `Now` and
// `Before` lend parts: layout(), table(bay) and book(station), which are dereferenced; `Now` also
// takes profiles.

#include "control/carry_over/place_match.hpp"
#include "domain/ids.hpp"
#include "site/connector_table.hpp"
#include "site/conversation.hpp"
#include "site/profile_settings.hpp"
#include "site/site_layout.hpp"

#include <cstddef>
#include <utility>

namespace busbar::site {

template <class Now, class Before>
void take_rows(Now now, Before before, const control::carry_over::place_match& places) {
  using control::carry_over::place_fate;
  for (std::size_t i = 0; i < places.connectors.size(); ++i) {
    const auto& row = places.connectors[i];
    if (row.fate == place_fate::gone) continue;
    auto other = before.table(before.layout().rows[i].bay);
    auto own = now.table(now.layout().rows[row.now.value()].bay);
    own->take_over(row.now, *other, domain::connector_index{i}, row.fate == place_fate::same);
  }
  for (std::size_t i = 0; i < places.stations.size(); ++i) {
    const auto& station = places.stations[i];
    if (!station) continue;
    auto other = before.table(before.layout().stations[i].bay);
    auto own = now.table(now.layout().stations[station->value()].bay);
    own->take_over(*station, *other, domain::station_index{i});
    now.take_profiles(*station, *before.book(domain::station_index{i}));
  }
}

/// Beside what the changelog remembers the notebook has orders on their way and what was held back.
inline void take_profiles(const site_layout& layout, domain::station_index station, notebook& to,
                          notebook& before) {
  const bool reads_alike = before.profiles && before.profiles->store().settings() ==
                                                  profile_settings_of(layout, station);
  if (reads_alike) to.profiles = std::move(before.profiles);
}

} // namespace busbar::site
