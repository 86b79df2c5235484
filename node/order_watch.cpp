#include "node/order_watch.hpp"

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace busbar::node {

namespace {

domain::error timed_out() {
  return {domain::errc::timeout, "the site has not answered within " +
                                     std::to_string(ports::orders::answer_within.count()) +
                                     " s: the order is not taken"};
}

domain::error not_confirmed() {
  return {domain::errc::timeout, "the log has not confirmed the order within " +
                                     std::to_string(ports::orders::answer_within.count()) +
                                     " s: it may be in force"};
}

/// Either the site has not claimed it, or the log has not confirmed it.
void answer_late(ports::order_ticket& ticket, domain::error why) {
  ticket.refuse(std::move(why));
  if (!ticket.is_answered()) ticket.answer(domain::order_refusal{not_confirmed(), {}});
}

} // namespace

bool order_watch::add(std::shared_ptr<ports::order_ticket> ticket, clock::time_point now) {
  const std::lock_guard lock{guard_};
  if (waiting_.size() >= ports::orders::waiting_max)
    std::erase_if(waiting_, [](const entry& each) { return each.ticket->is_answered(); });
  if (waiting_.size() >= ports::orders::waiting_max) return false;
  waiting_.push_back({std::move(ticket), now + ports::orders::answer_within});
  return true;
}

void order_watch::look(clock::time_point now) {
  std::vector<std::shared_ptr<ports::order_ticket>> late;
  {
    const std::lock_guard lock{guard_};
    while (!waiting_.empty() &&
           (waiting_.front().until <= now || waiting_.front().ticket->is_answered())) {
      late.push_back(std::move(waiting_.front().ticket));
      waiting_.pop_front();
    }
  }
  // Without the lock: a caller that is told may order again. An answered one takes no answer.
  for (const auto& each : late) answer_late(*each, timed_out());
}

void order_watch::end() {
  std::deque<entry> all;
  {
    const std::lock_guard lock{guard_};
    all.swap(waiting_);
  }
  for (const auto& each : all)
    answer_late(*each.ticket,
                {domain::errc::unavailable, "the engine stops: the order is not taken"});
}

} // namespace busbar::node
