#include "simulator/bill_audit.hpp"

namespace busbar::simulator {

using domain::session_fact_kind;

void bill_audit::look(const plant& yard) {
  for (const auto& point : yard.points())
    for (const auto& outlet : point.outlets())
      if (!outlet.last().id.is_empty())
        metered_.insert_or_assign(outlet.last().id, outlet.last().energy);
}

void bill_audit::hear(const domain::session_fact& fact) {
  const bool is_settled = fact.kind == session_fact_kind::settled;
  if (is_settled) ++settled_;
  if (is_settled || fact.kind == session_fact_kind::completed)
    billed_.insert_or_assign(fact.session, fact.energy);
}

std::size_t bill_audit::compared() const {
  std::size_t count = 0;
  for (const auto& [session, energy] : metered_) count += billed_.contains(session) ? 1 : 0;
  return count;
}

std::map<domain::session_id, std::string> bill_audit::differences() const {
  std::map<domain::session_id, std::string> found;
  for (const auto& [session, energy] : metered_) {
    const auto bill = billed_.find(session);
    if (bill == billed_.end() || bill->second == energy) continue;
    found.emplace(session, std::to_string(bill->second.count()) + " Wh billed, " +
                               std::to_string(energy.count()) + " Wh by the register");
  }
  return found;
}

} // namespace busbar::simulator
