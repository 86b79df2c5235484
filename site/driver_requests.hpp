#pragma once
// What drivers ask of a charge point: which connector is free for a start, which driver it is
// reserved for, which open session a stop or a change is about. What is refused is a fact with its
// reason.

#include "domain/request.hpp"
#include "domain/time.hpp"
#include "site/command_channel.hpp"
#include "site/session_machine.hpp"
#include "site/station_effects.hpp"
#include "site/station_facts.hpp"

#include <string>

namespace busbar::site {

class driver_requests {
public:
  driver_requests(const command_channel& channel, const session_machine& sessions)
      : channel_(channel), sessions_(sessions) {}

  void take(station_effects& out, const domain::driver_request& request,
            const station_facts& facts, domain::instant now) const;

private:
  void start(station_effects& out, const domain::driver_request& request,
             const station_facts& facts, domain::instant now) const;
  /// A transaction that has begun already is no question of admission.
  void report(station_effects& out, const domain::driver_request& request,
              const station_facts& facts, domain::instant now) const;
  void stop(station_effects& out, const domain::driver_request& request,
            domain::instant now) const;
  /// Its station has ended the transaction: its session is over, with the register that it states.
  void end(station_effects& out, const domain::driver_request& request, domain::instant now) const;
  void reserve(station_effects& out, const domain::driver_request& request,
               const station_facts& facts, domain::instant now) const;
  void change(station_effects& out, const domain::driver_request& request,
              domain::instant now) const;
  [[nodiscard]] bool is_meant(const domain::driver_request& request,
                              const connector_notes& notes) const;
  /// Null: none is free, `why` states the reason of the last one that was looked at.
  [[nodiscard]] connector_notes* free_connector(const domain::driver_request& request,
                                                const station_facts& facts, domain::instant now,
                                                std::string& why) const;
  /// The connector with the open session that the request is about; null: there is none.
  [[nodiscard]] connector_notes* session_of(const domain::driver_request& request) const;

  command_channel channel_;
  session_machine sessions_;
};

} // namespace busbar::site
