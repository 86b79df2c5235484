// The same inputs through the actors and through the model of a site (site/site_model): every
// command, session fact, event and decision (with the hash of the image that it was made of) is the
// same, in the same order. The yard obeys the actors; the model hears what they hear.
// `SEED=25 RUNS=100` runs the 100 seeds from 25 on.
#include "simulator/presets.hpp"
#include "simulator/world.hpp"
#include "site/site_model.hpp"
#include "tests/actors/engine_bench.hpp"
#include "tests/builders/seeds.hpp"
#include "tests/simulator/example_site.hpp"

#include <caf/send.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

namespace busbar::actors {
namespace {

class compared_yard : public tests::engine_bench {
public:
  compared_yard(const std::shared_ptr<const domain::site>& site,
                simulator::world_settings settings, std::uint64_t seed)
      : engine_bench(site), yard_(site, std::move(settings), seed), model_(lay_out(site), 1) {}

  void pass(int seconds) {
    for (int i = 0; i < seconds * 100; ++i) {
      now += std::chrono::milliseconds{10};
      if (i % 10 == 0) step();
      const auto ticked_before = context().signals.alive_at_us.load();
      caf::anon_send(node(), pulse{now});
      run();
      const bool has_ticked = context().signals.alive_at_us.load() != ticked_before;
      if (has_ticked) note(model_.apply(site::second_passed{}, now));
    }
  }

  std::vector<std::string> by_actors;
  std::vector<std::string> by_model;

private:
  static std::string text_of(const domain::command& command, domain::instant at) {
    std::ostringstream text;
    text << at.time_since_epoch().count() << " command " << command.connector.value() << " "
         << domain::name_of(command.kind) << " #" << command.number << " "
         << command.current.count()
         << " mA " << domain::name_of(command.because.which) << " " << command.session.text();
    return text.str();
  }
  static std::string text_of(const domain::session_fact& fact) {
    std::ostringstream text;
    text << fact.at.time_since_epoch().count() << " fact " << fact.session.text() << " "
         << domain::name_of(fact.kind) << " " << fact.energy.count() << " Wh " << fact.power.count()
         << " W " << fact.why;
    return text.str();
  }

  static std::string text_of(const domain::event& event) {
    std::ostringstream text;
    text << event.at.time_since_epoch().count() << " event " << event.kind << " " << event.subject
         << ": " << event.text;
    return text.str();
  }
  static std::string text_of(const domain::decision& decision) {
    std::ostringstream text;
    text << decision.at.time_since_epoch().count() << " plan " << decision.plan_number << " of "
         << decision.image_hash << ":";
    for (const auto& grant : decision.grants)
      text << " " << grant.granted.count() << " " << domain::name_of(grant.because.which);
    return text.str();
  }

  void note(const site::site_effects& effects) {
    for (const auto& why : effects.refused) ADD_FAILURE() << why.message;
    for (const auto& event : effects.events) by_model.push_back(text_of(event));
    for (const auto& decision : effects.decisions) by_model.push_back(text_of(decision));
    for (const auto& fact : effects.facts) by_model.push_back(text_of(fact));
    for (const auto& batch : effects.commands)
      for (const auto& command : batch.commands)
        by_model.push_back(text_of(command, batch.issued_at));
  }

  /// Each input is a moment of its own: what it leads to is done before the next one arrives.
  void step() {
    auto out = yard_.step(now);
    if (out.telemetry) {
      out.telemetry->topology_hash = site()->topology_hash;
      take(*out.telemetry);
    }
    for (const auto& batch : out.results) take(batch);
    for (const auto& request : out.requests) take(request);
  }

  template <class Input> void take(const Input& input) {
    send(input);
    run();
    note(model_.apply(input, now));
  }

  void send(const domain::telemetry_batch& batch) { send_batch(batch); }

  void send(const domain::result_batch& batch) {
    std::map<bay_index, bay_results> parts;
    for (const auto& result : batch.results) {
      auto& part = parts[context().layout->rows[result.connector.value()].bay];
      part.received_at = now;
      part.results.push_back(result);
    }
    const auto routes = context().routes->find(site()->id);
    for (auto& [bay, part] : parts) caf::anon_send(routes->feeders[bay], std::move(part));
  }

  /// Drivers' own actors, which admit one session each, are no part of a site.
  void send(const domain::driver_request& request) {
    const auto& stations = site()->stations;
    const auto found = std::ranges::find(stations, request.station, &domain::station::id);
    if (found == stations.end()) return;
    const auto place = static_cast<std::size_t>(found - stations.begin());
    const auto routes = context().routes->find(site()->id);
    caf::anon_send(routes->feeders[context().layout->stations[place].bay],
                   driver_request_message{request, now});
  }

  bool answer() override {
    // The engine node's own, of its connections, are no part of a site.
    for (; events_ < log.events.size(); ++events_)
      if (!log.events[events_].site.is_empty())
        by_actors.push_back(text_of(log.events[events_]));
    for (; decisions_ < log.decisions.size(); ++decisions_)
      by_actors.push_back(text_of(log.decisions[decisions_]));
    for (; facts_ < log.facts.size(); ++facts_) {
      by_actors.push_back(text_of(log.facts[facts_]));
      yard_.apply(log.facts[facts_], now);
    }
    for (; batches_ < log.batches.size(); ++batches_) {
      const auto& batch = log.batches[batches_];
      for (const auto& command : batch.commands)
        by_actors.push_back(text_of(command, batch.issued_at));
      yard_.apply(batch, now);
    }
    return false;
  }

  simulator::world yard_;
  site::site_model model_;
  std::size_t batches_ = 0;
  std::size_t facts_ = 0;
  std::size_t events_ = 0;
  std::size_t decisions_ = 0;
};

/// The first record that differs; empty where all are the same.
std::string difference(const std::vector<std::string>& actors,
                       const std::vector<std::string>& model) {
  const auto [a, m] = std::ranges::mismatch(actors, model);
  if (a == actors.end() && m == model.end()) return {};
  return std::to_string(actors.size()) + " and " + std::to_string(model.size()) +
         " records; the first that differs is number " + std::to_string(a - actors.begin()) +
         ":\n  actors: " + (a == actors.end() ? "none" : *a) +
         "\n  model:  " + (m == model.end() ? "none" : *m);
}

TEST(model_comparison, the_same_inputs_give_the_same_records_through_the_actors_and_the_model) {
  const auto site = tests::example_site("autonomous.toml");
  for (const auto seed : tests::seeds_or({1, 2, 3, 5, 6, 7, 8, 9})) {
    compared_yard it{site, simulator::unruly(), seed};
    it.pass(300);
    EXPECT_GT(it.by_actors.size(), 1'000u) << "SEED=" << seed;
    EXPECT_EQ(difference(it.by_actors, it.by_model), "") << "SEED=" << seed;
  }
}

} // namespace
} // namespace busbar::actors
