#include "adapters/ocpp/station/profile_shelf.hpp"

#include "adapters/ocpp/station/payload.hpp"
#include "control/smart_charging/grant_profiles.hpp"

#include <algorithm>
#include <tuple>
#include <utility>

namespace busbar::adapters::ocpp::station {

namespace {

/// A member of ClearChargingProfile.req that is stated and another one.
template <class Stated, class Value>
bool differs(const std::optional<Stated>& stated, const Value& value) {
  return stated && *stated != value;
}

} // namespace

void profile_shelf::set(entry made) {
  std::erase_if(kept_, [&](const entry& old) {
    const bool has_place = std::tie(old.connector, old.purpose, old.level) ==
                           std::tie(made.connector, made.purpose, made.level);
    return old.id == made.id || has_place;
  });
  if (kept_.size() >= kept_max) kept_.erase(kept_.begin());
  kept_.push_back(std::move(made));
}

bool profile_shelf::keep(const station_call& accepted, domain::instant now) {
  const bool sets = accepted.action == "SetChargingProfile";
  if (!sets && accepted.action != "ClearChargingProfile") return false;
  simdjson::dom::parser parser;
  json_element payload;
  if (parser.parse(accepted.payload).get(payload) != simdjson::SUCCESS) return false;
  const auto connector = integer_in(payload, "connectorId");
  if (sets) {
    const auto profile = member_of(payload, "csChargingProfiles");
    if (!profile || !connector) return false;
    set({*connector, integer_in(*profile, "chargingProfileId").value_or(0),
                integer_in(*profile, "stackLevel").value_or(0),
                std::string{text_in(*profile, "chargingProfilePurpose").value_or("")}, now,
                simdjson::minify(*profile)});
    return false;
  }
  const auto id = integer_in(payload, "id");
  const auto purpose = text_in(payload, "chargingProfilePurpose");
  const auto level = integer_in(payload, "stackLevel");
  bool is_own_gone = false;
  std::erase_if(kept_, [&](const entry& old) {
    const bool is_meant = id ? old.id == *id
                             : !differs(connector, old.connector) &&
                                   !differs(purpose, old.purpose) && !differs(level, old.level);
    is_own_gone = is_own_gone ||
                  (is_meant && old.id >= control::smart_charging::fallback_profile_id);
    return is_meant;
  });
  return is_own_gone;
}

void profile_shelf::end_transaction(std::int32_t connector) {
  std::erase_if(kept_, [&](const entry& old) {
    return old.connector == connector && old.purpose == "TxProfile";
  });
}

std::optional<std::int64_t> profile_shelf::highest_level(std::int32_t connector) const {
  std::optional<std::int64_t> highest;
  for (const auto& each : kept_) {
    const bool is_operators = each.id < control::smart_charging::fallback_profile_id;
    if (is_operators && each.connector == connector && each.purpose == "TxProfile")
      highest = std::max(highest.value_or(0), each.level);
  }
  return highest;
}

std::vector<ports::charge_point_profile> profile_shelf::profiles() const {
  auto sorted = kept_;
  std::ranges::sort(sorted, [](const entry& one, const entry& other) {
    return std::tie(one.connector, one.id) < std::tie(other.connector, other.id);
  });
  std::vector<ports::charge_point_profile> made;
  for (auto& each : sorted)
    made.push_back({static_cast<std::int32_t>(each.connector), each.installed_at,
                    std::move(each.text)});
  return made;
}

} // namespace busbar::adapters::ocpp::station
