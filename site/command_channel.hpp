#pragma once
// The command channel to one charge point: each command's number, the circuit breaker that counts
// what comes of commands, and which connectors have not answered. A view of the station's notebook
// and notes, which are longer lived: copies are cheap and share them.

#include "control/safety/breaker.hpp"
#include "domain/command.hpp"
#include "domain/ids.hpp"
#include "domain/site.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"
#include "site/conversation_terms.hpp"
#include "site/notebook.hpp"
#include "site/station_effects.hpp"
#include "site/station_notice.hpp"

#include <cstddef>
#include <optional>
#include <span>

namespace busbar::site {

class command_channel {
public:
  /// REQUIRES: `notes` holds one entry for each connector of the station.
  command_channel(const conversation_terms& terms, domain::station_index station, notebook& book,
                  std::span<connector_notes> notes)
      : terms_(terms), station_(station), book_(book), notes_(notes) {}

  [[nodiscard]] const conversation_terms& terms() const { return terms_; }
  [[nodiscard]] const domain::site& site() const { return *terms_.site; }
  [[nodiscard]] const domain::station& station() const;
  [[nodiscard]] notebook& book() const { return book_; }
  /// Of each connector of the station, in their order.
  [[nodiscard]] std::span<connector_notes> connectors() const { return notes_; }
  [[nodiscard]] connector_notes& notes_of(domain::connector_index connector) const;
  /// The place of a connector within its station. REQUIRES: `notes` is one of `connectors()`.
  [[nodiscard]] std::size_t place_of(const connector_notes& notes) const;
  [[nodiscard]] domain::connector_index connector_of(const connector_notes& notes) const;

  /// The next command to a connector, with its number; the caller fills in the rest.
  domain::command& issue(station_effects& out, connector_notes& notes,
                         domain::command_kind kind) const;
  /// A grant for the site's lease, with what the station does when that has ended.
  domain::command& grant(station_effects& out, connector_notes& notes,
                         domain::milliamperes current, bool is_export) const;

  /// Whether the circuit breaker lets a command through; an open one may try one by this.
  [[nodiscard]] bool acquire(station_effects& out, domain::instant now) const;
  /// The same without any consequence.
  [[nodiscard]] bool would_permit(domain::instant now) const;
  /// What came of a command, for the circuit breaker.
  void count(station_effects& out, bool has_succeeded, domain::microseconds took,
             domain::instant now) const;
  /// Readings come again after a silence: an open circuit breaker lets probes through.
  void reports_again(station_effects& out, domain::instant now) const;
  /// A command was not answered in time: an event, once until the connector answers again.
  void say_unanswered(station_effects& out, connector_notes& notes,
                      const station_notice& notice) const;

private:
  void say(station_effects& out,
           const std::optional<control::safety::breaker_change>& change) const;

  const conversation_terms& terms_;
  domain::station_index station_;
  notebook& book_;
  std::span<connector_notes> notes_;
};

} // namespace busbar::site
