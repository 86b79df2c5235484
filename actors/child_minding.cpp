#include "actors/child_minding.hpp"

namespace busbar::actors {

void say_node(const node_context& context, domain::instant now, domain::severity level,
              const char* kind, const std::string& subject, std::string text) {
  domain::event event;
  event.at = now;
  event.speaker = domain::speaker::central;
  event.level = level;
  event.kind = kind;
  event.subject = subject;
  event.text = std::move(text);
  static_cast<void>(context.out->send(event));
}

void count_loss(const node_context& context, const std::string& name, domain::instant now,
                bool is_condemned, bool is_used_up) {
  auto& counters = context.counters->supervision;
  (is_used_up ? counters.escalations : counters.restarts).add();
  if (is_used_up)
    return say_node(context, now, domain::severity::critical, "escalation", name,
                    "has failed too often and is out of service for " +
                        std::to_string(context.settings.restarts.period.count()) + " s");
  if (!is_condemned)
    say_node(context, now, domain::severity::warning, "restart", name,
             "has failed and is restarted");
}

watch_terms watch_of(const node_context& context, const std::string& name) {
  return watch_of(context.settings.supervision.of(name), context.settings.child_silence_max);
}

bool say_stalled(const node_context& context, const std::string& name, const watch_terms& watch,
                 domain::instant since, std::uint32_t restarts, domain::instant now) {
  const bool is_only_said = watch.action == domain::watchdog_action::event;
  context.views->publish(
      domain::watchdog_view{name, "answer", watch.patience, since, true, restarts});
  say_node(context, now, domain::severity::critical,
           is_only_said ? "watchdog_overdue" : "watchdog_restart", name,
           is_only_said ? "leaves its messages unhandled"
                        : "leaves its messages unhandled and is restarted");
  if (!is_only_said) context.counters->supervision.watchdog_restarts.add();
  return !is_only_said;
}

} // namespace busbar::actors
