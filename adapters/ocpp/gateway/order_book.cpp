#include "adapters/ocpp/gateway/order_book.hpp"

#include <algorithm>
#include <utility>

namespace busbar::adapters::ocpp::gateway {

bool order_book::make_room() {
  if (orders_.size() < ports::charge_points::kept_orders_max) return true;
  const auto oldest = std::ranges::find_if(
      orders_, [](const entry& each) { return is_final(each.standing.state); });
  if (oldest == orders_.end()) return false;
  orders_.erase(oldest);
  return true;
}

std::optional<std::uint64_t> order_book::add(const ports::charge_point_order& wanted,
                                             domain::instant now) {
  if (!make_room()) return std::nullopt;
  ports::order_standing made;
  made.number = ++last_;
  made.action = wanted.action;
  made.request = wanted.payload;
  made.asked_at = now;
  orders_.push_back({wanted.identity, std::move(made)});
  return last_;
}

order_book::entry* order_book::numbered(std::uint64_t number) {
  const auto found = std::ranges::lower_bound(
      orders_, number, {}, [](const entry& each) { return each.standing.number; });
  return found != orders_.end() && found->standing.number == number ? &*found : nullptr;
}

/// OCPP-11: one end, once.
void order_book::settle(const station::order_outcome& outcome, domain::instant now) {
  auto* found = numbered(outcome.order);
  if (found == nullptr || is_final(found->standing.state)) return;
  auto& standing = found->standing;
  standing.state = outcome.state;
  standing.reply = outcome.reply;
  (is_final(outcome.state) ? standing.ended_at : standing.sent_at) = now;
}

void order_book::await(std::uint64_t number, domain::instant until, listener told) {
  waiting_.push_back({number, until, std::move(told)});
}

std::vector<std::function<void()>> order_book::take_due(domain::instant now) {
  std::vector<std::function<void()>> due;
  std::erase_if(waiting_, [&](waiting& each) {
    const auto* order = numbered(each.number);
    if (order == nullptr) return true;
    if (!is_final(order->standing.state) && now < each.until) return false;
    due.push_back([told = std::move(each.told), standing = order->standing] { told(standing); });
    return true;
  });
  return due;
}

const ports::order_standing* order_book::find(const std::string& identity,
                                              std::uint64_t number) const {
  const auto found = std::ranges::find_if(orders_, [&](const entry& each) {
    return each.standing.number == number && each.identity == identity;
  });
  return found == orders_.end() ? nullptr : &found->standing;
}

std::vector<ports::order_standing> order_book::of(const std::string& identity) const {
  std::vector<ports::order_standing> found;
  for (auto at = orders_.rbegin(); at != orders_.rend(); ++at)
    if (at->identity == identity) found.push_back(at->standing);
  return found;
}

} // namespace busbar::adapters::ocpp::gateway
