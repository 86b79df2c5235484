#include "site/memory_writer.hpp"

#include <algorithm>
#include <utility>

namespace busbar::site {

bay_memory memory_of(const table_rows& table) {
  bay_memory memory;
  const auto& connectors = table.layout->bays[table.bay].connectors;
  for (std::size_t i = 0; i < table.connectors.size(); ++i) {
    const auto& row = table.connectors[i];
    // The last number of any command, so that a successor goes on above it.
    if (row.ledger.facts().numbers.last != 0)
      memory.told.push_back(row.ledger.state(connectors[i]));
    if (const auto& billed = row.session.bill_waits()) memory.unsettled.push_back(*billed);
    if (!row.session.open()) continue;
    auto session = *row.session.open();
    session.register_now_wh =
        std::max(session.register_now_wh, row.observed.newest().energy_wh);
    memory.sessions.push_back(std::move(session));
  }
  memory.profiles = table.profiles.all();
  return memory;
}

} // namespace busbar::site
