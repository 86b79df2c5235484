#pragma once
// Orders of one request on their way to the site that owns their places, and the caller that
// waits for its answer. The site and the clock may both come to it: the first one answers, the
// other does nothing. So an order that has timed out is never taken afterwards.
//
//   waiting --claim, by the site--> decided --the log has it, or the clock--> (answered)
//      |------refuse, by the clock or the end of the node-------------------> (answered)
//
// KEEP-1: an order that the site has taken is answered once the log has the state that holds it.

#include "domain/order_answer.hpp"
#include "ports/orders.hpp"

#include <atomic>
#include <cstdint>
#include <utility>
#include <vector>

namespace busbar::ports {

class order_ticket {
public:
  order_ticket(order_request request, order_listener listener)
      : request_(std::move(request)), listener_(std::move(listener)) {}

  [[nodiscard]] const std::vector<domain::order_wish>& wishes() const { return request_.wishes; }
  [[nodiscard]] std::uint64_t topology_hash() const { return request_.topology_hash; }
  [[nodiscard]] const caller& by() const { return request_.by; }

  /// True for one caller alone: it decides, and answers.
  [[nodiscard]] bool claim() { return !is_claimed_.exchange(true, std::memory_order_acq_rel); }
  [[nodiscard]] bool is_claimed() const { return is_claimed_.load(std::memory_order_acquire); }
  [[nodiscard]] bool is_answered() const { return is_answered_.load(std::memory_order_acquire); }
  /// The first answer is the answer. REQUIRES: it is claimed.
  void answer(domain::order_answer given) {
    if (!is_answered_.exchange(true, std::memory_order_acq_rel)) listener_(std::move(given));
  }
  /// Where the site has not claimed it: it is not taken any more.
  void refuse(domain::error why) {
    if (claim()) answer(domain::order_refusal{std::move(why), {}});
  }

private:
  order_request request_;
  order_listener listener_;
  std::atomic<bool> is_claimed_{false};
  std::atomic<bool> is_answered_{false};
};

} // namespace busbar::ports
