#include "actors/station_results.hpp"

#include "actors/fact_counters.hpp"
#include "site/stepped_stations.hpp"

#include <caf/send.hpp>

#include <memory>
#include <utility>

namespace busbar::actors {

namespace {

void publish_profiles(const site_context& context, domain::station_index station,
                      const notebook& book) {
  if (!context.views) return;
  auto snapshot = std::make_shared<const control::smart_charging::profile_book>(*book.profiles);
  context.views->publish(context.layout->site->id, station, std::move(snapshot));
}

void publish_fact(const site_context& context, domain::session_fact fact) {
  if (context.counters) count(*context.counters, fact);
  // Before the log has it: its driver may ask anew as soon as it reads this.
  const bool is_news = fact.kind != domain::session_fact_kind::in_progress;
  if (const auto node = context.routes->node(); node && is_news)
    caf::anon_send(node, driver_notice{fact});
  static_cast<void>(context.out->send(fact));
}

} // namespace

site::station_part part_of(site_context& context, domain::station_index station, notebook& book) {
  return {*context.layout, context.terms, station, book, context.notes_of(station)};
}

void publish(const site_context& context, site::station_result& result, notebook& book) {
  // A sign of life comes of no work.
  if (result.outcome.breaker) ++book.pieces_done;
  if (context.recording.to) site::tell_effects(*context.recording.to, result);
  for (const auto& event : result.events) static_cast<void>(context.out->send(event));
  for (auto& fact : result.facts) publish_fact(context, std::move(fact));
  if (result.are_profiles_changed) publish_profiles(context, result.outcome.station, book);
  if (result.has_breaker_opened && context.counters)
    context.counters->supervision.breakers_opened.add();
}

std::optional<station_outcome> carry_out(site_context& context, domain::station_index station,
                                         const station_orders& work) {
  const auto turn = context.notebooks[station.value()].take_turn();
  if (!turn) return std::nullopt;
  auto result = part_of(context, station, *turn).take(work);
  publish(context, result, *turn);
  return std::move(result.outcome);
}

} // namespace busbar::actors
