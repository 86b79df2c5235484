#include "actors/site_context.hpp"

#include <algorithm>

namespace busbar::actors {

namespace {

/// The first number of an epoch's commands: above every number of the epochs before.
domain::sequence first_number(domain::epoch owner) { return owner << 32; }

domain::error out_of_range(const char* member, std::int64_t value, const char* allowed) {
  return {domain::errc::out_of_range, std::string{"site "} + member + ": " +
                                          std::to_string(value) + " is not " + allowed};
}

} // namespace

domain::result<void> validate(const site_settings& settings) {
  const auto& bay = settings.bay;
  if (bay.answer_within.count() <= 0)
    return out_of_range("answer_within", bay.answer_within.count(), "> 0 us");
  if (bay.progress_every.count() <= 0)
    return out_of_range("progress_every", bay.progress_every.count(), "> 0 us");
  if (bay.monitor_failures < 1)
    return out_of_range("monitor_failures", bay.monitor_failures, ">= 1");
  if (settings.restarts.intensity > control::safety::restart_budget::intensity_max)
    return out_of_range("restart intensity", settings.restarts.intensity, "0..16");
  if (settings.branch_silence_max <= domain::seconds{1})
    return out_of_range("branch_silence_max", settings.branch_silence_max.count(), "> 1000000 us");
  if (settings.safe_for.count() <= 0)
    return out_of_range("safe_for", settings.safe_for.count(), "> 0 s");
  return control::safety::validate(settings.breaker);
}

site_context::site_context(std::shared_ptr<const site_layout> site, domain::epoch owner,
                           const site_settings& chosen)
    : layout(std::move(site)), settings(chosen), desk(layout, settings.breaker) {
  terms.site = layout->site;
  terms.owner = owner;
  terms.breaker = settings.breaker;
  for (std::size_t i = 0; i < layout->bays.size(); ++i)
    bays.emplace_back(layout, static_cast<bay_index>(i), settings.bay);
  for (std::size_t i = 0; i < layout->site->stations.size(); ++i) notebooks.emplace_back();
  notes.resize(layout->site->connectors.size());
  for (auto& connector : notes) connector.number = first_number(owner);
}

std::span<connector_notes> site_context::notes_of(domain::station_index station) {
  const auto& data = layout->site->stations.at(station.value());
  return std::span{notes}.subspan(data.first_connector.value(), data.connector_count);
}

bool site_context::take_over(domain::instant now) {
  const auto is_free = [](const auto& lent) { return lent.is_free(); };
  const bool is_left = predecessor->desk.is_free() &&
                       std::all_of(predecessor->bays.begin(), predecessor->bays.end(), is_free) &&
                       std::all_of(predecessor->notebooks.begin(), predecessor->notebooks.end(),
                                   is_free);
  if (!is_left) return false;
  const auto desk_before = predecessor->desk.borrow();
  desk_before->claim();
  for (std::size_t i = 0; i < bays.size(); ++i) {
    bay_report last;
    last.bay = static_cast<bay_index>(i);
    predecessor->bays[i].borrow()->remember(last);
    desk_before->take_memory(last);
  }
  if (const auto state = desk_before->changelog(terms.owner, now)) restore(*state);
  for (std::size_t i = 0; i < bays.size(); ++i)
    bays[i].borrow()->take_readings(*predecessor->bays[i].borrow());
  desk.borrow()->take_meters(*desk_before);
  desk.borrow()->claim();
  predecessor.reset();
  is_in_place.store(true, std::memory_order_release);
  return true;
}

void site_context::restore(const domain::site_state& state) {
  for (auto& lent : bays) lent.borrow()->restore(state);
  for (const auto& session : state.sessions) {
    auto& own = notes[session.connector.value()];
    own.session = std::make_shared<domain::session_state>(session);
    own.register_now_wh = session.register_now_wh;
  }
  desk.borrow()->restore(state);
}

} // namespace busbar::actors
