#pragma once
// One station's part of the model: its conversation over what is kept of it. It takes what its
// feeder gives it and says what came of that. Pure; the station's actor owns one for each message.

#include "domain/event.hpp"
#include "domain/session.hpp"
#include "site/conversation.hpp"
#include "site/site_layout.hpp"
#include "site/station_work.hpp"

#include <span>
#include <vector>

namespace busbar::site {

/// What came of one piece of work: the answer to the feeder, and what leaves the site.
struct station_result {
  station_outcome outcome;
  std::vector<domain::event> events;
  std::vector<domain::session_fact> facts;
  /// What people see of its charging profiles is another.
  bool are_profiles_changed = false;
  bool has_breaker_opened = false;
};

class station_part {
public:
  /// REQUIRES: `notes` holds one entry for each connector of the station.
  station_part(const site_layout& layout, const conversation_terms& terms,
               domain::station_index station, notebook& book, std::span<connector_notes> notes)
      : layout_(layout), station_(station), book_(book), notes_(notes),
        talk_(terms, station, book, notes) {}

  [[nodiscard]] station_result take(const station_orders& work);
  [[nodiscard]] station_result take(const station_notices& work);
  [[nodiscard]] station_result take(const station_request& work);
  [[nodiscard]] station_result take(const direct_order& work);
  [[nodiscard]] station_result take(const profile_errand& work);

private:
  [[nodiscard]] station_result begin(domain::instant now) const;
  /// With what the conversation remembers now.
  [[nodiscard]] station_result finished(station_result result) const;
  void add(station_effects effects, station_result& to) const;

  const site_layout& layout_;
  domain::station_index station_;
  notebook& book_;
  std::span<connector_notes> notes_;
  conversation talk_;
};

} // namespace busbar::site
