#include "tests/simulator/model_engine.hpp"

#include "control/image_hash.hpp"
#include "messages/codec.hpp"

#include <gtest/gtest.h>

#include <algorithm>

namespace busbar::tests {

namespace {

/// FNV-1a of the bytes that stand in the log.
std::uint64_t hash_of(const domain::site_state& state) {
  std::uint64_t hash = 14'695'981'039'346'656'037U;
  const auto bytes = messages::encode(state);
  for (const auto byte : *bytes) hash = (hash ^ byte) * 1'099'511'628'211U;
  return hash;
}

} // namespace

model_engine::model_engine(std::shared_ptr<const domain::site> site)
    : site_(std::move(site)), layout_(site::lay_out(site_)),
      model_(std::make_unique<site::site_model>(layout_, owner_)),
      told_(site_->connectors.size()) {
  if (plan_audit::can_judge(*site_)) audit_.emplace(site_);
}

engine_answers model_engine::react(const simulator::outputs& heard, domain::instant now) {
  auto inputs = std::exchange(inputs_, {});
  if (heard.telemetry) {
    auto batch = *heard.telemetry;
    for (auto& reading : batch.readings)
      if (is_blind_) reading.power_w = 2 * reading.power_w + 100'000;
    inputs.emplace_back(std::move(batch));
  }
  inputs.insert(inputs.end(), heard.results.begin(), heard.results.end());
  inputs.insert(inputs.end(), heard.requests.begin(), heard.requests.end());
  if (now >= next_plan_) {
    next_plan_ = now + domain::seconds{1};
    inputs.emplace_back(site::second_passed{});
  }
  if (chance_) std::shuffle(inputs.begin(), inputs.end(), *chance_);
  auto effects = model_->apply(inputs, now);
  if (read_back_) static_cast<void>(read_back_->apply(inputs, now));
  if (read_back_ && effects.view) compare();
  note(effects);
  return {std::move(effects.commands), std::move(effects.facts)};
}

void model_engine::impose(domain::node_index node, std::optional<domain::milliamperes> most,
                          domain::counted_load counts) {
  constexpr auto source = domain::limit_source::site_operator;
  if (!most) return order(domain::lift_node_constraint{node, source});
  domain::node_constraint limit;
  limit.node = node;
  limit.limit = {source, domain::per_line<domain::milliamperes>{*most, *most, *most}, {}};
  limit.counts = counts;
  order(limit);
}

void model_engine::hand_over(domain::instant now) {
  const auto state = model_->checkpoint(now);
  model_ = std::make_unique<site::site_model>(layout_, ++owner_);
  model_->restore(state);
}

bool model_engine::read_back(domain::instant now, int plans) {
  const auto state = model_->checkpoint(now);
  if (!state.unsettled.empty()) return false;
  read_back_ = std::make_unique<site::site_model>(layout_, owner_);
  read_back_->restore(state);
  plans_to_compare_ = plans;
  // A start and a stop that wait are sent again by the next owner.
  is_state_compared_ = std::ranges::none_of(
      state.sessions, [](const auto& each) { return each.start_waits || each.stop_waits; });
  return true;
}

void model_engine::compare() {
  const auto* one = model_->desk().plan();
  const auto* other = read_back_->desk().plan();
  const auto now = image().now.time_since_epoch().count();
  ++compared_;
  EXPECT_EQ(control::hash_of(image()), control::hash_of(read_back_->desk().image())) << now;
  EXPECT_EQ(one->grants, other->grants) << now;
  EXPECT_EQ(one->limits, other->limits) << now;
  EXPECT_EQ(one->allowed, other->allowed) << now;
  EXPECT_EQ(one->unmanaged, other->unmanaged) << now;
  EXPECT_EQ(one->phase_choices, other->phase_choices) << now;
  EXPECT_EQ(one->is_fixed, other->is_fixed) << now;
  EXPECT_EQ(one->effects.size(), other->effects.size()) << now;
  if (--plans_to_compare_ > 0) return;
  compare_states();
  read_back_.reset();
}

void model_engine::compare_states() {
  if (!is_state_compared_) return;
  ++states_compared_;
  const auto at = image().now;
  const auto one = model_->checkpoint(at), other = read_back_->checkpoint(at);
  const auto now = at.time_since_epoch().count();
  EXPECT_EQ(one.told, other.told) << now;
  EXPECT_EQ(one.sessions, other.sessions) << now;
  EXPECT_EQ(one.unsettled, other.unsettled) << now;
  EXPECT_EQ(one.reservations, other.reservations) << now;
  EXPECT_EQ(one.planner_memory, other.planner_memory) << now;
  EXPECT_EQ(one.warmth, other.warmth) << now;
  EXPECT_EQ(one.part_memory, other.part_memory) << now;
  EXPECT_EQ(one.plan_number, other.plan_number) << now;
  EXPECT_EQ(one.shedding, other.shedding) << now;
  EXPECT_EQ(one, other) << now;
  EXPECT_EQ(hash_of(one), hash_of(other)) << now;
}

std::uint64_t model_engine::events(const std::string& kind, domain::severity level) const {
  const auto found = events_.find({kind, level});
  return found == events_.end() ? 0 : found->second;
}

void model_engine::note(const site::site_effects& effects) {
  for (const auto& why : effects.refused) ADD_FAILURE() << why.message;
  for (const auto& event : effects.events) ++events_[{event.kind, event.level}];
  for (const auto& batch : effects.commands)
    for (const auto& command : batch.commands) count(command);
  if (!effects.view) return;
  ++plans_;
  if (audit_) audit_->look(image(), *model_->desk().plan());
}

void model_engine::count(const domain::command& command) {
  if (command.kind != domain::command_kind::grant) return;
  ++grants_;
  auto& told = told_[command.connector.value()];
  raises_ += command.current > std::exchange(told, command.current);
}

} // namespace busbar::tests
