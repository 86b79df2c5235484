#pragma once
// KEEP-1: orders that a site has taken and not yet answered. They are answered once the log has the
// state that holds them. Used by the one that has borrowed the site's desk.

#include "domain/order_answer.hpp"
#include "ports/order_ticket.hpp"
#include "ports/orders.hpp"

#include <iterator>
#include <memory>
#include <utility>
#include <vector>

namespace busbar::actors {

class order_promises {
public:
  [[nodiscard]] bool is_empty() const { return owed_.empty(); }

  void add(std::shared_ptr<ports::order_ticket> ticket, std::vector<domain::order_taken> taken) {
    owed_.push_back([of = std::move(ticket), all = std::move(taken)](
                        const domain::result<void>& kept) {
      if (kept) of->answer(all);
      else of->answer(domain::order_refusal{kept.failure(), {}});
    });
  }
  /// The same of anything else that waits for the state.
  void add(ports::kept_listener listener) { owed_.push_back(std::move(listener)); }

  /// Those that the state that is sent now holds: to be called with what the log says to it.
  [[nodiscard]] ports::kept_listener take() {
    return [owed = std::exchange(owed_, {})](const domain::result<void>& kept) {
      for (const auto& each : owed) each(kept);
    };
  }
  /// No state of theirs will be written here.
  void give_up(const domain::error& why) { take()(domain::result<void>{why}); }
  void take_over(order_promises& before) {
    auto all = std::exchange(before.owed_, {});
    owed_.insert(owed_.begin(), std::make_move_iterator(all.begin()),
                 std::make_move_iterator(all.end()));
  }

private:
  std::vector<ports::kept_listener> owed_;
};

} // namespace busbar::actors
