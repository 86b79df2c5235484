#pragma once
// The conversation about a station's charging profiles: an order to install or clear one is a
// command, kept in the notebook's `profile_book` once the station accepts it. A station that was
// never sent one has no book, and nothing here costs it anything.

#include "control/smart_charging/profile_book.hpp"
#include "domain/units.hpp"
#include "site/command_channel.hpp"
#include "site/profile_errand.hpp"
#include "site/station_effects.hpp"
#include "site/station_notice.hpp"

namespace busbar::site {

class profile_conversation {
public:
  explicit profile_conversation(const command_channel& channel) : channel_(channel) {}

  /// `settings`: how the station reads profiles; used with the first order.
  void manage(station_effects& out, const profile_errand& errand,
              const control::smart_charging::station_settings& settings) const;
  /// True where it is the answer to an order about profiles.
  bool answered(station_effects& out, const connector_notes& notes,
                const station_notice& notice) const;
  /// Orders that were not answered in time are given up.
  void overdue(station_effects& out, const connector_notes& notes,
               const station_notice& notice) const;
  /// What the connector draws, beside what its profiles allow.
  void measure(station_effects& out, const connector_notes& notes,
               const station_notice& notice) const;
  void granted(const connector_notes& notes, domain::milliamperes current) const;
  /// Profiles of a transaction end with its session, which may have begun or ended.
  void follow_sessions() const;

private:
  command_channel channel_;
};

} // namespace busbar::site
