#include "actors/protocol_driver.hpp"

namespace busbar::actors {

protocol_driver_actor::behavior_type
protocol_driver_shell::make_behavior(protocol_driver_config config) {
  config_ = std::move(config);
  return {
      [this](const connection_report& report) { handle(report); },
      [this](const pulse& pulse) { handle(pulse); },
  };
}

void protocol_driver_shell::handle(const connection_report& report) {
  const auto& settings = config_.context->settings.connection_breaker;
  dog_ = {config_.context->settings.connection_silence_max, report.now};
  if (!connection_.acquire(settings, report.now)) return;
  const auto change = connection_.record(settings, report.now, report.has_succeeded, report.took);
  if (change && change->to == domain::breaker_position::open)
    say(report.now, "breaker_opened", "the connection fails: " + report.why);
  if (change && change->to == domain::breaker_position::closed)
    say(report.now, "breaker_closed", "the connection answers again");
  publish();
}

void protocol_driver_shell::handle(const pulse& pulse) {
  const auto silence_max = config_.context->settings.connection_silence_max;
  if (dog_.every().count() == 0) dog_ = {silence_max, pulse.now};
  if (dog_.check(pulse.now)) say(pulse.now, "watchdog_overdue", "the connection says nothing");
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
  config_.context->views->publish(domain::breaker_view{
      actor, "connection", connection_.position(), connection_.failures(), connection_.calls(),
      connection_.times_opened(), connection_.changed_at()});
  config_.context->views->publish(domain::watchdog_view{actor, "answer", dog_.every(),
                                                        dog_.last_seen(), dog_.is_overdue(), 0});
}

protocol_driver_actor::behavior_type
run_protocol_driver(protocol_driver_actor::stateful_pointer<protocol_driver_shell> self,
                    protocol_driver_config config) {
  return self->state.make_behavior(std::move(config));
}

} // namespace busbar::actors
