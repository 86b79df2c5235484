#pragma once
// One connection to the outside (the log, later OCPP, MQTT, Modbus): the adapter's own thread says
// how its calls went, this actor keeps the breaker and the watchdog over it and publishes both.

#include "actors/interfaces.hpp"
#include "actors/node_context.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <string>

namespace busbar::actors {

struct protocol_driver_config {
  std::shared_ptr<node_context> context;
  std::string protocol;
  std::shared_ptr<lendable<connection_record>> record;
  handled_counter handled;
  /// How often an actor of this connection has ended before.
  std::uint32_t restarts = 0;
  domain::instant begun_at{};
};

class protocol_driver_shell {
public:
  static constexpr const char* name = "busbar.protocol_driver";
  explicit protocol_driver_shell(protocol_driver_actor::pointer self) : self_(self) {}

  protocol_driver_actor::behavior_type make_behavior(protocol_driver_config config);

private:
  void handle(const connection_report& report);
  void handle(const pulse& pulse);
  /// Now and then, what has gone through the log since the start.
  void say_traffic(domain::instant now);
  void publish(const domain::event& event);
  void publish(domain::instant now);
  void done() { config_.handled->fetch_add(1, std::memory_order_relaxed); }

  protocol_driver_actor::pointer self_;
  protocol_driver_config config_;
  control::safety::breaker_settings breaker_;
  domain::microseconds silence_max_{};
  domain::microseconds patience_{};
  // Before the loan of it ends, the record must live: hence after config_.
  loan<connection_record> record_;
};

protocol_driver_actor::behavior_type
run_protocol_driver(protocol_driver_actor::stateful_pointer<protocol_driver_shell> self,
                    protocol_driver_config config);

} // namespace busbar::actors
