#include "actors/node_keeper.hpp"

#include "domain/events/supervision.hpp"

#include <caf/send.hpp>

#include <utility>

namespace busbar::actors {

namespace {

/// Watches of a second without a pulse handled before the node is condemned: time alone condemns
/// no actor, because everything is late where the machine is overloaded or has slept.
std::int64_t idle_max(const watch_terms& watch) {
  return std::chrono::ceil<domain::seconds>(watch.patience).count();
}

} // namespace

node_keeper::node_keeper(caf::actor_system& system, engine_node_config config)
    : system_(system), config_(std::move(config)) {
  spawn();
}

std::string node_keeper::name() const { return "engine:" + config_.context->settings.name; }

void node_keeper::spawn() {
  if (!config_.context->book.is_free()) return;
  node_ = system_.spawn(run_engine_node, config_);
  is_condemned_ = false;
  idle_ = 0;
  sent_ = handled_before_ = config_.context->pulses_handled.load(std::memory_order_relaxed);
  has_ended_ = std::make_shared<std::atomic<bool>>(false);
  auto* ends = caf::actor_cast<caf::abstract_actor*>(node_);
  ends->attach_functor([flag = has_ended_] { flag->store(true, std::memory_order_release); });
}

void node_keeper::pulse(domain::instant now) {
  if (is_stopped_) return;
  if (node_ && has_ended_->load(std::memory_order_acquire)) take_end(now);
  if (!node_ && now >= out_until_) spawn();
  if (node_) send(now);
  if (now - watched_at_ >= domain::seconds{1}) watch(now);
}

void node_keeper::send(domain::instant now) {
  // A node that cannot keep up ticks later; its mailbox does not grow.
  const auto handled = config_.context->pulses_handled.load(std::memory_order_relaxed);
  if (sent_ - handled >= engine_node_shell::slices) return;
  caf::anon_send(node_, actors::pulse{now});
  ++sent_;
}

void node_keeper::take_end(domain::instant now) {
  node_ = nullptr;
  const auto& context = *config_.context;
  config_.context->restarts.fetch_add(1, std::memory_order_relaxed);
  const auto verdict = budget_.decide(context.settings.restarts, now);
  const bool is_used_up = verdict == control::safety::restart_verdict::escalate;
  if (is_used_up) out_until_ = now + context.settings.restarts.period;
  count_loss(context, name(), now, is_condemned_, is_used_up);
}

void node_keeper::watch(domain::instant now) {
  watched_at_ = now;
  say_stuck(now);
  const auto handled = config_.context->pulses_handled.load(std::memory_order_relaxed);
  const bool is_idle = handled == handled_before_ && sent_ > handled;
  handled_before_ = handled;
  idle_ = is_idle ? idle_ + 1 : 0;
  const auto terms = watch_of(*config_.context, name());
  if (!node_ || is_condemned_ || idle_ != idle_max(terms)) return;
  if (!say_stalled(*config_.context, name(), terms, now - domain::seconds{idle_},
                   config_.context->restarts, now))
    return;
  is_condemned_ = true;
  condemn(config_.context->supervision->condemned, node_, {name(), now});
}

void node_keeper::say_stuck(domain::instant now) {
  const auto& context = *config_.context;
  const auto& condemned = *context.supervision->condemned;
  std::set<std::string> stuck;
  for (const auto& actor : condemned.since(now - context.settings.ends_within))
    if (stuck.insert(actor.name).second && !said_stuck_.contains(actor.name))
      publish_event(context, domain::events::actor_stuck({{}, now}, actor.name));
  said_stuck_ = std::move(stuck);
}

void node_keeper::stop() {
  is_stopped_ = true;
  if (node_) caf::anon_send_exit(node_, caf::exit_reason::kill);
  node_ = nullptr;
}

} // namespace busbar::actors
