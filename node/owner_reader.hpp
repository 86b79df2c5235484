#pragma once
// The thread that keeps an engine node's `owner_book`: it reads all of `busbar.owners.v1`, then
// what is added. Where a node that was overtaken has written its row late, the owner writes its own
// again: the newest row in the log is the owner's.

#include "node/node_frame.hpp"
#include "ports/event_log.hpp"

#include <atomic>
#include <memory>
#include <thread>

namespace busbar::node {

class owner_reader {
public:
  explicit owner_reader(node_frame& frame) : frame_(frame) {}
  ~owner_reader() { stop(); }

  [[nodiscard]] domain::result<void> open();
  void start();
  void stop();
  /// Leaves its group. After `stop`.
  void close() { input_.reset(); }

private:
  void loop();
  void take(const ports::record& record);

  node_frame& frame_;
  std::unique_ptr<ports::log_consumer> input_;
  std::atomic<bool> shall_stop_{false};
  std::thread thread_;
};

} // namespace busbar::node
