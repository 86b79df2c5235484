#pragma once
// The parent of the engine node: no actor itself, but the pulse thread's own. Spawns the node,
// sends it the pulse, restarts it when it fails or does not handle pulses, with what it knows, and
// says which actors never ended when they were told to. Used by one thread.
//
//   running --throws---------------> ended --all is given back, within the budget--> spawned again
//      \--handles no pulse--> condemned --^      \--no--> out of service for the period

#include "actors/engine_node.hpp"

#include <caf/actor_system.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <set>
#include <string>

namespace busbar::actors {

class node_keeper {
public:
  node_keeper(caf::actor_system& system, engine_node_config config);
  node_keeper(const node_keeper&) = delete;
  node_keeper& operator=(const node_keeper&) = delete;
  ~node_keeper() { stop(); }

  /// 100 times a second.
  void pulse(domain::instant now);
  /// Kills the node; none is spawned again.
  void stop();

private:
  void spawn();
  void send(domain::instant now);
  void take_end(domain::instant now);
  /// Once a second.
  void watch(domain::instant now);
  void say_stuck(domain::instant now);
  [[nodiscard]] std::string name() const;

  caf::actor_system& system_;
  engine_node_config config_;
  engine_node_actor node_;
  /// Set by the node as it ends.
  std::shared_ptr<std::atomic<bool>> has_ended_;
  control::safety::restart_budget budget_;
  bool is_condemned_ = false;
  bool is_stopped_ = false;
  domain::instant out_until_{};
  domain::instant watched_at_{};
  std::uint64_t sent_ = 0;
  std::uint64_t handled_before_ = 0;
  /// Watches in a row in which no pulse was handled.
  std::uint32_t idle_ = 0;
  std::set<std::string> said_stuck_;
};

} // namespace busbar::actors
