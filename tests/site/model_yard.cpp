#include "tests/site/model_yard.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <utility>

namespace busbar::tests {

namespace {

const domain::instant begin{std::chrono::seconds{1'800'000'000}};

} // namespace

model_yard::model_yard(std::shared_ptr<const domain::site> site,
                       simulator::world_settings settings, std::uint64_t seed)
    : watch(site), site_(site), layout_(site::lay_out(site)),
      yard_(site, std::move(settings), seed),
      model_(std::make_unique<site::site_model>(layout_, owner_)) {}

domain::instant model_yard::now() const {
  return begin + std::chrono::milliseconds{100 * tenths_};
}

void model_yard::pass(std::int64_t seconds) {
  for (const auto end = tenths_ + 10 * seconds; tenths_ < end; ++tenths_) step();
}

void model_yard::step() {
  auto out = yard_.step(now());
  watch.hear(out);
  if (is_silent_) return watch.look(yard_.yard(), now());
  if (is_deaf_) out.telemetry.reset();
  std::vector<site::site_input> inputs;
  if (out.telemetry) inputs.emplace_back(std::move(*out.telemetry));
  for (auto& batch : out.results) inputs.emplace_back(std::move(batch));
  for (auto& request : out.requests) inputs.emplace_back(std::move(request));
  if (tenths_ % 10 == 0) inputs.emplace_back(site::second_passed{});
  if (chance_) std::shuffle(inputs.begin(), inputs.end(), *chance_);
  carry(model_->apply(inputs, now()));
  watch.look(yard_.yard(), now());
}

void model_yard::carry(const site::site_effects& effects) {
  for (const auto& why : effects.refused) ADD_FAILURE() << why.message;
  plans += effects.view != nullptr;
  for (const auto& batch : effects.commands) {
    grants += static_cast<std::uint64_t>(std::ranges::count(
        batch.commands, domain::command_kind::grant, &domain::command::kind));
    watch.hear(batch);
    yard_.apply(batch, now());
  }
  for (const auto& fact : effects.facts) {
    watch.hear(fact);
    yard_.apply(fact, now());
  }
}

void model_yard::order(const domain::operator_order& order) { carry(model_->apply(order, now())); }

std::set<domain::session_id> model_yard::unsettled() {
  std::set<domain::session_id> waiting;
  for (const auto& session : model_->checkpoint(now()).unsettled) waiting.insert(session.id);
  return waiting;
}

void model_yard::hand_over() {
  const auto state = model_->checkpoint(now());
  model_ = std::make_unique<site::site_model>(layout_, ++owner_);
  model_->restore(state);
  if (recorder_) model_->record(recorder_, now());
}

void model_yard::record(std::shared_ptr<site::step_recorder> recorder) {
  recorder_ = std::move(recorder);
  model_->record(recorder_, now());
}

} // namespace busbar::tests
