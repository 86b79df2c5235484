#pragma once
// The parts of a site's context for the functions of the model that use them one after the other:
// each is borrowed while it is used.

#include "actors/site_context.hpp"
#include "actors/site_parts.hpp"
#include "site/succession.hpp"

#include <span>

namespace busbar::actors {

struct lent_parts {
  site_context& of;
  [[nodiscard]] const site_layout& layout() const { return *of.layout; }
  [[nodiscard]] const conversation_terms& terms() const { return of.terms; }
  [[nodiscard]] const site::site_recording& recording() const { return of.recording; }
  /// Empty where another one has it.
  [[nodiscard]] auto table(bay_index bay) const { return of.tables[bay].borrow(); }
  /// The same.
  [[nodiscard]] auto book(domain::station_index station) const {
    return of.notebooks[station.value()].borrow();
  }
  [[nodiscard]] std::span<connector_notes> notes_of(domain::station_index station) const {
    return of.notes_of(station);
  }
  void take_profiles(domain::station_index station, notebook& before) const {
    site::take_profiles(layout(), station, *book(station), before);
  }
};

} // namespace busbar::actors
