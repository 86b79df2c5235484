#include "adapters/ocpp/gateway/history_desk.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace busbar::adapters::ocpp::gateway {

namespace {

ports::charge_point_transaction shown(const station::transaction& from) {
  ports::charge_point_transaction made;
  made.number = from.number;
  made.connector = static_cast<std::int32_t>(from.connector + 1);
  made.tag = from.tag;
  made.session = from.session.text();
  made.began_at = from.began_at ? from.began_at : from.logged_at;
  made.reported_at = from.logged_at.value_or(from.reported_at);
  made.meter_start_wh = from.meter_start_wh;
  if (from.has_ended) {
    made.ended_at = from.stopped_at.value_or(from.ended_at);
    made.meter_stop_wh = from.stated_stop_wh;
  }
  made.reason = from.reason;
  const bool has_fallen = from.has_ended && from.stated_stop_wh < from.meter_start_wh;
  const std::array is_so{from.is_from_log,     from.stops_at.has_value(), from.is_given_up,
                         from.was_not_resumed, from.has_lost_stop,        has_fallen};
  for (std::size_t i = 0; i < is_so.size(); ++i)
    if (is_so[i]) made.flags.emplace_back(ports::charge_point_history::transaction_flags[i]);
  return made;
}

} // namespace

std::vector<ports::charge_point_transaction>
history_desk::transactions_of(const std::string& identity) const {
  std::vector<ports::charge_point_transaction> made;
  {
    const std::lock_guard lock{core_.guard};
    const auto* own = core_.find(identity);
    if (own == nullptr) return {};
    for (const auto& each : own->machine.state().past) made.push_back(shown(each));
    for (const auto& each : own->machine.state().transactions) made.push_back(shown(each));
  }
  std::ranges::reverse(made);
  std::ranges::stable_sort(made, std::ranges::greater{}, [](const auto& each) {
    return std::pair{each.began_at.value_or(each.reported_at), each.reported_at};
  });
  return made;
}

ports::meter_page history_desk::meter_values_of(const ports::meter_question& asked) const {
  std::vector<meter_history::excerpt> copied;
  {
    const std::lock_guard lock{core_.guard};
    copied = core_.out.meters.copy_of(asked);
  }
  return rows_of(std::move(copied), asked);
}

} // namespace busbar::adapters::ocpp::gateway
