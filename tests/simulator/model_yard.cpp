#include "tests/simulator/model_yard.hpp"

#include "tests/simulator/example_site.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <utility>

namespace busbar::tests {

model_yard::model_yard(std::shared_ptr<const domain::site> of, simulator::world_settings settings,
                       std::uint64_t seed)
    : site(std::move(of)), yard(site, std::move(settings), seed), engine(site), watch(site) {
  engine.begin_plans(at_second(0));
}

domain::instant model_yard::now() const {
  return at_second(0) + std::chrono::milliseconds{100 * tenths_};
}

void model_yard::pass(std::int64_t seconds) {
  for (const auto end = tenths_ + 10 * seconds; tenths_ < end;) step();
}

void model_yard::step() {
  auto out = yard.step(now());
  watch.hear(out);
  if (see) see(out);
  if (is_deaf) out.telemetry.reset();
  if (!is_silent) carry(engine.react(out, now()));
  watch.look(yard.yard(), now());
  ++tenths_;
}

void model_yard::carry(engine_answers answers) {
  for (auto& batch : answers.commands) {
    if (is_mute) break;
    for (auto& command : batch.commands)
      if (twist) twist(command);
    watch.hear(batch);
    yard.apply(batch, now());
  }
  for (const auto& fact : answers.facts) {
    watch.hear(fact);
    yard.apply(fact, now());
  }
}

void model_yard::impose(domain::node_index node, std::optional<domain::milliamperes> most,
                        domain::counted_load counts) {
  engine.impose(node, most, counts);
  watch.impose(node, most, now(), counts == domain::counted_load::chargers);
}

std::set<domain::session_id> model_yard::unsettled() {
  std::set<domain::session_id> waiting;
  for (const auto& session : engine.model().checkpoint(now()).unsettled)
    waiting.insert(session.id);
  return waiting;
}

void model_yard::expect_right_bills(std::uint64_t seed) {
  const auto waiting = unsettled();
  for (const auto& [session, how] : watch.bills().differences())
    if (!waiting.contains(session))
      ADD_FAILURE() << "SEED=" << seed << ": session " << session.text() << ": " << how;
}

void model_yard::expect_no_finding(std::uint64_t seed, bool are_turns_taken) const {
  for (const auto& found : watch.findings())
    ADD_FAILURE() << "SEED=" << seed << ": "
                  << (found.at - at_second(0)) / std::chrono::milliseconds{1} << " ms: "
                  << found.rule << " " << found.text;
  if (!engine.audit()) return;
  for (const auto& found : engine.audit()->findings())
    if (!are_turns_taken || !found.starts_with("FAIR-1"))
      ADD_FAILURE() << "SEED=" << seed << ": " << found;
}

} // namespace busbar::tests
