#include "site/checkpoint.hpp"

#include "domain/events/site_changes.hpp"
#include "domain/events/stations.hpp"
#include "site/part_memory.hpp"
#include "site/snapshot_times.hpp"

#include <utility>

namespace busbar::site {

namespace {

template <class Value> void append(std::vector<Value>& to, const std::vector<Value>& from) {
  to.insert(to.end(), from.begin(), from.end());
}

} // namespace

checkpoint::checkpoint(std::shared_ptr<const site_layout> layout) : layout_(std::move(layout)) {
  memories_.resize(layout_->bays.size());
}

void checkpoint::take(bay_index bay, const bay_memory& memory) {
  // No fact tells of profiles: a station that has accepted one is promised that it stays (KEEP-1).
  if (memories_[bay].profiles != memory.profiles) claim();
  memories_[bay] = memory;
}

void checkpoint::claim() {
  is_changed_ = true;
  written_at_ = {};
}

bool checkpoint::is_due(domain::instant now) const {
  const auto& site = layout_->site->id;
  return is_changed_ && snapshot_period(site, now) != snapshot_period(site, written_at_);
}

domain::site_state checkpoint::write(const kept_parts& parts, domain::instant now,
                                     site_events& events) {
  is_changed_ = false;
  written_at_ = now;
  const auto& site = *layout_->site;
  domain::site_state state;
  state.site = site.id;
  state.topology_hash = site.topology_hash;
  state.at = now;
  for (const auto& memory : memories_) {
    append(state.told, memory.told);
    append(state.sessions, memory.sessions);
    append(state.unsettled, memory.unsettled);
    append(state.reservations, memory.reservations);
  }
  add_profiles(state, events);
  add_outline(state, events);
  parts.left.add_to(state);
  state.warmth = parts.flows.live_limits().warmth();
  state.planner_memory = parts.planner.memory();
  state.node_constraints = parts.orders.book().nodes();
  state.connector_constraints = parts.orders.book().connectors();
  if (const auto& configured = site.configured) state.configured = *configured;
  const auto& level = parts.shedding.level();
  state.shedding = {parts.orders.book().shedding(), level.level(), level.changed_at()};
  part_sections sections{parts.desk, {}};
  for (const auto& memory : memories_) sections.bays.push_back(memory.parts);
  state.part_memory = encode(sections, site);
  return state;
}

void checkpoint::read(const domain::site_state& state, const kept_parts& parts,
                      std::vector<control::node_image>& nodes) {
  // A memory that this planner cannot read is no harm: turns and ramps begin anew.
  static_cast<void>(parts.planner.restore(state.planner_memory));
  parts.orders.restore(state);
  if (const auto& kept = state.shedding) parts.shedding.restore(kept->level, kept->changed_at);
  parts.flows.live_limits().restore(state.warmth);
  parts.left.restore(state, nodes);
  const auto memory_of = [this](domain::connector_index connector) -> bay_memory& {
    return memories_[layout_->rows[connector.value()].bay];
  };
  for (const auto& told : state.told) memory_of(told.connector).told.push_back(told);
  for (const auto& session : state.sessions)
    memory_of(session.connector).sessions.push_back(session);
  for (const auto& session : state.unsettled)
    memory_of(session.connector).unsettled.push_back(session);
  for (const auto& profiles : state.profiles)
    memories_[layout_->stations[profiles.station.value()].bay].profiles.push_back(profiles);
  for (const auto& each : state.reservations)
    memories_[layout_->stations[each.station.value()].bay].reservations.push_back(each);
  if (auto sections = sections_of(state, *layout_->site, memories_.size()))
    for (std::size_t i = 0; i < memories_.size(); ++i)
      memories_[i].parts = std::move(sections->bays[i]);
}

void checkpoint::add_profiles(domain::site_state& state, site_events& events) {
  std::size_t bytes = 0;
  std::uint32_t left_out = 0;
  for (const auto& memory : memories_)
    for (const auto& profiles : memory.profiles) {
      const auto size = profiles.memory->size();
      const bool has_room = bytes + size <= domain::site_state::profile_bytes_max &&
                            state.profiles.size() < domain::site_state::profile_stations_max;
      if (!has_room) {
        ++left_out;
        continue;
      }
      bytes += size;
      state.profiles.push_back(profiles);
    }
  if (left_out > profiles_left_out_)
    events.add(domain::events::profiles_not_kept(events.here(), left_out));
  profiles_left_out_ = left_out;
}

void checkpoint::add_outline(domain::site_state& state, site_events& events) {
  const auto& outline = layout_->outline;
  const bool is_kept = outline->size() <= domain::site_state::outline_bytes_max;
  if (is_kept) state.outline.bytes = outline;
  else if (!std::exchange(is_tree_said_, true))
    events.add(domain::events::tree_not_kept(events.here(), outline->size(),
                                             domain::site_state::outline_bytes_max));
}

} // namespace busbar::site
