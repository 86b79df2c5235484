#pragma once
// The thread that reads an engine node's events and session facts back from the log: into the
// history, the audit trail and lines for people. It also tries again what the log did not take.

#include "messages/fact_gate.hpp"
#include "node/node_frame.hpp"
#include "ports/history.hpp"

#include <atomic>
#include <memory>
#include <mutex>
#include <thread>

namespace busbar::node {

class journal_reader {
public:
  explicit journal_reader(node_frame& frame);
  ~journal_reader() { stop(); }

  [[nodiscard]] domain::result<void> open();
  void start();
  void stop();
  /// Leaves its group. After `stop`.
  void close() { input_.reset(); }

  [[nodiscard]] const ports::history& entries() const { return *history_; }
  /// What the producer reported last; thread-safe.
  [[nodiscard]] ports::log_statistics statistics() const;

private:
  void loop();
  void read();
  void take_event(const ports::record& record);
  void take_fact(const ports::record& record);
  void take_mark(const ports::record& record);
  void read_statistics();

  node_frame& frame_;
  messages::fact_gate facts_;
  std::unique_ptr<ports::log_consumer> input_;
  const std::shared_ptr<ports::history_store> history_;
  std::atomic<bool> shall_stop_{false};
  std::thread thread_;
  mutable std::mutex guard_;
  ports::log_statistics statistics_;
};

} // namespace busbar::node
