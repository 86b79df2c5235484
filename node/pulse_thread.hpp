#pragma once
// The thread that pulses an engine node, 100 times a second, keeps its root alive, and looks
// for orders that their sites have not answered in time.

#include "actors/node_keeper.hpp"
#include "node/node_frame.hpp"
#include "node/site_orders.hpp"

#include <atomic>
#include <memory>
#include <thread>

namespace busbar::node {

class pulse_thread {
public:
  pulse_thread(node_frame& frame, site_orders& orders) : frame_(frame), orders_(orders) {}
  ~pulse_thread() { stop(); }

  /// Spawns the engine node, without sites: they come.
  void start(caf::actor_system& system);
  /// Ends the thread and kills the node.
  void stop();

private:
  void loop();

  node_frame& frame_;
  site_orders& orders_;
  std::unique_ptr<actors::node_keeper> keeper_;
  std::atomic<bool> shall_stop_{false};
  std::thread thread_;
};

} // namespace busbar::node
