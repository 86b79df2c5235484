#pragma once
// The root of the tree: spawns and watches the sites of this process, keeps drivers and protocol
// drivers, and turns the pulse (100 a second) into one tick a second for each site, spread over the
// second. A site that fails beyond the budget is spawned into its safe mode: never a dead site.

#include "actors/interfaces.hpp"
#include "actors/loan.hpp"
#include "actors/node_context.hpp"
#include "actors/site_context.hpp"

#include <caf/stateful_actor.hpp>
#include <caf/typed_event_based_actor.hpp>

#include <map>
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
  struct site_entry {
    std::shared_ptr<site_context> context;
    site_actor actor;
    control::safety::restart_budget budget;
    bool is_safe_start = false;
    /// Goes on in its place once the actors of `context` are gone.
    std::shared_ptr<site_context> next;
    /// Rounds in a row in which its tick before was still waiting.
    std::uint32_t rounds_missed = 0;
  };
  struct driver_entry {
    std::shared_ptr<lendable<driver_record>> record;
    driver_actor actor;
    /// Copies of the record's own: the node reads them without asking.
    domain::instant active_at{};
    bool has_session = false;
  };

  void handle(const pulse& pulse);
  void handle(const driver_request_message& message);
  void handle(const driver_notice& notice);
  void handle(const connection_report& report);
  void handle(const site_replacement& replacement);
  void replace(site_entry& entry);
  void handle_down(const caf::down_msg& down);
  void spawn_site(site_entry& entry);
  void tick_site(site_entry& entry, domain::instant now);
  void lose_site(site_entry& entry);
  driver_entry& driver(const domain::driver_id& id, domain::instant now);
  void restore_drivers(const site_context& site);
  void passivate_idle(domain::instant now);
  void sample();

  engine_node_actor::pointer self_;
  engine_node_config config_;
  std::vector<site_entry> sites_;
  std::map<domain::driver_id, driver_entry> drivers_;
  std::map<std::string, protocol_driver_actor> protocols_;
  std::size_t slice_ = 0;
  domain::instant now_{};
};

/// REQUIRES: validate(config).
engine_node_actor::behavior_type
run_engine_node(engine_node_actor::stateful_pointer<engine_node_shell> self,
                engine_node_config config);

} // namespace busbar::actors
