#pragma once
// When the newest command to one connector counts as unanswered, when it is commanded again, and
// the order to switch phases that waits for its answer.
//
//   idle --commanded--> pending --answered--> idle, renewed with the lease
//                          \--not answered in time, or refused--> idle, tried again after a
//                             growing pause

#include "domain/command.hpp"
#include "domain/ids.hpp"
#include "domain/telemetry.hpp"
#include "domain/time.hpp"
#include "site/call_terms.hpp"

#include <cstdint>
#include <optional>

namespace busbar::site {

class command_deadlines {
public:
  /// A command was made.
  void issued(const domain::command& command, domain::instant now);
  /// Its lease is renewed at `at`.
  void renew_at(domain::instant at) { renew_at_ = at; }
  /// The newest command was answered.
  void answered() { is_pending_ = false; }
  /// The newest grant was refused: the station holds what it had, whose lease ends. It is
  /// commanded again as after a command without answer.
  void refused(const call_terms& calls, domain::seconds lease, domain::instant now);
  /// A grant took effect: the channel works.
  void followed() { tries_ = 0; }
  /// Its station reports again after a silence: what was sent into that waits for no answer, and it
  /// is commanded at once.
  void begin_anew(domain::instant now);
  /// Time in which no answer could have been taken here is not held against the station.
  void excuse(domain::microseconds lateness, domain::instant now);
  /// The command that waits was not answered in time: how long it has waited, once. `lease`: of
  /// the site.
  [[nodiscard]] std::optional<domain::microseconds>
  take_overdue(const call_terms& calls, domain::seconds lease, domain::instant now);

  /// A lease that is longer than leases may be now ends early.
  void shorten(domain::instant latest);
  /// Nothing waits for an answer, and the lease is to be renewed.
  [[nodiscard]] bool is_due(domain::instant now) const { return !is_pending_ && now >= renew_at_; }
  /// Since the command that waits was made; 0: none waits.
  [[nodiscard]] domain::microseconds waited(domain::instant now) const;

  /// The order to switch phases was accepted; other numbers change nothing.
  void phases_accepted(domain::sequence number);
  /// FAIR-2: what a reading shows of the lines in use counts more than what was acknowledged.
  void watch_lines(const domain::reading& newest);
  /// 1 or 3.
  [[nodiscard]] std::uint8_t lines_now() const { return lines_now_; }
  /// Of the same connector under another site file: commands start anew, the lines stay.
  void take_over(const command_deadlines& before) { lines_now_ = before.lines_now_; }

  /// KEEP-3: what decides later.
  template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
    visit(self.pending_since_, self.renew_at_, self.phases_number_, self.phases_ordered_,
          self.lines_now_, self.tries_, self.is_pending_);
  }

private:
  void try_again(const call_terms& calls, domain::seconds lease, domain::instant now);

  domain::instant pending_since_{};
  domain::instant renew_at_{};
  /// Number of the newest order to switch phases.
  domain::sequence phases_number_ = 0;
  /// What that one asks for.
  std::uint8_t phases_ordered_ = 0;
  std::uint8_t lines_now_ = 3;
  /// Commands in a row that were not answered, or refused.
  std::uint8_t tries_ = 0;
  bool is_pending_ = false;
};

} // namespace busbar::site
