#pragma once
// What a site in its safe mode does without the actors of its stations: it makes the commands that
// tell every station its fallback, with the tables and notebooks that are free.

#include "domain/command.hpp"
#include "site/conversation.hpp"
#include "site/plan_orders.hpp"
#include "site/site_recording.hpp"
#include "site/site_step.hpp"
#include "site/station_order.hpp"
#include "site/table_inputs.hpp"

#include <utility>
#include <vector>

namespace busbar::site {

/// `Parts` lends what it has: layout(), terms(), recording(), notes_of(station), and table(bay) and
/// book(station), each of which is empty where an actor that has not ended yet still has it.
template <class Parts> class safe_round {
public:
  explicit safe_round(Parts parts) : parts_(parts) {}

  /// Appends the commands of `orders`. False: some table or notebook was not free; its stations
  /// were not told (their leases run out by themselves).
  [[nodiscard]] bool tell_fallbacks(const plan_orders& orders,
                                    std::vector<domain::command>& out) const {
    bool is_complete = true;
    for (bay_index bay = 0; bay < parts_.layout().bays.size(); ++bay) {
      const auto table = parts_.table(bay);
      if (!table) {
        is_complete = false;
        continue;
      }
      parts_.recording().step(step::safe_bay{bay});
      std::vector<station_order> own;
      table->order(orders, own);
      for (const auto& order : own) is_complete = tell(*table, order, out) && is_complete;
    }
    return is_complete;
  }

private:
  bool tell(connector_table& table, const station_order& order,
            std::vector<domain::command>& out) const {
    const auto station = parts_.layout().site->connectors[order.connector.value()].station;
    const auto book = parts_.book(station);
    const bool is_told = static_cast<bool>(book);
    parts_.recording().step(
        step::safe_order{station, is_told, is_told ? book->pieces_done : 0});
    if (!is_told) {
      table.not_issued(order.connector);
      return false;
    }
    conversation talk{parts_.terms(), station, *book, parts_.notes_of(station)};
    for (const auto& command : tell_fallback(table, std::move(talk), order)) {
      parts_.recording().effect(station, command);
      out.push_back(command);
    }
    return true;
  }

  Parts parts_;
};

} // namespace busbar::site
