#include "apps/doors/profiles_run.hpp"

#include "adapters/http/profile_payload.hpp"
#include "control/smart_charging/composite.hpp"
#include "domain/time_text.hpp"

#include <map>

namespace busbar::apps::doors {
namespace {

using json = nlohmann::ordered_json;
using adapters::http::call_error;
using adapters::http::get_composite_request;
using adapters::http::parse_clear_profile;
using adapters::http::parse_get_composite;
using adapters::http::parse_set_profile;
using adapters::http::parsed;
using adapters::http::set_profile_request;

double rate_of(std::int64_t tenths) { return static_cast<double>(tenths) / 10.0; }
std::string text_of_time(smart::instant at) { return domain::text_of(domain::instant{at}); }

json answer_of(const call_error& error) {
  return {{"error", name_of(error.code)}, {"description", error.description()}};
}

json answer_of(const std::optional<smart::setpoint>& point) {
  if (!point) return nullptr;
  json answer{{"limit", rate_of(point->limit_tenths)}};
  if (point->phases) answer["numberPhases"] = *point->phases;
  if (point->minimum_tenths) answer["minChargingRate"] = rate_of(*point->minimum_tenths);
  answer["profile"] = point->profile;
  return answer;
}

json answer_of(std::int32_t connector, const smart::composite_schedule& schedule) {
  json periods = json::array();
  for (const auto& period : schedule.periods) {
    json entry{{"startPeriod", period.start.count()}, {"limit", rate_of(period.limit_tenths)}};
    if (period.phases) entry["numberPhases"] = *period.phases;
    periods.push_back(std::move(entry));
  }
  const auto start = text_of_time(schedule.start);
  return {{"status", "Accepted"},
          {"connectorId", connector},
          {"scheduleStart", start},
          {"chargingSchedule",
           {{"duration", schedule.duration.count()},
            {"startSchedule", start},
            {"chargingRateUnit", name_of(schedule.unit)},
            {"chargingSchedulePeriod", std::move(periods)}}}};
}

/// Answers one step; the store carries what the steps before did.
class station {
public:
  explicit station(const smart::station_settings& settings) : store_(settings) {}

  json answer(const script_step& step) {
    now_ = step.at;
    return std::visit([this](const auto& what) { return on(what); }, step.what);
  }

private:
  json on(const ocpp_request& request) {
    switch (request.what) {
    case ocpp_request::action::set: return with(parse_set_profile(request.payload));
    case ocpp_request::action::clear: return with(parse_clear_profile(request.payload));
    case ocpp_request::action::get_composite: return with(parse_get_composite(request.payload));
    }
    return nullptr;
  }

  template <class Request> json with(const parsed<Request>& request) {
    // A CALLERROR carries one fault: the first.
    if (const auto* errors = std::get_if<std::vector<call_error>>(&request))
      return answer_of(errors->front());
    return on(std::get<Request>(request));
  }

  json on(const set_profile_request& request) {
    const auto why = store_.set(request.connector, request.profile, now_);
    return {{"status", why ? "Rejected" : "Accepted"}};
  }

  json on(const smart::clear_filter& filter) {
    return {{"status", store_.clear(filter) > 0 ? "Accepted" : "Unknown"}};
  }

  json on(const get_composite_request& request) {
    const auto& units = store_.settings().units;
    const auto unit = request.unit.value_or(units.front());
    const bool is_possible = store_.has_connector(request.connector) &&
                             std::ranges::find(units, unit) != units.end();
    if (!is_possible) return {{"status", "Rejected"}};
    return answer_of(request.connector,
                     smart::compose(store_, request.connector, now_, request.duration, unit));
  }

  json on(const start_step& step) {
    if (step.transaction) store_.stop(*step.transaction);
    store_.start(step.connector, step.transaction, now_);
    return json::object();
  }

  json on(const stop_step& step) {
    store_.stop(step.transaction);
    return json::object();
  }

  json on(const limit_question& question) {
    const auto unit = question.unit.value_or(store_.settings().units.front());
    const auto limit = smart::limit_at(store_, question.connector, now_, unit);
    return {{"connector", answer_of(limit.connector)},
            {"chargePoint", answer_of(limit.charge_point)}};
  }

  json on(const profiles_question&) {
    json by_connector = json::object();
    for (const auto& entry : store_.installed())
      by_connector[std::to_string(entry.connector)].push_back(entry.profile.id);
    return by_connector;
  }

  json on(const periods_question& question) {
    json periods = json::array();
    if (const auto* entry = store_.find(question.profile)) {
      const auto origin = smart::origin_of(store_, *entry, 0, now_);
      for (const auto& placed :
           smart::periods_between(entry->profile, origin, now_, question.until))
        periods.push_back(period_of(placed));
    }
    return {{"periods", std::move(periods)}};
  }

  static json period_of(const smart::placed_period& placed) {
    const auto& what = *placed.what;
    return {{"start", text_of_time(placed.start)},
            {"end", placed.end ? json(text_of_time(*placed.end)) : json(nullptr)},
            {"limit", rate_of(what.limit_tenths)},
            {"numberPhases", what.phases ? json(*what.phases) : json(nullptr)}};
  }

  smart::profile_store store_;
  smart::instant now_{};
};

} // namespace

nlohmann::ordered_json run_profiles_script(const profiles_script& script) {
  station charger(script.station);
  json answers = json::array();
  for (const auto& step : script.steps) answers.push_back(charger.answer(step));
  return {{"answers", std::move(answers)}};
}

} // namespace busbar::apps::doors
