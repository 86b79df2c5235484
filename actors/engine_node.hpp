#pragma once
// The root of the tree: spawns and watches the sites of this process, its drivers and protocol
// drivers, and turns the pulse (100 a second) into one tick a second for each site, spread over the
// second. A site that fails beyond the budget is spawned into its safe mode: never a dead site.
// Spawned and watched by the `node_keeper`; what it knows is lent to it and outlives a restart.

#include "actors/driver_group.hpp"
#include "actors/interfaces.hpp"
#include "actors/node_context.hpp"
#include "actors/protocol_group.hpp"
#include "actors/site_context.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <memory>
#include <vector>

namespace busbar::actors {

struct engine_node_config {
  std::shared_ptr<node_context> context;
  std::vector<std::shared_ptr<site_context>> sites;
};

/// The first fault of any site's settings.
[[nodiscard]] domain::result<void> validate(const engine_node_config& config);

class engine_node_shell {
public:
  static constexpr const char* name = "busbar.engine_node";
  static constexpr std::size_t slices = 100;
  explicit engine_node_shell(engine_node_actor::pointer self) : self_(self) {}
  ~engine_node_shell();

  engine_node_actor::behavior_type make_behavior(engine_node_config config);

private:
  void handle(const pulse& pulse);
  void handle(const driver_request_message& message);
  void take_replacements();
  void take_arrivals();
  void take_departures();
  /// True: the entry is to go.
  [[nodiscard]] bool has_left(site_entry& entry);
  /// Sees the actors out that another context replaces, or whose site leaves: once nothing sends to
  /// them any more and what they were sent is handled, or `leaves_within` is over.
  void see_out(site_entry& entry);
  void replace(site_entry& entry);
  /// Lets through what has waited for a site that has been replaced.
  void let_through(site_entry& entry);
  void handle_down(const caf::down_msg& down);
  void fill();
  void spawn_site(site_entry& entry);
  void tick_site(site_entry& entry, domain::instant now);
  void lose_site(site_entry& entry);
  void restart_silent(site_entry& entry, domain::instant now);
  /// Once a second: everything but the sites.
  void round(const pulse& pulse);
  void judge_sites(domain::instant now);
  void publish();
  void sample();

  engine_node_actor::pointer self_;
  engine_node_config config_;
  loan<node_book> book_;
  // Kill their children before the book is given back.
  driver_group drivers_;
  protocol_group protocols_;
  control::safety::breaker_settings sites_breaker_;
  std::size_t slice_ = 0;
  domain::instant now_{};
};

/// REQUIRES: validate(config).
engine_node_actor::behavior_type
run_engine_node(engine_node_actor::stateful_pointer<engine_node_shell> self,
                engine_node_config config);

} // namespace busbar::actors
