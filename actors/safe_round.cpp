#include "actors/safe_round.hpp"

#include "site/table_inputs.hpp"

#include <utility>

namespace busbar::actors {

namespace {

bool tell_one(site_context& context, connector_table& table, const station_order& order,
              std::vector<domain::command>& out) {
  const auto station = context.layout->site->connectors[order.connector.value()].station;
  const auto book = context.notebooks[station.value()].borrow();
  const bool is_told = static_cast<bool>(book);
  context.recording.step(
      site::step::safe_order{station, is_told, is_told ? book->pieces_done : 0});
  if (!is_told) {
    table.not_issued(order.connector);
    return false;
  }
  conversation talk{context.terms, station, *book, context.notes_of(station)};
  for (const auto& command : site::tell_fallback(table, std::move(talk), order)) {
    context.recording.effect(station, command);
    out.push_back(command);
  }
  return true;
}

} // namespace

bool tell_fallback(site_context& context, const plan_orders& orders,
                   std::vector<domain::command>& out) {
  bool is_complete = true;
  for (bay_index index = 0; index < context.tables.size(); ++index) {
    const auto table = context.tables[index].borrow();
    if (!table) {
      is_complete = false;
      continue;
    }
    context.recording.step(site::step::safe_bay{index});
    std::vector<station_order> own;
    table->order(orders, own);
    for (const auto& order : own)
      is_complete = tell_one(context, *table, order, out) && is_complete;
  }
  return is_complete;
}

void close_routes(site_context& context) {
  for (std::size_t i = 0; i < context.tables.size(); ++i)
    context.routes->place(context.layout->site->id, static_cast<bay_index>(i), feeder_actor{});
}

} // namespace busbar::actors
