#include "actors/driver_actor.hpp"

#include "actors/child_minding.hpp"
#include "actors/fact_counters.hpp"

namespace busbar::actors {

namespace {

struct station_route {
  /// Kept while the feeder is used.
  std::shared_ptr<const site_routes> routes;
  feeder_actor feeder;
  bool is_held = false;
  /// Why there is none.
  std::string why;
};

station_route route_to(const route_table& table, const domain::driver_request& request) {
  const auto routes = table.find(request.site);
  if (!routes) return {{}, {}, false, "no such site"};
  if (routes->traffic != site_traffic::flows) return {routes, {}, true, ""};
  const auto found = site::find_station(*routes->layout, request.station);
  if (!found) return {routes, {}, false, "no such station"};
  const auto& feeder = routes->feeders[routes->layout->stations[found->value()].bay];
  return {routes, feeder, false, feeder ? "" : "site is not controlling"};
}

ports::driver_view view_of(const driver_record& record) {
  const auto& facts = record.facts();
  return {facts.driver, facts.state,    facts.site,   facts.station,  facts.session,
          facts.since,  facts.accepted, facts.denied, facts.completed};
}

domain::breaker_view breaker_view_of(const driver_record& record) {
  const auto& requests = record.requests();
  return {record.name(),    "requests",
          requests.position(), requests.failures(),
          requests.calls(), requests.times_opened(),
          requests.changed_at()};
}

/// The station's answer to what it asked for last.
domain::input_watch_view input_view_of(const driver_record& record,
                                       const driver_settings& settings) {
  const auto& answers = record.answers();
  // Before it has asked a station for anything: what was last heard of it.
  const bool is_armed = answers.every().count() > 0;
  return {"station's answer", settings.answer_within,
          is_armed ? answers.last_seen() : record.facts().since, answers.is_overdue()};
}

} // namespace

driver_actor::behavior_type driver_shell::make_behavior(driver_config config) {
  config_ = std::move(config);
  record_ = config_.record->borrow();
  settings_ = config_.context->settings.driver;
  if (record_)
    settings_ = with(settings_, config_.context->settings.supervision.of(record_->name()));
  if (!record_) self_->quit(caf::exit_reason::unknown);
  else show();
  return {
      [this](const driver_request_message& message) { handle(message), done(); },
      [this](const driver_notice& notice) { handle(notice), done(); },
      [this](const site_left& left) { record_->forget(left.site), publish(), done(); },
      [this](const pulse& pulse) { handle(pulse), done(); },
      [](const test_fault& fault) { fail_as_told(fault); },
  };
}

void driver_shell::show() {
  patience_ = watch_of(*config_.context, record_->name()).patience;
  seen_at_ = config_.begun_at;
  publish();
}

void driver_shell::handle(const driver_request_message& message) {
  const auto& context = *config_.context;
  const auto now = seen_at_ = message.received_at;
  auto route = route_to(*context.routes, message.request);
  // The engine node keeps it until the site goes on under its new context.
  if (const auto node = context.routes->node(); route.is_held && node)
    return self_->send(node, message);
  if (auto why = record_->refusal(settings_, message.request, now); !why.empty())
    return deny(message.request, now, std::move(why));
  if (!route.feeder) return deny(message.request, now, std::move(route.why));
  record_->asked(settings_, message.request, now);
  self_->send(route.feeder, message);
  publish();
}

void driver_shell::handle(const driver_notice& notice) {
  seen_at_ = notice.fact.at;
  const auto& clock = config_.context->clock;
  const auto asked_at = record_->asked_at(notice.fact);
  if (asked_at && clock)
    config_.context->counters->sessions.answer_time.observe(clock() - *asked_at);
  record_->told(settings_, notice.fact);
  publish();
}

void driver_shell::handle(const pulse& pulse) {
  seen_at_ = pulse.now;
  config_.context->counters->supervision.mailbox_samples.add(self_->mailbox().size());
  const auto lost = record_->overdue(settings_, pulse.now);
  if (lost) deny(*lost, pulse.now, "no answer");
  publish_watch();
}

void driver_shell::deny(const domain::driver_request& request, domain::instant now,
                        std::string why) {
  const auto fact = denied(request, now, std::move(why));
  static_cast<void>(config_.context->out->send(fact));
  count(*config_.context->counters, fact);
  record_->told(settings_, fact);
  publish();
}

void driver_shell::publish() {
  auto& views = *config_.context->views;
  views.publish(view_of(*record_));
  views.publish(breaker_view_of(*record_));
  publish_watch();
}

void driver_shell::publish_watch() {
  config_.context->views->publish(domain::watchdog_view{
      record_->name(), "answer", patience_, seen_at_, false, config_.restarts,
      input_view_of(*record_, settings_)});
}

driver_actor::behavior_type run_driver(driver_actor::stateful_pointer<driver_shell> self,
                                       driver_config config) {
  return self->state.make_behavior(std::move(config));
}

} // namespace busbar::actors
