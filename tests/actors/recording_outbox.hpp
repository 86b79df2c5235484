#pragma once
// An outbox that keeps everything, and that can be told to refuse.

#include "actors/outbox.hpp"

#include <algorithm>
#include <functional>
#include <string>
#include <vector>

namespace busbar::tests {

class recording_outbox : public actors::outbox {
public:
  domain::result<void> send(const domain::command_batch& batch) override {
    if (is_refusing) return domain::error{domain::errc::full, "the queue is full"};
    batches.push_back(batch);
    return {};
  }
  domain::result<void> send(const domain::session_fact& fact) override {
    facts.push_back(fact);
    if (on_fact) on_fact(fact);
    return {};
  }
  domain::result<void> send(const domain::event& event) override {
    events.push_back(event);
    return {};
  }
  domain::result<void> send(const domain::decision& decision) override {
    if (is_refusing_decisions) return domain::error{domain::errc::full, "the queue is full"};
    decisions.push_back(decision);
    return {};
  }
  domain::result<void> send(const domain::site_state& state) override {
    states.push_back(state);
    return {};
  }

  [[nodiscard]] std::size_t count(domain::session_fact_kind kind) const {
    return static_cast<std::size_t>(std::count_if(
        facts.begin(), facts.end(), [&](const auto& fact) { return fact.kind == kind; }));
  }
  [[nodiscard]] std::size_t count(const std::string& event_kind) const {
    return static_cast<std::size_t>(
        std::count_if(events.begin(), events.end(),
                      [&](const auto& event) { return event.kind == event_kind; }));
  }
  /// The newest event of that kind; null: there is none.
  [[nodiscard]] const domain::event* event(const std::string& kind) const {
    const auto found = std::find_if(events.rbegin(), events.rend(),
                                    [&](const auto& each) { return each.kind == kind; });
    return found == events.rend() ? nullptr : &*found;
  }
  [[nodiscard]] const domain::session_fact* newest(domain::session_fact_kind kind) const {
    const auto found = std::find_if(facts.rbegin(), facts.rend(),
                                    [&](const auto& fact) { return fact.kind == kind; });
    return found == facts.rend() ? nullptr : &*found;
  }

  /// What a reader of the log does as soon as a fact is there.
  std::function<void(const domain::session_fact&)> on_fact;
  /// Command batches.
  bool is_refusing = false;
  bool is_refusing_decisions = false;
  std::vector<domain::command_batch> batches;
  std::vector<domain::session_fact> facts;
  std::vector<domain::event> events;
  std::vector<domain::decision> decisions;
  std::vector<domain::site_state> states;
};

} // namespace busbar::tests
