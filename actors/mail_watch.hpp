#pragma once
// A parent's view of a child that sends nothing back: the child counts what it has handled, the
// parent what it has sent, and looks on its tick whether something has waited too long.

#include "control/safety/answer_watch.hpp"
#include "domain/time.hpp"

#include <atomic>
#include <cstdint>
#include <memory>

namespace busbar::actors {

/// Incremented by the child after each message.
using handled_counter = std::shared_ptr<std::atomic<std::uint64_t>>;

class mail_watch {
public:
  /// The counter of a child that begins now.
  [[nodiscard]] handled_counter begin(domain::instant now) {
    handled_ = std::make_shared<std::atomic<std::uint64_t>>(0);
    counted_ = 0;
    dog_.restarted(now);
    return handled_;
  }
  void sent(domain::instant now) { dog_.sent(now); }
  /// True when the child has become overdue since the last check.
  [[nodiscard]] bool check(domain::microseconds patience, domain::instant now) {
    const auto handled = handled_ ? handled_->load(std::memory_order_relaxed) : 0;
    for (; counted_ < handled; ++counted_) dog_.answered(now);
    return dog_.check(patience, now);
  }
  /// As of the last check: something waits.
  [[nodiscard]] bool is_waiting() const { return dog_.waiting() > 0; }
  [[nodiscard]] domain::instant since() const { return dog_.since(); }

private:
  handled_counter handled_;
  std::uint64_t counted_ = 0;
  control::safety::answer_watch dog_;
};

} // namespace busbar::actors
