#pragma once
// The thread that pulses an engine node, 100 times a second, and keeps its root alive.

#include "actors/node_keeper.hpp"
#include "node/node_frame.hpp"

#include <atomic>
#include <memory>
#include <thread>

namespace busbar::node {

class pulse_thread {
public:
  explicit pulse_thread(node_frame& frame) : frame_(frame) {}
  ~pulse_thread() { stop(); }

  /// Spawns the engine node, without sites: they come.
  void start(caf::actor_system& system);
  /// Ends the thread and kills the node.
  void stop();

private:
  void loop();

  node_frame& frame_;
  std::unique_ptr<actors::node_keeper> keeper_;
  std::atomic<bool> shall_stop_{false};
  std::thread thread_;
};

} // namespace busbar::node
