#include "adapters/ocpp/gateway/order_book.hpp"

#include "adapters/ocpp/station/payload.hpp"
#include "ocpp/v16/secrets.hpp"
#include "ocpp/v16/value_text.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace busbar::adapters::ocpp::gateway {

namespace {

using ports::order_state;

/// A transaction that begins later was not brought about by the order.
constexpr domain::microseconds begins_within = std::chrono::minutes{10};

/// Whether `order` may be what has brought about what is reported.
bool is_meant(const ports::order_standing& order, const station::reported_progress& reported,
              domain::instant now) {
  const bool is_under_way =
      order.state == order_state::sent || order.state == order_state::accepted;
  if (!is_under_way || order.done_at || order.action != reported.action) return false;
  simdjson::dom::parser parser;
  station::json_element request;
  if (parser.parse(order.request).get(request) != simdjson::SUCCESS) return false;
  if (!reported.tag.empty()) {
    const std::array<std::string_view, 1> wanted{
        station::text_in(request, "idTag").value_or("")};
    const bool is_late = order.ended_at && now - *order.ended_at > begins_within;
    return !is_late && !busbar::ocpp::v16::meant_choice(wanted, reported.tag).empty();
  }
  if (!reported.request) return true;
  for (const char* name : {"requestId", "transactionId"})
    if (const auto number = station::integer_in(request, name)) return number == reported.request;
  return true;
}

} // namespace

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
  made.request = busbar::ocpp::v16::blanked(wanted.payload);
  made.asked_at = now;
  made.until = wanted.until;
  orders_.push_back({wanted, std::move(made), false});
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
  const auto& code = outcome.reply.error_code;
  const bool was_kept_back = outcome.state == order_state::failed &&
                             standing.state == order_state::pending &&
                             (code == station::connection_lost || code == station::queue_is_full);
  if (was_kept_back && found->wanted.waits) {
    found->is_parked = true;
    return;
  }
  standing.state = outcome.state;
  standing.reply = outcome.reply;
  if (!standing.reply.answer.empty())
    standing.reply.answer = busbar::ocpp::v16::blanked(standing.reply.answer);
  (is_final(outcome.state) ? standing.ended_at : standing.sent_at) = now;
  // What was sent or is over needs its payload no more.
  found->wanted.payload.clear();
  found->is_parked = false;
}

void order_book::park(std::uint64_t number) {
  if (auto* found = numbered(number)) found->is_parked = true;
}

bool order_book::unpark(std::uint64_t number) {
  auto* found = numbered(number);
  return found != nullptr && std::exchange(found->is_parked, false);
}

std::vector<ports::charge_point_order>
order_book::take_parked(const std::function<bool(const std::string& identity)>& ready,
                        domain::instant now, std::vector<std::uint64_t>& numbers) {
  std::vector<ports::charge_point_order> taken;
  for (auto& each : orders_) {
    const bool is_due = each.is_parked && (!each.wanted.from || now >= *each.wanted.from);
    if (!is_due || (each.wanted.waits && !ready(each.wanted.identity))) continue;
    each.is_parked = false;
    numbers.push_back(each.standing.number);
    taken.push_back(each.wanted);
  }
  return taken;
}

std::vector<std::pair<std::string, std::uint64_t>> order_book::take_overdue(domain::instant now) {
  std::vector<std::pair<std::string, std::uint64_t>> overdue;
  for (const auto& each : orders_) {
    const auto& standing = each.standing;
    if (standing.state == order_state::pending && standing.until && now >= *standing.until)
      overdue.emplace_back(each.wanted.identity, standing.number);
  }
  for (const auto& [identity, number] : overdue)
    settle({number, order_state::timed_out,
            {{}, "DeadlineOver", "the order was not sent before its deadline"}},
           now);
  return overdue;
}

void order_book::note(const std::string& identity, const station::reported_progress& reported,
                      domain::instant now) {
  for (auto at = orders_.rbegin(); at != orders_.rend(); ++at) {
    auto& standing = at->standing;
    if (at->wanted.identity != identity || !is_meant(standing, reported, now)) continue;
    auto& kept = standing.progress;
    if (kept.size() >= ports::charge_points::kept_progress_max) kept.erase(kept.begin());
    kept.push_back({reported.status, reported.transaction, now});
    if (reported.is_end) standing.done_at = now;
    return;
  }
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
    return each.standing.number == number && each.wanted.identity == identity;
  });
  return found == orders_.end() ? nullptr : &found->standing;
}

const ports::order_standing* order_book::find(std::uint64_t number) const {
  const auto found = std::ranges::lower_bound(
      orders_, number, {}, [](const entry& each) { return each.standing.number; });
  return found != orders_.end() && found->standing.number == number ? &found->standing : nullptr;
}

std::vector<ports::order_standing> order_book::of(const std::string& identity) const {
  std::vector<ports::order_standing> found;
  for (auto at = orders_.rbegin(); at != orders_.rend(); ++at)
    if (at->wanted.identity == identity) found.push_back(at->standing);
  return found;
}

} // namespace busbar::adapters::ocpp::gateway
