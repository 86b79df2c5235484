#pragma once
// One driver: takes its requests to stations and hears what became of them. Spawned by the engine
// node on the first request, passivated by it when idle.

#include "actors/interfaces.hpp"
#include "actors/loan.hpp"
#include "actors/mail_watch.hpp"
#include "actors/node_context.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

namespace busbar::actors {

struct driver_config {
  std::shared_ptr<node_context> context;
  std::shared_ptr<lendable<driver_record>> record;
  handled_counter handled;
  /// How often an actor of this driver has ended before.
  std::uint32_t restarts = 0;
  domain::instant begun_at{};
};

class driver_shell {
public:
  static constexpr const char* name = "busbar.driver";
  explicit driver_shell(driver_actor::pointer self) : self_(self) {}

  driver_actor::behavior_type make_behavior(driver_config config);

private:
  /// Shows it for the first time. Not `begin`: CAF takes what has that for a range.
  void show();
  void handle(const driver_request_message& message);
  void handle(const driver_notice& notice);
  void handle(const pulse& pulse);
  void deny(const domain::driver_request& request, domain::instant now, std::string why);
  void publish();
  void publish_watch();
  void done() { config_.handled->fetch_add(1, std::memory_order_relaxed); }

  driver_actor::pointer self_;
  driver_config config_;
  driver_settings settings_;
  domain::microseconds patience_{};
  /// When it took its newest message.
  domain::instant seen_at_{};
  // Before the loan of it ends, the record must live: hence after config_.
  loan<driver_record> record_;
};

driver_actor::behavior_type run_driver(driver_actor::stateful_pointer<driver_shell> self,
                                       driver_config config);

} // namespace busbar::actors
