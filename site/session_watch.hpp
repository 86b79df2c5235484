#pragma once
// The session of one connector as its table observes it: when its progress is due, whether it has
// the energy that its driver wants, and the bill that waits for a reading. What becomes of it is
// the station's session machine's.

#include "domain/maybe.hpp"
#include "domain/site_state.hpp"
#include "domain/telemetry.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"
#include "site/session_change.hpp"
#include "site/session_notes.hpp"

#include <cstdint>
#include <optional>

namespace busbar::site {

class session_watch {
public:
  /// `heard_at`: of the connector's newest reading. True where the session before goes on.
  bool change(const session_change& change, domain::instant heard_at);
  void restore(session_pointer open);
  void restore_unsettled(session_pointer billed, domain::instant heard_at);
  /// The readings of a predecessor were taken over: the next one after them is the first here.
  void heard_until(domain::instant heard_at);

  /// Null: none is open.
  [[nodiscard]] const session_pointer& open() const { return open_; }
  [[nodiscard]] bool is_stopping() const { return is_stopping_; }
  /// That session, with the register that was billed; null: no bill waits.
  [[nodiscard]] const session_pointer& bill_waits() const { return bill_waits_; }
  /// The connector's state before `arrived`. Before the first reading since a session began: where
  /// energy has flowed a vehicle was there, and one that has left meanwhile is found by `arrived`.
  [[nodiscard]] domain::connector_state state_before(const domain::reading& newest,
                                                     const domain::reading& arrived) const;
  /// False: the reading was measured before the session began, and tells of the vehicle that was
  /// there before. Readings may come later than the request that begins a session, and a successor
  /// reads telemetry again that its predecessor had taken.
  [[nodiscard]] bool is_told_of_by(const domain::reading& newest) const;
  /// By the register; negative where that is below the start's. REQUIRES: open().
  [[nodiscard]] std::int64_t taken_wh(const domain::reading& newest) const {
    return newest.energy_wh - open_->register_start_wh;
  }

  /// True once in `every` while one is open.
  [[nodiscard]] bool take_progress(domain::instant now, domain::microseconds every);
  /// One is open, does not stop yet, and has the energy that its driver wants.
  [[nodiscard]] bool has_energy_wanted(const domain::reading& newest) const;
  /// A bill waits and a reading has come since: true once.
  [[nodiscard]] bool take_heard_again(domain::instant heard_at);

  /// KEEP-3: what decides later.
  template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
    visit(self.progress_at_, self.unsettled_since_);
  }

private:
  domain::instant progress_at_{};
  session_pointer open_;
  /// Of a session whose bill waits: the newest reading then. The next one is worth a word.
  domain::maybe<domain::instant> unsettled_since_;
  session_pointer bill_waits_;
  bool is_stopping_ = false;
};

} // namespace busbar::site
