#include "actors/protocol_driver.hpp"

#include "actors/child_minding.hpp"
#include "domain/events/connections.hpp"

#include <utility>

namespace busbar::actors {

namespace {

namespace events = domain::events;

/// Seldom enough not to fill the journal.
constexpr domain::seconds traffic_every{15};

} // namespace

protocol_driver_actor::behavior_type
protocol_driver_shell::make_behavior(protocol_driver_config config) {
  config_ = std::move(config);
  const auto& settings = config_.context->settings;
  const auto terms = settings.supervision.of("protocol:" + config_.protocol);
  breaker_ = control::safety::with(settings.connection_breaker, terms);
  silence_max_ = terms.watchdog.value_or(settings.connection_silence_max);
  patience_ = watch_of(*config_.context, "protocol:" + config_.protocol).patience;
  record_ = config_.record->borrow();
  if (!record_) self_->quit(caf::exit_reason::unknown);
  return {
      [this](const connection_report& report) { handle(report), done(); },
      [this](const pulse& pulse) { handle(pulse), done(); },
      [](const test_fault& fault) { fail_as_told(fault); },
  };
}

void protocol_driver_shell::handle(const connection_report& report) {
  auto& breaker = record_->breaker;
  if (!std::exchange(record_->has_answered, true) && report.has_succeeded)
    publish(events::connected({{}, report.now}, config_.protocol));
  record_->dog = {silence_max_, report.now};
  if (!breaker.acquire(breaker_, report.now)) return;
  const auto change = breaker.record(breaker_, report.now, report.has_succeeded, report.took);
  if (change && change->to == domain::breaker_position::open)
    publish(events::connection_opened({{}, report.now}, config_.protocol, report.why));
  if (change && change->to == domain::breaker_position::closed)
    publish(events::connection_closed({{}, report.now}, config_.protocol));
  publish(report.now);
}

void protocol_driver_shell::handle(const pulse& pulse) {
  auto& dog = record_->dog;
  if (dog.every().count() == 0) dog = {silence_max_, pulse.now};
  if (dog.check(pulse.now))
    publish(events::connection_overdue({{}, pulse.now}, config_.protocol));
  if (config_.protocol == "log") say_traffic(pulse.now);
  publish(pulse.now);
}

void protocol_driver_shell::say_traffic(domain::instant now) {
  if (now < record_->says_traffic_at) return;
  const bool is_first = record_->says_traffic_at == domain::instant{};
  record_->says_traffic_at = now + traffic_every;
  if (is_first) return;
  const auto& read = config_.context->counters->ingest;
  const auto& written = config_.context->counters->publishing.records;
  publish(events::traffic({{}, now}, config_.protocol,
                          {read.batches.value(), read.requests.value(), read.results.value(),
                           written.value()}));
}

void protocol_driver_shell::publish(const domain::event& event) {
  static_cast<void>(config_.context->out->send(event));
}

void protocol_driver_shell::publish(domain::instant now) {
  const auto actor = "protocol:" + config_.protocol;
  const auto& breaker = record_->breaker;
  const auto& dog = record_->dog;
  config_.context->views->publish(domain::breaker_view{
      actor, "connection", breaker.position(), breaker.failures(), breaker.calls(),
      breaker.times_opened(), breaker.changed_at()});
  const domain::input_watch_view answers{"connection's answer", dog.every(), dog.last_seen(),
                                         dog.is_overdue()};
  config_.context->views->publish(
      domain::watchdog_view{actor, "answer", patience_, now, false, config_.restarts, answers});
}

protocol_driver_actor::behavior_type
run_protocol_driver(protocol_driver_actor::stateful_pointer<protocol_driver_shell> self,
                    protocol_driver_config config) {
  return self->state.make_behavior(std::move(config));
}

} // namespace busbar::actors
