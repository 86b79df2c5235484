#pragma once
// SAFE-2: a station that acknowledges and keeps drawing is found within two readings and escalated.
//
//   +---------+  2 readings in a row above what was   +-----------+  still above after `patience`
//   | obeying | --- acknowledged plus the margin ---> | escalated | --> next step, up to `operator`
//   +---------+ <------------------------------------ +-----------+
//                 `readings_to_clear` readings within the margin
//
// Steps: told again, a lower limit, remote stop, set unavailable, operator. While it is found, its
// reserve is what it draws. Owned by one connector.

#include "domain/command.hpp"
#include "domain/escalation.hpp"
#include "domain/maybe.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"

#include <cstdint>
#include <optional>

namespace busbar::control::safety {

using domain::escalation;

struct obedience_settings {
  /// Draw above the acknowledged value that measuring inaccuracy explains. 0..10 000 mA.
  domain::milliamperes margin{500};
  /// The same in permille of the value. 0..200.
  domain::permille margin_share{20};
  /// Time that a vehicle may take to follow a lower value (IEC 61851-1: 5 s).
  domain::microseconds response = std::chrono::seconds{5};
  /// Time between two steps of the escalation. >= 1 s.
  domain::microseconds patience = std::chrono::seconds{10};
  /// Readings within the margin that end an escalation. >= 1.
  std::uint8_t readings_to_clear = 3;
};

class obedience {
public:
  /// The station acknowledged `current` (0 for a stop) at `now`.
  void acknowledged(domain::milliamperes current, domain::instant now);
  /// One reading. It says nothing of an acknowledgement or a step that came after it was
  /// measured, however late it arrives. Absent `received_at`: as soon as it was measured.
  /// `may_hold`: the most that it may hold by something else than what it acknowledged (a grant on
  /// its way, its fallback); a draw within that says neither that it obeys nor that it does not.
  /// Returns the step to take now, where one is due; `none` says that it obeys again.
  std::optional<escalation> measured(const obedience_settings& settings,
                                     domain::milliamperes drawn, domain::instant measured_at,
                                     domain::milliamperes may_hold = {},
                                     domain::maybe<domain::instant> received_at = {});

  [[nodiscard]] bool is_found() const { return step_ != escalation::none; }
  [[nodiscard]] escalation step() const { return step_; }

  /// KEEP-3: what decides later.
  template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
    visit(self.allowed_, self.allowed_since_, self.stepped_at_, self.has_allowed_, self.above_,
          self.within_, self.step_);
  }

private:
  domain::milliamperes allowed_{};
  domain::instant allowed_since_{};
  domain::instant stepped_at_{};
  bool has_allowed_ = false;
  std::uint8_t above_ = 0;
  std::uint8_t within_ = 0;
  escalation step_ = escalation::none;
};

/// What a step depends on.
struct escalation_facts {
  domain::milliamperes told{};
  /// The connector's.
  domain::milliamperes minimum{};
  bool has_session = false;
  bool is_taken_out = false;
};

/// What a step sends: a grant of `current`, a stop of the session, set_unavailable, set_available;
/// unspecified: nothing.
struct escalation_act {
  domain::command_kind kind = domain::command_kind::unspecified;
  domain::milliamperes current{};
};

[[nodiscard]] escalation_act act_of(escalation step, const escalation_facts& facts);

} // namespace busbar::control::safety
