#include "recording/effect_memory.hpp"

#include <algorithm>

namespace busbar::recording {

const char* name_of(effect_kind kind) {
  switch (kind) {
    case effect_kind::command: return "command";
    case effect_kind::fact: return "session fact";
    case effect_kind::event: return "event";
    case effect_kind::decision: return "decision";
    case effect_kind::state: return "state";
  }
  return "unknown";
}

std::size_t source_memory::slot_of(const domain::session_id& session) {
  const auto found = std::ranges::find(facts, session, &domain::session_fact::session);
  if (found != facts.end()) return static_cast<std::size_t>(found - facts.begin());
  next_slot = (next_slot + 1) % facts.size();
  return next_slot;
}

effect_memory::effect_memory(const site::site_layout& layout)
    : layout_(layout), bays_(layout.bays.size()), stations_(layout.site->stations.size()) {
  desk_.facts.resize(1);
}

source_memory& effect_memory::of(site::effect_source source) {
  if (std::holds_alternative<site::desk_source>(source)) return desk_;
  const auto* bay = std::get_if<site::bay_source>(&source);
  auto& own = bay != nullptr ? bays_[bay->bay]
                             : stations_[std::get<domain::station_index>(source).value()];
  if (own) return *own;
  own = std::make_unique<source_memory>();
  const std::size_t slots =
      bay != nullptr
          ? 1
          : layout_.site->stations[std::get<domain::station_index>(source).value()].connector_count;
  own->commands.resize(slots);
  own->facts.resize(slots);
  return *own;
}

std::size_t effect_memory::slot_of(domain::connector_index connector) const {
  const auto& site = *layout_.site;
  const auto& station = site.stations[site.connectors[connector.value()].station.value()];
  return connector.value() - station.first_connector.value();
}

} // namespace busbar::recording
