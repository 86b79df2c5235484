#include "adapters/ocpp/station/form_learning.hpp"

#include "adapters/ocpp/station/onboarding.hpp"
#include "adapters/ocpp/station/payload.hpp"
#include "adapters/ocpp/station/profile_calls.hpp"
#include "control/smart_charging/profile_forms.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

namespace busbar::adapters::ocpp::station {

namespace wire = busbar::ocpp::wire;

namespace {

constexpr domain::microseconds none_pause = std::chrono::minutes{10};

/// Errors that say what is wrong with a payload. Of any other, such as NotSupported, another form
/// would change nothing.
bool is_refused_for_its_form(const wire::frame& answer) {
  static constexpr std::array<std::string_view, 6> of_payloads{
      "FormationViolation",       "FormatViolation",
      "PropertyConstraintViolation", "OccurenceConstraintViolation",
      "OccurrenceConstraintViolation", "TypeConstraintViolation"};
  return answer.kind != wire::frame_kind::error ||
         std::ranges::find(of_payloads, answer.error_code) != of_payloads.end();
}

/// Whether there is another form to try; `learned` names it then.
bool move_on(learned_form& learned, std::size_t refused, std::size_t forms, domain::instant now) {
  // Another call has found the next one already.
  if (refused != learned.place) return true;
  if (learned.none_until && now < *learned.none_until) return false;
  if (learned.place + 1 < forms) {
    ++learned.place;
    return true;
  }
  learned = {0, now + none_pause};
  return false;
}

} // namespace

bool try_next_grant_form(station_state& state, const station_call& refused,
                         const wire::frame& answer, domain::instant now, station_effects& out) {
  const auto& held = state.connectors[refused.connector].grant;
  const auto* one = running_at(state, refused.connector);
  if (!held || one == nullptr || !is_refused_for_its_form(answer)) return false;
  if (held->number != refused.number && refused.number != 0) return false;
  auto& known = state.abilities;
  const auto forms =
      control::smart_charging::grant_forms(known.level_max, known.unit).size();
  // A grant at or below an operator's profile would be mute.
  const auto above = state.profiles.highest_level(static_cast<std::int32_t>(refused.connector) + 1);
  auto before = refused.form;
  do {
    if (!move_on(known.grants, before, forms, now)) return false;
    before = known.grants.place;
  } while (above && grant_form_of(state).stack_level <= *above);
  auto again = grant_call(state, refused.connector, *held, one->number);
  again.number = refused.number;
  enqueue(state, out, std::move(again));
  return true;
}

void try_next_fallback_form(station_state& state, const station_call& refused,
                            const wire::frame& answer, domain::instant now,
                            station_effects& out) {
  auto& known = state.abilities;
  const auto forms = control::smart_charging::fallback_forms(known.unit).size();
  // Further calls of a form that was given up change nothing.
  if (refused.form != known.fallback.place) return;
  if (is_refused_for_its_form(answer) && move_on(known.fallback, refused.form, forms, now))
    return restate_fallback(state, false);
  out.counts.push_back(count::fallbacks_refused);
  out.notices.push_back("station " + state.place.id.text() +
                        ": refuses its fallback as a charging profile in every form: what it "
                        "draws without the engine is bounded by its own settings alone");
}

} // namespace busbar::adapters::ocpp::station
