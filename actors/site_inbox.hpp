#pragma once
// Operators' orders on their way to a site. They wait here, and not in a mailbox, so that none that
// was accepted is lost while the site's actor is restarted or another context takes its place.

#include "actors/order_promises.hpp"
#include "domain/cause.hpp"
#include "domain/operator_order.hpp"
#include "domain/time.hpp"
#include "ports/order_ticket.hpp"

#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace busbar::actors {

/// What an operator orders: the wishes of `ticket`, which the site checks and answers, or, where
/// that is null, one order that is checked already.
struct operator_message {
  domain::operator_order order;
  domain::instant now{};
  /// The cause of the order.
  domain::cause by{};
  std::shared_ptr<ports::order_ticket> ticket = nullptr;
};

class site_inbox {
public:
  /// By any thread. False: the context that it belongs to has been replaced, and so have the site's
  /// routes; the inbox of the newer ones takes it.
  [[nodiscard]] bool put(const operator_message& message) {
    const std::lock_guard lock{guard_};
    if (!is_closed_) waiting_.push_back(message);
    return !is_closed_;
  }
  /// By the one that has borrowed the site's desk: what waits, in the order in which it came.
  [[nodiscard]] std::vector<operator_message> take() {
    const std::lock_guard lock{guard_};
    return std::exchange(waiting_, {});
  }
  /// The same, and nothing is put in any more.
  [[nodiscard]] std::vector<operator_message> close() {
    const std::lock_guard lock{guard_};
    is_closed_ = true;
    return std::exchange(waiting_, {});
  }

  /// Orders that were taken from here and wait for the log (KEEP-1); of the one that has borrowed
  /// the site's desk.
  order_promises promises;

private:
  std::mutex guard_;
  std::vector<operator_message> waiting_;
  bool is_closed_ = false;
};

} // namespace busbar::actors
