#include "site/station_part.hpp"

#include "site/profile_settings.hpp"
#include "site/station_talk.hpp"

#include <iterator>
#include <memory>
#include <utility>

namespace busbar::site {

namespace {

template <class Value> void move_into(std::vector<Value>& to, std::vector<Value>& from) {
  if (to.empty()) return to.swap(from);
  to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
}

} // namespace

station_result station_part::begin(domain::instant now) const {
  station_result result;
  result.outcome.station = station_;
  result.outcome.now = now;
  return result;
}

station_result station_part::finished(station_result result) const {
  auto& outcome = result.outcome;
  outcome.talk = talk_news(book_, notes_);
  if (!outcome.talk.empty() && book_.reserved)
    outcome.reserved = {station_, book_.reserved->driver, book_.reserved->until};
  return result;
}

void station_part::add(station_effects effects, station_result& to) const {
  move_into(to.outcome.commands, effects.commands);
  move_into(to.outcome.sessions, effects.sessions);
  move_into(to.events, effects.events);
  move_into(to.facts, effects.facts);
  to.are_profiles_changed = to.are_profiles_changed || effects.are_profiles_changed;
  if (effects.are_profiles_kept)
    to.outcome.profiles =
        std::make_shared<const std::vector<std::uint8_t>>(book_.profiles->store().memory());
  to.outcome.breaker = book_.commands;
  to.has_breaker_opened =
      to.has_breaker_opened || (effects.is_breaker_changed &&
                                book_.commands.position() == domain::breaker_position::open);
}

station_result station_part::take(const station_orders& work) {
  auto result = begin({});
  result.outcome.tick = work.tick;
  if (!work.orders.empty())
    add(talk_.routine_answers(work.routine, work.orders.front().now), result);
  for (const auto& order : work.orders) {
    auto effects = talk_.order(order);
    if (effects.commands.empty()) result.outcome.not_issued.push_back(order.connector);
    result.outcome.now = order.now;
    add(std::move(effects), result);
  }
  return finished(std::move(result));
}

station_result station_part::take(const station_notices& work) {
  auto result = begin({});
  if (!work.notices.empty())
    add(talk_.routine_answers(work.routine, work.notices.front().now), result);
  for (const auto& notice : work.notices) {
    result.outcome.now = notice.now;
    add(talk_.notice(notice), result);
  }
  return finished(std::move(result));
}

station_result station_part::take(const station_request& work) {
  auto result = begin(work.received_at);
  add(talk_.request(work.request, work.facts, work.received_at), result);
  return finished(std::move(result));
}

station_result station_part::take(const direct_order& work) {
  auto result = begin(work.now);
  add(talk_.direct(work.kind, work.fault), result);
  return finished(std::move(result));
}

station_result station_part::take(const profile_errand& work) {
  auto result = begin(work.now);
  add(talk_.manage(work, profile_settings_of(layout_, station_)), result);
  return finished(std::move(result));
}

} // namespace busbar::site
