#include "actors/meter_guards.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace busbar::actors {

namespace {

/// Plans come once a second and in between when somebody waits; those in between ask nothing.
constexpr std::chrono::milliseconds ask_every{500};

} // namespace

meter_guards::meter_guards(std::shared_ptr<const site_layout> layout,
                           const control::safety::breaker_settings& settings)
    : layout_(std::move(layout)), settings_(settings) {
  const auto& nodes = layout_->site->nodes;
  for (std::size_t i = 0; i < nodes.size(); ++i)
    if (nodes[i].has_meter && nodes[i].kind != domain::node_kind::service)
      guards_.push_back({domain::node_index{i}, {}, {}});
}

void meter_guards::ask(const std::vector<control::metering::unmanaged_load>& meters,
                       domain::instant now, control::image& image) {
  for (auto& own : guards_) {
    const auto& meter = meters[own.node.value()];
    if (now - own.asked_at >= ask_every)
      ask(own, !meter.is_stale(now, layout_->site->input.stale_after), now);
    if (own.meter.position() != domain::breaker_position::closed)
      image.nodes[own.node.value()].knowledge = control::unmanaged_knowledge::lost;
  }
}

void meter_guards::ask(guard& own, bool is_fresh, domain::instant now) {
  own.asked_at = now;
  std::optional<control::safety::breaker_change> moved;
  if (!own.meter.acquire(settings_, now, &moved)) return;
  if (moved) say(own, *moved);
  if (const auto change = own.meter.record(settings_, now, is_fresh, {})) say(own, *change);
}

bool meter_guards::distrusts(domain::node_index node) const {
  return std::any_of(guards_.begin(), guards_.end(), [node](const guard& own) {
    return own.node == node && own.meter.position() != domain::breaker_position::closed;
  });
}

std::vector<domain::breaker_view> meter_guards::views() const {
  std::vector<domain::breaker_view> all;
  for (const auto& own : guards_)
    all.push_back({name_of(own.node), "meter", own.meter.position(), own.meter.failures(),
                   own.meter.calls(), own.meter.times_opened(), own.meter.changed_at()});
  return all;
}

std::vector<domain::event> meter_guards::take_events() { return std::exchange(events_, {}); }

void meter_guards::say(const guard& own, const control::safety::breaker_change& change) {
  const bool is_open = change.to == domain::breaker_position::open;
  auto& event = events_.emplace_back();
  event.site = layout_->site->id;
  event.at = change.at;
  event.speaker = domain::role::central;
  event.level = is_open ? domain::severity::warning : domain::severity::info;
  event.kind = is_open ? "breaker_opened" : "breaker_moved";
  event.subject = name_of(own.node);
  event.text = std::string{"circuit breaker of the meter: "} + domain::name_of(change.from) +
               " to " + domain::name_of(change.to);
}

std::string meter_guards::name_of(domain::node_index node) const {
  const auto& data = layout_->site->nodes[node.value()];
  const bool is_transformer = data.kind == domain::node_kind::transformer;
  return (is_transformer ? "transformer:" : "feeder:") + data.id.text();
}

} // namespace busbar::actors
