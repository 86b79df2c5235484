#include "actors/protocol_driver.hpp"

namespace busbar::actors {

protocol_driver_actor::behavior_type
protocol_driver_shell::make_behavior(protocol_driver_config config) {
  config_ = std::move(config);
  record_ = config_.record->borrow();
  if (!record_) self_->quit(caf::exit_reason::unknown);
  return {
      [this](const connection_report& report) { handle(report), done(); },
      [this](const pulse& pulse) { handle(pulse), done(); },
      [](const test_fault& fault) { fail_as_told(fault); },
  };
}

void protocol_driver_shell::handle(const connection_report& report) {
  const auto& settings = config_.context->settings.connection_breaker;
  auto& breaker = record_->breaker;
  record_->dog = {config_.context->settings.connection_silence_max, report.now};
  if (!breaker.acquire(settings, report.now)) return;
  const auto change = breaker.record(settings, report.now, report.has_succeeded, report.took);
  if (change && change->to == domain::breaker_position::open)
    say(report.now, "breaker_opened", "the connection fails: " + report.why);
  if (change && change->to == domain::breaker_position::closed)
    say(report.now, "breaker_closed", "the connection answers again");
  publish();
}

void protocol_driver_shell::handle(const pulse& pulse) {
  const auto silence_max = config_.context->settings.connection_silence_max;
  auto& dog = record_->dog;
  if (dog.every().count() == 0) dog = {silence_max, pulse.now};
  if (dog.check(pulse.now)) say(pulse.now, "watchdog_overdue", "the connection says nothing");
  publish();
}

void protocol_driver_shell::say(domain::instant now, const char* kind, const std::string& text) {
  domain::event event;
  event.at = now;
  event.speaker = domain::role::log;
  event.level = domain::severity::warning;
  event.kind = kind;
  event.subject = config_.protocol;
  event.text = text;
  static_cast<void>(config_.context->out->send(event));
}

void protocol_driver_shell::publish() {
  const auto actor = "protocol:" + config_.protocol;
  const auto& breaker = record_->breaker;
  const auto& dog = record_->dog;
  config_.context->views->publish(domain::breaker_view{
      actor, "connection", breaker.position(), breaker.failures(), breaker.calls(),
      breaker.times_opened(), breaker.changed_at()});
  config_.context->views->publish(domain::watchdog_view{
      actor, "answer", dog.every(), dog.last_seen(), dog.is_overdue(), config_.restarts});
}

protocol_driver_actor::behavior_type
run_protocol_driver(protocol_driver_actor::stateful_pointer<protocol_driver_shell> self,
                    protocol_driver_config config) {
  return self->state.make_behavior(std::move(config));
}

} // namespace busbar::actors
