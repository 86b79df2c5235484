#include "adapters/ocpp/station/station_state.hpp"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

namespace busbar::adapters::ocpp::station {

namespace {

constexpr std::array<const char*, count_kinds> count_names{
    "calls_received",      "answers_sent",        "errors_sent",
    "calls_sent",          "answers_received",    "calls_refused",
    "calls_unanswered",    "stray_answers",       "repeated_calls",
    "unreadable_frames",   "calls_before_boot",   "commands",
    "commands_refused",    "commands_stale",      "queue_full",
    "meter_values",        "old_samples",         "tolerated",
    "transactions_begun",  "transactions_ended",  "transactions_unmatched",
    "registers_quarantined", "deaf_closed", "answers_faulty",
    "transactions_not_resumed", "reports_given_up",
    "tags_refused",        "fallbacks_refused",
    "lists_refused"};

} // namespace

const char* name_of(count which) { return count_names[static_cast<std::size_t>(which)]; }

station_state new_station(station_place place) {
  station_state made;
  made.connectors.resize(place.connectors.size());
  made.place = std::move(place);
  return made;
}

void offer_refused(station_state& state, std::int32_t number, station_effects& out) {
  std::erase_if(state.refused, [&](domain::driver_request& each) {
    const bool is_meant = transaction_of(each.id) == number;
    if (is_meant) out.requests.push_back(std::move(each));
    return is_meant;
  });
}

transaction* running_at(station_state& state, std::size_t connector) {
  const auto found = std::ranges::find_if(state.transactions, [&](const transaction& each) {
    return each.connector == connector && !each.has_ended;
  });
  return found == state.transactions.end() ? nullptr : &*found;
}

transaction* transaction_numbered(station_state& state, std::int32_t number) {
  const auto found = std::ranges::find(state.transactions, number, &transaction::number);
  return found == state.transactions.end() ? nullptr : &*found;
}

void retire(station_state& state, const std::function<bool(const transaction&)>& is_over) {
  auto& all = state.transactions;
  const auto gone = std::stable_partition(all.begin(), all.end(),
                                          [&](const auto& each) { return !is_over(each); });
  std::move(gone, all.end(), std::back_inserter(state.past));
  all.erase(gone, all.end());
  if (state.past.size() > past_max)
    state.past.erase(state.past.begin(),
                     state.past.end() - static_cast<std::ptrdiff_t>(past_max));
}

void count_tolerances(station_state& state, busbar::ocpp::v16::tolerance_set needed,
                      station_effects& out) {
  if (needed.empty()) return;
  out.counts.push_back(count::tolerated);
  for (const auto& row : busbar::ocpp::v16::all_tolerances())
    if (needed.has(row.is)) ++state.tolerated[static_cast<std::size_t>(row.is)];
}

void enqueue(station_state& state, station_effects& out, station_call call) {
  if (!state.lane.push(std::move(call))) out.counts.push_back(count::queue_full);
}

void send_next(station_state& state, station_effects& out, domain::instant now) {
  if (state.link == 0) return;
  auto frame = state.lane.next(now);
  if (!frame) return;
  out.frames.push_back(std::move(*frame));
  out.counts.push_back(count::calls_sent);
  const auto& sent = *state.lane.outstanding();
  if (sent.order != 0 && sent.settled.empty())
    out.orders.push_back({sent.order, ports::order_state::sent, {}});
}

} // namespace busbar::adapters::ocpp::station
