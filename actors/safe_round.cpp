#include "actors/safe_round.hpp"

namespace busbar::actors {

namespace {

bool tell_one(site_context& context, bay& bay, const station_order& order,
              std::vector<domain::command>& out) {
  const auto station = context.layout->site->connectors[order.connector.value()].station;
  const auto book = context.notebooks[station.value()].borrow();
  if (!book) {
    bay.not_issued(order.connector);
    return false;
  }
  conversation talk{context.terms, station, *book, context.notes_of(station)};
  const auto effects = talk.order(order);
  for (const auto& command : effects.commands) {
    bay.issued(command, order.now);
    out.push_back(command);
  }
  return true;
}

} // namespace

bool tell_fallback(site_context& context, const plan_orders& orders,
                   std::vector<domain::command>& out) {
  bool is_complete = true;
  for (auto& lent : context.bays) {
    const auto bay = lent.borrow();
    if (!bay) {
      is_complete = false;
      continue;
    }
    std::vector<station_order> own;
    bay->order(orders, own);
    for (const auto& order : own) is_complete = tell_one(context, *bay, order, out) && is_complete;
  }
  return is_complete;
}

void close_routes(site_context& context) {
  for (std::size_t i = 0; i < context.bays.size(); ++i)
    context.routes->place(context.layout->site->id, static_cast<bay_index>(i), feeder_actor{});
}

} // namespace busbar::actors
