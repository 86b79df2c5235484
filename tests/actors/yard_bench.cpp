#include "tests/actors/yard_bench.hpp"

#include <caf/send.hpp>

#include <map>
#include <utility>

namespace busbar::tests {

using namespace actors;

yard_bench::yard_bench(std::shared_ptr<const domain::site> site,
                       simulator::world_settings settings, std::uint64_t seed)
    : engine_bench(site), watch(site), yard_(site, std::move(settings), seed) {}

void yard_bench::pass(int seconds) {
  for (int i = 0; i < seconds * 100; ++i) {
    now += std::chrono::milliseconds{10};
    if (i % 10 == 0) step();
    caf::anon_send(node(), pulse{now});
    run();
  }
}

void yard_bench::step() {
  auto out = yard_.step(now);
  watch.hear(out);
  if (out.telemetry && twist) twist(*out.telemetry);
  if (out.telemetry) send_batch(std::move(*out.telemetry));
  for (const auto& batch : out.results) send_results(batch);
  for (const auto& request : out.requests)
    caf::anon_send(node(), driver_request_message{request, now});
  run();
  watch.look(yard_.yard(), now);
}

void yard_bench::send_results(const domain::result_batch& batch) {
  std::map<bay_index, bay_results> parts;
  for (const auto& result : batch.results) {
    auto& part = parts[context().layout->rows[result.connector.value()].bay];
    part.received_at = now;
    part.results.push_back(result);
  }
  const auto routes = context().routes->find(site()->id);
  for (auto& [bay, part] : parts)
    if (routes->feeders[bay]) caf::anon_send(routes->feeders[bay], std::move(part));
}

bool yard_bench::answer() {
  for (; batches_seen_ < log.batches.size(); ++batches_seen_) {
    watch.hear(log.batches[batches_seen_]);
    yard_.apply(log.batches[batches_seen_], now);
  }
  for (; facts_seen_ < log.facts.size(); ++facts_seen_) {
    watch.hear(log.facts[facts_seen_]);
    yard_.apply(log.facts[facts_seen_], now);
  }
  return false; // answers come with the yard's next step
}

} // namespace busbar::tests
