#include "control/smart_charging/profile_store.hpp"

#include <algorithm>
#include <cassert>
#include <utility>

namespace busbar::control::smart_charging {
namespace {

bool is_replaced_by(const installed_profile& old, std::int32_t connector,
                    const charging_profile& profile) {
  if (old.profile.id == profile.id) return true;
  return old.connector == connector && old.profile.serves == profile.serves &&
         old.profile.stack_level == profile.stack_level;
}

bool stands_in_order(const std::vector<schedule_period>& periods) {
  if (periods.empty() || periods.front().start != seconds{0}) return false;
  const auto not_later = [](const auto& one, const auto& next) { return next.start <= one.start; };
  return std::adjacent_find(periods.begin(), periods.end(), not_later) == periods.end();
}

bool matches(const clear_filter& filter, const installed_profile& entry) {
  if (filter.id) return entry.profile.id == *filter.id;
  return (!filter.connector || entry.connector == *filter.connector) &&
         (!filter.serves || entry.profile.serves == *filter.serves) &&
         (!filter.stack_level || entry.profile.stack_level == *filter.stack_level);
}

} // namespace

const char* text_of(refusal why) {
  switch (why) {
  case refusal::unknown_connector: return "the station has no such connector";
  case refusal::stack_level_too_high: return "stackLevel exceeds ChargeProfileMaxStackLevel";
  case refusal::too_many_periods: return "more periods than ChargingScheduleMaxPeriods";
  case refusal::rate_unit_not_supported: return "chargingRateUnit is not supported";
  case refusal::periods_out_of_order:
    return "periods start at 0 and stand in rising order of startPeriod";
  case refusal::validity_is_empty: return "validTo is not later than validFrom";
  case refusal::recurrence_incomplete:
    return "a Recurring profile needs recurrencyKind and startSchedule";
  case refusal::maximum_on_connector: return "ChargePointMaxProfile belongs to connector 0";
  case refusal::transaction_on_station: return "TxProfile belongs to a connector, not to 0";
  case refusal::no_transaction: return "TxProfile needs a running transaction on its connector";
  case refusal::other_transaction: return "another transaction runs on this connector";
  case refusal::store_full: return "MaxChargingProfilesInstalled are installed";
  }
  return "";
}

profile_store::profile_store(station_settings settings) : settings_(std::move(settings)) {
  assert(settings_.connectors >= 1 && !settings_.units.empty());
  running_.resize(static_cast<std::size_t>(settings_.connectors));
}

std::optional<refusal> profile_store::check_purpose(std::int32_t connector,
                                                    const charging_profile& profile) const {
  switch (profile.serves) {
  case purpose::charge_point_max:
    return connector == 0 ? std::nullopt : std::optional{refusal::maximum_on_connector};
  case purpose::tx_default: return std::nullopt;
  case purpose::tx: break;
  }
  if (connector == 0) return refusal::transaction_on_station;
  const auto* now_running = running(connector);
  if (!now_running) return refusal::no_transaction;
  if (profile.transaction && profile.transaction != now_running->id)
    return refusal::other_transaction;
  return std::nullopt;
}

std::optional<refusal> profile_store::check(std::int32_t connector,
                                            const charging_profile& profile) const {
  if (!has_connector(connector)) return refusal::unknown_connector;
  if (profile.stack_level > settings_.stack_level_max) return refusal::stack_level_too_high;
  if (std::cmp_greater(profile.plan.periods.size(), settings_.periods_max))
    return refusal::too_many_periods;
  if (std::ranges::find(settings_.units, profile.plan.unit) == settings_.units.end())
    return refusal::rate_unit_not_supported;
  if (!stands_in_order(profile.plan.periods)) return refusal::periods_out_of_order;
  if (profile.valid_from && profile.valid_to && *profile.valid_to <= *profile.valid_from)
    return refusal::validity_is_empty;
  if (profile.kind == profile_kind::recurring && !(profile.recurs && profile.plan.starts_at))
    return refusal::recurrence_incomplete;
  return check_purpose(connector, profile);
}

std::optional<refusal> profile_store::set(std::int32_t connector, const charging_profile& profile,
                                          instant now) {
  if (const auto why = check(connector, profile)) return why;
  const auto stays = std::ranges::count_if(installed_, [&](const installed_profile& old) {
    return !is_replaced_by(old, connector, profile);
  });
  if (stays >= settings_.profiles_max) return refusal::store_full;
  std::erase_if(installed_, [&](const installed_profile& old) {
    return is_replaced_by(old, connector, profile);
  });
  insert({connector, now, profile});
  return std::nullopt;
}

void profile_store::insert(installed_profile entry) {
  const auto place = std::ranges::find_if(installed_, [&](const installed_profile& other) {
    return std::pair{other.connector, other.profile.id} >
           std::pair{entry.connector, entry.profile.id};
  });
  installed_.insert(place, std::move(entry));
}

std::size_t profile_store::clear(const clear_filter& filter) {
  return std::erase_if(installed_, [&](const auto& entry) { return matches(filter, entry); });
}

void profile_store::start(std::int32_t connector, std::optional<std::int32_t> id, instant now) {
  assert(connector > 0 && has_connector(connector));
  auto& place = running_[static_cast<std::size_t>(connector - 1)];
  if (place && place->id) stop_on(connector);
  place = transaction{id, now};
}

bool profile_store::stop(std::int32_t id) {
  const auto connector = connector_of(id);
  return connector && stop_on(*connector);
}

bool profile_store::stop_on(std::int32_t connector) {
  auto& place = running_[static_cast<std::size_t>(connector - 1)];
  if (!place) return false;
  place.reset();
  clear({.id = std::nullopt, .connector = connector, .serves = purpose::tx,
         .stack_level = std::nullopt});
  return true;
}

std::span<const installed_profile> profile_store::installed_on(std::int32_t connector) const {
  // Two searches: Clang 14 does not take the library's equal_range over a projection.
  const auto first =
      std::ranges::lower_bound(installed_, connector, {}, &installed_profile::connector);
  const auto end =
      std::ranges::upper_bound(installed_, connector, {}, &installed_profile::connector);
  return {first, end};
}

const installed_profile* profile_store::find(std::int32_t id) const {
  const auto found = std::ranges::find_if(
      installed_, [id](const installed_profile& entry) { return entry.profile.id == id; });
  return found == installed_.end() ? nullptr : &*found;
}

const transaction* profile_store::running(std::int32_t connector) const {
  const auto& place = running_[static_cast<std::size_t>(connector - 1)];
  return place ? &*place : nullptr;
}

std::optional<std::int32_t> profile_store::connector_of(std::int32_t transaction_id) const {
  for (std::int32_t connector = 1; connector <= settings_.connectors; ++connector) {
    const auto* here = running(connector);
    if (here && here->id == transaction_id) return connector;
  }
  return std::nullopt;
}

} // namespace busbar::control::smart_charging
