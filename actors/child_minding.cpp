#include "actors/child_minding.hpp"

#include "domain/events/supervision.hpp"

namespace busbar::actors {

namespace {

namespace events = domain::events;
using events::supervised;

} // namespace

void publish_event(const node_context& context, const domain::event& event) {
  static_cast<void>(context.out->send(event));
}

void count_loss(const node_context& context, const std::string& name, domain::instant now,
                bool is_condemned, bool is_used_up) {
  auto& counters = context.counters->supervision;
  (is_used_up ? counters.escalations : counters.restarts).add();
  if (is_used_up)
    return publish_event(context, events::escalation({{}, now}, name,
                                                     context.settings.restarts.period.count()));
  if (is_condemned) return;
  publish_event(context, events::restart({{}, now}, supervised::node_child, name));
}

watch_terms watch_of(const node_context& context, const std::string& name) {
  return watch_of(context.settings.supervision.of(name), context.settings.child_silence_max);
}

bool say_stalled(const node_context& context, const std::string& name, const watch_terms& watch,
                 domain::instant since, std::uint32_t restarts, domain::instant now) {
  const bool is_only_said = watch.action == domain::watchdog_action::event;
  context.views->publish(
      domain::watchdog_view{name, "answer", watch.patience, since, true, restarts});
  const auto said = is_only_said ? events::watchdog_overdue : events::watchdog_restart;
  publish_event(context, said({{}, now}, supervised::node_child, name));
  if (!is_only_said) context.counters->supervision.watchdog_restarts.add();
  return !is_only_said;
}

} // namespace busbar::actors
