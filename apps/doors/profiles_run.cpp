#include "apps/doors/profiles_run.hpp"

#include "control/smart_charging/composite.hpp"
#include "domain/time_text.hpp"
#include "ocpp/v16/charging_profile_payload.hpp"
#include "text/json_writer.hpp"

#include <map>

namespace busbar::apps::doors {
namespace {

using ocpp::v16::call_error;
using ocpp::v16::get_composite_request;
using text::json_writer;
using ocpp::v16::parse_clear_profile;
using ocpp::v16::parse_get_composite;
using ocpp::v16::parse_set_profile;
using ocpp::v16::parsed;
using ocpp::v16::set_profile_request;

/// About a quarter of a second, of all steps together; reading 8 MiB takes about twice that.
constexpr std::size_t effort_max = 8'000'000;
/// A period of a composite schedule as text; one of a profile, with its times; an id; the fault of
/// a request, from the pieces of its description on.
constexpr std::size_t rate_written = 10;
constexpr std::size_t period_written = 40;
constexpr std::size_t id_written = 3;
constexpr std::size_t error_written = 40;

std::string text_of_time(smart::instant at) { return domain::text_of(domain::instant{at}); }

void write_rate(json_writer& json, const char* name, std::int64_t tenths) {
  json.key(name).raw(std::to_string(tenths / 10) + "." + std::to_string(tenths % 10));
}

void write(json_writer& json, const char* name, const std::optional<smart::setpoint>& point) {
  json.key(name);
  if (!point) {
    json.null();
    return;
  }
  json.begin_object();
  write_rate(json, "limit", point->limit_tenths);
  if (point->phases) json.member("numberPhases", *point->phases);
  if (point->minimum_tenths) write_rate(json, "minChargingRate", *point->minimum_tenths);
  json.member("profile", point->profile).end_object();
}

void write(json_writer& json, const smart::composite_schedule& schedule) {
  const auto start = text_of_time(schedule.start);
  json.key("chargingSchedule").begin_object();
  json.member("duration", schedule.duration.count()).member("startSchedule", start);
  json.member("chargingRateUnit", name_of(schedule.unit));
  json.key("chargingSchedulePeriod").begin_array();
  for (const auto& period : schedule.periods) {
    json.begin_object().member("startPeriod", period.start.count());
    write_rate(json, "limit", period.limit_tenths);
    if (period.phases) json.member("numberPhases", *period.phases);
    json.end_object();
  }
  json.end_array().end_object();
}

/// Answers one step after the other; the store carries what the steps before did.
class station {
public:
  explicit station(const smart::station_settings& settings) : store_(settings) {}

  /// False: the effort of all steps is spent.
  bool answer(const script_step& step) {
    now_ = step.at;
    std::visit([this](const auto& what) { on(what); }, step.what);
    return !work_.is_spent();
  }
  json_writer& json() { return json_; }

private:
  void on(const ocpp_request& request) {
    switch (request.what) {
    case ocpp_request::action::set: return with(parse_set_profile(request.payload));
    case ocpp_request::action::clear: return with(parse_clear_profile(request.payload));
    case ocpp_request::action::get_composite: return with(parse_get_composite(request.payload));
    }
  }

  template <class Request> void with(const parsed<Request>& request) {
    const auto* errors = std::get_if<std::vector<call_error>>(&request);
    if (!errors) return on(std::get<Request>(request));
    work_.spend(error_written);
    // A CALLERROR carries one fault: the first.
    const auto& first = errors->front();
    json_.begin_object().member("error", ocpp::v16::name_of(first.code));
    json_.member("description", first.description()).end_object();
  }

  void say_status(const char* status) {
    json_.begin_object().member("status", status).end_object();
  }
  void say_nothing() { json_.begin_object().end_object(); }
  /// Every installed profile is looked at.
  void look_through() { work_.spend(1 + store_.installed().size() / 2); }

  void on(const set_profile_request& request) {
    look_through();
    const auto why = store_.set(request.connector, request.profile, now_);
    say_status(why ? "Rejected" : "Accepted");
  }

  void on(const smart::clear_filter& filter) {
    look_through();
    say_status(store_.clear(filter) > 0 ? "Accepted" : "Unknown");
  }

  void on(const get_composite_request& request) {
    const auto& units = store_.settings().units;
    const auto unit = request.unit.value_or(units.front());
    const bool is_possible = store_.has_connector(request.connector) &&
                             std::ranges::find(units, unit) != units.end();
    if (!is_possible) return say_status("Rejected");
    const auto schedule =
        smart::compose(store_, request.connector, now_, request.duration, unit, work_);
    work_.spend(schedule.periods.size() * rate_written);
    json_.begin_object().member("status", "Accepted").member("connectorId", request.connector);
    json_.member("scheduleStart", text_of_time(schedule.start));
    // A list of periods has at least one: where nothing limits there is no schedule.
    if (!schedule.periods.empty()) write(json_, schedule);
    json_.end_object();
  }

  void on(const start_step& step) {
    look_through();
    if (step.transaction) stop(*step.transaction);
    store_.start(step.connector, step.transaction, now_);
    say_nothing();
  }

  void on(const stop_step& step) {
    look_through();
    stop(step.transaction);
    say_nothing();
  }

  void stop(std::int32_t transaction) {
    work_.spend(static_cast<std::size_t>(store_.settings().connectors) / 16);
    store_.stop(transaction);
  }

  void on(const limit_question& question) {
    const auto profiles = store_.installed_on(question.connector).size() +
                          2 * store_.installed_on(0).size();
    work_.spend(smart::effort::period_laid_out + profiles);
    const auto unit = question.unit.value_or(store_.settings().units.front());
    const auto limit = smart::limit_at(store_, question.connector, now_, unit);
    json_.begin_object();
    write(json_, "connector", limit.connector);
    write(json_, "chargePoint", limit.charge_point);
    json_.end_object();
  }

  void on(const profiles_question&) {
    if (!work_.spend(store_.installed().size() * id_written)) return;
    std::map<std::string, std::vector<std::int32_t>> by_connector;
    for (const auto& entry : store_.installed())
      by_connector[std::to_string(entry.connector)].push_back(entry.profile.id);
    json_.begin_object();
    for (const auto& [connector, profiles] : by_connector) {
      json_.key(connector).begin_array();
      for (const auto id : profiles) json_.value(id);
      json_.end_array();
    }
    json_.end_object();
  }

  void on(const periods_question& question) {
    look_through();
    json_.begin_object().key("periods").begin_array();
    if (const auto* entry = store_.find(question.profile)) {
      const auto origin = smart::origin_of(store_, *entry, 0, now_);
      const auto all =
          smart::periods_between(entry->profile, origin, now_, question.until, work_);
      work_.spend(all.size() * period_written);
      for (const auto& placed : all)
        if (!work_.is_spent()) write_period(placed);
    }
    json_.end_array().end_object();
  }

  void write_period(const smart::placed_period& placed) {
    json_.begin_object().member("start", time_text_of(placed.start)).key("end");
    if (placed.end) json_.value(time_text_of(*placed.end));
    else json_.null();
    write_rate(json_, "limit", placed.what->limit_tenths);
    json_.key("numberPhases");
    if (placed.what->phases) json_.value(*placed.what->phases);
    else json_.null();
    json_.end_object();
  }

  /// Where a period ends the next one begins.
  const std::string& time_text_of(smart::instant at) {
    if (at != last_time_ || last_text_.empty()) last_text_ = text_of_time(at);
    last_time_ = at;
    return last_text_;
  }

  smart::instant last_time_{};
  std::string last_text_;
  smart::profile_store store_;
  smart::effort work_{effort_max};
  smart::instant now_{};
  json_writer json_;
};

} // namespace

domain::result<std::string> run_profiles_script(const profiles_script& script) {
  station charger(script.station);
  auto& json = charger.json();
  json.begin_object().key("answers").begin_array();
  for (std::size_t i = 0; i < script.steps.size(); ++i)
    if (!charger.answer(script.steps[i]))
      return domain::error{domain::errc::too_large,
                           "/steps/" + std::to_string(i) +
                               ": more work than is done for one script (" +
                               domain::grouped(effort_max) +
                               " steps of looking at a profile; laying out a period takes 10, "
                               "and writing it 40 more): "
                               "allowed are shorter durations, or fewer questions"};
  json.end_array().end_object();
  return json.take();
}

} // namespace busbar::apps::doors
