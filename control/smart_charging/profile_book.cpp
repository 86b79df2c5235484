#include "control/smart_charging/profile_book.hpp"

#include "control/smart_charging/composite.hpp"

#include <algorithm>
#include <cassert>

namespace busbar::control::smart_charging {
namespace {

constexpr domain::seconds gap_max{60};

/// The limit of one connector now, in tenths of a watt over all lines; absent: nothing limits.
std::optional<std::int64_t> limit_now_w(const profile_store& store, std::int32_t connector,
                                        instant now) {
  return verdict_at(store, connector, now, rate_unit::watt).scaled;
}

/// The most lines of which each draws at least nine tenths of its part of the limit; 0: none does.
std::uint8_t lines_at_limit(std::int64_t drawn, std::int64_t limit, std::uint8_t lines) {
  for (auto used = lines; used > 0; --used)
    if (drawn * 10 * lines >= limit * 9 * used && drawn > 0) return used;
  return 0;
}

void add(std::vector<held_amount>& held, const held_amount& more) {
  const auto place = std::ranges::lower_bound(held, more.profile, {}, &held_amount::profile);
  if (place == held.end() || place->profile != more.profile) {
    held.insert(place, more);
    return;
  }
  place->time += more.time;
  place->tenth_watt_seconds += more.tenth_watt_seconds;
}

} // namespace

profile_book::profile_book(station_settings settings)
    : kept_(std::move(settings)),
      connectors_(static_cast<std::size_t>(kept_.store().settings().connectors)) {}

void profile_book::sent(std::size_t place, const domain::command& command) {
  assert(pending_.size() < pending_max);
  pending_.push_back({place, command.number, command.kind, command.profile});
}

bool profile_book::answered(std::size_t place, const domain::command_result& answer) {
  const auto found = std::ranges::find_if(pending_, [&](const order_on_its_way& each) {
    return each.place == place && each.number == answer.number;
  });
  if (found == pending_.end()) return false;
  if (answer.answer == domain::outcome::accepted) keep(*found, answer.answered_at);
  pending_.erase(found);
  return true;
}

std::size_t profile_book::give_up(std::size_t place, domain::sequence number) {
  return std::erase_if(pending_, [&](const order_on_its_way& each) {
    return each.place == place && each.number <= number;
  });
}

void profile_book::keep(const order_on_its_way& order, domain::instant now) {
  // The station has decided; what this store would refuse after all is not kept.
  if (order.kind == domain::command_kind::clear_charging_profile) kept_.clear(*order.order.order);
  else if (kept_.install(order.place, *order.order.order, now).empty())
    for (auto& connector : connectors_)
      std::erase_if(connector.held, [&](const held_amount& each) {
        return each.profile == order.order.order->installs->id;
      });
  forget_cleared();
}

void profile_book::forget_cleared() {
  for (auto& connector : connectors_)
    std::erase_if(connector.held, [this](const held_amount& each) {
      return store().find(each.profile) == nullptr;
    });
}

void profile_book::granted(std::size_t place, domain::milliamperes current) {
  connectors_[place].granted = current;
}

void profile_book::measured(std::size_t place, domain::watts drawn, domain::instant now) {
  auto& record = connectors_[place];
  const auto last = std::chrono::floor<seconds>(std::exchange(record.measured_at, now));
  const auto second = std::chrono::floor<seconds>(now);
  const auto connector = static_cast<std::int32_t>(place + 1);
  const bool follows = second > last && second - last <= gap_max;
  const auto limit = follows ? limit_now_w(store(), connector, last) : std::nullopt;
  if (!limit) return;
  const auto& settings = store().settings();
  const auto used = lines_at_limit(drawn.count() * 10, *limit, settings.phases);
  if (*limit > 0 && used == 0) return;
  if (used > 0) record.lines = used;
  // Over all lines, as the limit is; a vehicle on some of them was held back on those alone.
  const auto wish_w = record.granted.count() * settings.supply_v * settings.phases / 100;
  for (auto each : amounts_held(store(), connector, {{last, second - last, wish_w}})) {
    each.tenth_watt_seconds = each.tenth_watt_seconds * record.lines / settings.phases;
    add(record.held, each);
  }
}

std::vector<held_back> profile_book::effect_on(std::size_t place) const {
  std::vector<held_back> effects;
  for (const auto& each : connectors_[place].held) effects.push_back(each.in_watt_hours());
  return effects;
}

} // namespace busbar::control::smart_charging
