#include "site/node_guards.hpp"

#include "domain/events/supervision.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <string>
#include <utility>

namespace busbar::site {

using domain::breaker_position;

namespace {

/// Plans come once a second and in between when a station waits; those in between ask nothing.
constexpr std::chrono::milliseconds ask_every{500};

} // namespace

node_guards::node_guards(std::shared_ptr<const site_layout> layout,
                         const control::safety::breaker_settings& settings)
    : layout_(std::move(layout)), standings_(layout_->branches.size(), standing::unknown),
      bays_(layout_->bays.size()) {
  add_guards(settings);
}

void node_guards::add_guards(const control::safety::breaker_settings& settings) {
  const auto& nodes = layout_->site->nodes;
  for (std::size_t i = 0; i < layout_->branches.size(); ++i) {
    const auto& branch = layout_->branches[i];
    const auto& node = nodes[branch.node.value()];
    // Stations directly on a transformer or on the service hang on a feeder without its meter.
    const bool is_of_node = branch.is_transformer || (node.kind != domain::node_kind::transformer &&
                                                      node.kind != domain::node_kind::service);
    auto& own = guards_.emplace_back();
    own.node = branch.node;
    own.branch = static_cast<branch_index>(i);
    own.has_meter = node.has_meter && is_of_node;
  }
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i].kind != domain::node_kind::service) continue;
    auto& own = guards_.emplace_back();
    own.node = domain::node_index{i};
    own.has_meter = nodes[i].has_meter;
  }
  for (auto& own : guards_)
    own.settings = control::safety::with(settings, layout_->site->supervision.of(name_of(own)));
}

void node_guards::take(branch_index branch, bool is_overdue) {
  standings_.at(branch) = is_overdue ? standing::overdue : standing::reports;
}

void node_guards::take_bay(bay_index bay, bool has_answering_station) {
  auto& own = bays_.at(bay);
  own.has_reported = true;
  own.is_answering = has_answering_station;
  own.is_expected = own.is_expected || has_answering_station;
}

void node_guards::ask(const std::vector<control::metering::unmanaged_load>& meters,
                      domain::instant now, control::image& image) {
  for (auto& own : guards_) {
    const auto& meter = meters[own.node.value()];
    if (now - own.asked_at >= ask_every)
      ask(own, !meter.is_stale(now, layout_->site->input.stale_after), now);
    if (is_open(own) && counts_meter(own))
      image.nodes[own.node.value()].knowledge = control::unmanaged_knowledge::lost;
  }
  if (std::ranges::any_of(guards_, [this](const guard& own) { return is_open(own); }))
    distrust_unreported(image);
  for (auto& bay : bays_) bay.has_reported = false;
  standings_.assign(standings_.size(), standing::unknown);
}

const std::vector<branch_index>& node_guards::below(const guard& own) const {
  return own.branch ? layout_->branches[*own.branch].children : layout_->roots;
}

std::optional<bool> node_guards::do_children_answer(const guard& own) const {
  std::optional<bool> answer;
  const auto add = [&answer](bool is_good) { answer = answer.value_or(true) && is_good; };
  for (const auto branch : below(own))
    if (standings_[branch] != standing::unknown) add(standings_[branch] == standing::reports);
  const auto bay = own.branch ? layout_->branches[*own.branch].bay : std::nullopt;
  if (bay && bays_[*bay].has_reported && bays_[*bay].is_expected) add(bays_[*bay].is_answering);
  return answer;
}

void node_guards::ask(guard& own, bool is_fresh, domain::instant now) {
  own.asked_at = now;
  const auto children = do_children_answer(own);
  if (!own.has_meter && !children) return;
  std::optional<control::safety::breaker_change> moved;
  if (!own.calls.acquire(own.settings, now, &moved)) return;
  if (moved) say(own, *moved);
  const bool is_meter_good = !own.has_meter || is_fresh;
  own.has_meter_failed = own.has_meter_failed || !is_meter_good;
  const bool is_good = is_meter_good && children.value_or(true);
  const auto change = own.calls.record(own.settings, now, is_good, {});
  if (change) say(own, *change);
  if (own.calls.position() == breaker_position::closed && own.calls.failures() == 0)
    own.has_meter_failed = false;
}

bool node_guards::is_open(const guard& own) const {
  return own.calls.position() != breaker_position::closed;
}

bool node_guards::counts_meter(const guard& own) const {
  return own.branch && own.has_meter && own.has_meter_failed;
}

bool node_guards::distrusts(domain::node_index node) const {
  return std::ranges::any_of(guards_, [&](const guard& own) {
    return own.node == node && is_open(own) && counts_meter(own);
  });
}

bool node_guards::is_below_open(branch_index branch) const {
  for (std::optional<branch_index> at = branch; at; at = layout_->branches[*at].parent)
    if (is_open(guards_[*at])) return true;
  return is_open(guards_.back());
}

void node_guards::distrust_unreported(control::image& image) const {
  for (std::size_t bay = 0; bay < bays_.size(); ++bay) {
    const auto& own = layout_->bays[bay];
    if (bays_[bay].has_reported || !is_below_open(own.branch)) continue;
    for (const auto connector : own.connectors)
      image.connectors[connector.value()].is_reachable = false;
  }
}

std::vector<domain::breaker_view> node_guards::views() const {
  std::vector<domain::breaker_view> all;
  for (const auto& own : guards_)
    all.push_back({name_of(own), own.has_meter ? "meter, reports" : "reports",
                   own.calls.position(), own.calls.failures(), own.calls.calls(),
                   own.calls.times_opened(), own.calls.changed_at()});
  return all;
}

std::vector<domain::event> node_guards::take_events() { return std::exchange(events_, {}); }

void node_guards::say(const guard& own, const control::safety::breaker_change& change) {
  const char* what = own.has_meter_failed ? "meter" : "reports from below";
  events_.push_back(domain::events::breaker_moved({layout_->site->id, change.at}, name_of(own),
                                                  what, change.from, change.to));
}

std::string node_guards::name_of(const guard& own) const {
  if (own.branch) return branch_name(*layout_, *own.branch);
  return "service:" + layout_->site->nodes[own.node.value()].id.text();
}

} // namespace busbar::site
