#pragma once
// Orders that wait for the answer of their site, and the time by which they get one. Thread-safe.

#include "ports/order_ticket.hpp"

#include <chrono>
#include <deque>
#include <memory>
#include <mutex>

namespace busbar::node {

class order_watch {
public:
  using clock = std::chrono::steady_clock;

  /// False, and nothing kept, where `ports::orders::waiting_max` wait already.
  [[nodiscard]] bool add(std::shared_ptr<ports::order_ticket> ticket, clock::time_point now);
  /// Refuses what no site has claimed in time: errc::timeout.
  void look(clock::time_point now);
  /// Refuses all that wait: errc::unavailable.
  void end();

private:
  struct entry {
    std::shared_ptr<ports::order_ticket> ticket;
    clock::time_point until;
  };
  std::mutex guard_;
  /// In the order in which they came, and so by their time.
  std::deque<entry> waiting_;
};

} // namespace busbar::node
