#pragma once
// One simulated charge point (a station): its outlets, what it is told, what it answers, and the
// faults it suffers. Real ones behave alike through adapters/ocpp.

#include "domain/conversation.hpp"
#include "domain/site.hpp"
#include "simulator/outlet.hpp"

#include <optional>
#include <string>
#include <vector>

namespace busbar::simulator {

/// What a charge point suffers, each until an instant; absent: not at all.
struct ailments {
  std::optional<domain::instant> faulted_until;
  std::optional<domain::instant> monitor_fails_until;
  std::optional<domain::instant> silent_until;
  std::optional<domain::instant> disobeys_until;
};

/// Of whom and from when a command is.
struct command_origin {
  domain::epoch owner = 0;
  domain::instant issued_at{};
};

class charge_point {
public:
  charge_point(const domain::site& site, domain::station_index index,
               domain::microseconds response);

  [[nodiscard]] domain::station_index index() const { return index_; }
  [[nodiscard]] std::vector<outlet>& outlets() { return outlets_; }
  [[nodiscard]] const std::vector<outlet>& outlets() const { return outlets_; }
  [[nodiscard]] bool is_silent() const { return ailments_.silent_until.has_value(); }
  [[nodiscard]] bool is_faulted() const { return ailments_.faulted_until.has_value(); }
  [[nodiscard]] bool monitor_fails() const { return ailments_.monitor_fails_until.has_value(); }

  /// Obeys or refuses. OWN-1: an older owner or number is refused; a repeated number gets the same
  /// answer and changes nothing. SAFE-1: a grant's lease counts from its issue, and one that comes
  /// after its end is refused, so that what waited in a log for an hour changes nothing.
  /// REQUIRES: `told.connector` is one of its outlets; not silent.
  domain::command_result obey(const domain::command& told, const command_origin& from,
                              domain::instant now);
  /// Begins (or, with fault_kind::clear, ends) a fault. meter_loss is not a charge point's.
  void suffer(domain::fault_kind kind, domain::instant until);
  /// Lets time pass. Returns the faults that ended by themselves.
  std::vector<domain::fault_kind> advance(domain::instant now);

private:
  struct memory {
    domain::epoch owner = 0;
    domain::sequence number = 0;
    domain::command_result answer;
  };

  /// Why refused; empty when done.
  std::string act(outlet& at, const domain::command& told, domain::instant issued_at,
                  domain::instant now);
  std::string hold(outlet& at, const domain::command& told, domain::instant issued_at,
                   domain::instant now) const;
  std::string start(outlet& at, const domain::command& told);
  std::string stop(outlet& at, const domain::command& told);
  void apply_ailments();

  domain::station_index index_;
  domain::connector_index first_;
  std::vector<domain::milliamperes> current_max_;
  domain::microseconds own_timeout_;
  std::vector<outlet> outlets_;
  std::vector<memory> memories_;
  ailments ailments_;
};

} // namespace busbar::simulator
