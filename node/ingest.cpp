#include "node/ingest.hpp"

#include "domain/epochs.hpp"
#include "messages/record_decoder.hpp"
#include "messages/topics.hpp"
#include "node/unknown_place.hpp"

#include <caf/send.hpp>

#include <iterator>
#include <utility>

namespace busbar::node {

namespace {

/// A site is replaced within a small part of this.
constexpr domain::seconds waits_max{5};

/// Counts a batch from its decoding until its last bay has taken it.
struct ticket {
  explicit ticket(std::shared_ptr<std::atomic<std::int64_t>> count) : count_(std::move(count)) {
    count_->fetch_add(1, std::memory_order_relaxed);
  }
  ~ticket() { count_->fetch_sub(1, std::memory_order_relaxed); }
  ticket(const ticket&) = delete;
  ticket& operator=(const ticket&) = delete;
  std::shared_ptr<std::atomic<std::int64_t>> count_;
};

} // namespace

ingest::ingest(std::shared_ptr<const actors::route_table> routes,
               std::shared_ptr<const site_directory> directory,
               std::shared_ptr<ports::engine_counters> counters, messages::dead_letters& refused)
    : routes_(std::move(routes)), directory_(std::move(directory)),
      counters_(std::move(counters)), refused_(refused),
      in_flight_(std::make_shared<std::atomic<std::int64_t>>(0)) {}

void ingest::take(const ports::record& record, domain::instant now) {
  kept_from_ = now - waits_max;
  if (!taken_.is_read(record.place, record.offset)) handle(record, now);
}

void ingest::go_on_from(recovered_site site,
                        const std::map<ports::partition_id, std::int64_t>& ends,
                        domain::instant now) {
  const auto& id = site.state.site;
  for (const auto& [place, end] : ends) taken_.read_until(place, end);
  for (const auto& request : site.answered) static_cast<void>(taken_.is_first(id, request));
  auto& queue = waiting_[id];
  std::erase_if(queue, [&](const auto& each) {
    return taken_.is_read(each.record.place, each.record.offset);
  });
  std::vector<waiting_record> all;
  for (auto& record : site.waiting) all.push_back({std::move(record), now});
  all.insert(all.end(), std::make_move_iterator(queue.begin()),
             std::make_move_iterator(queue.end()));
  queue = std::move(all);
}

void ingest::take_waiting(domain::instant now) {
  if (waiting_.empty()) return;
  kept_from_ = now - waits_max;
  for (const auto& [site, records] : std::exchange(waiting_, {}))
    for (const auto& each : records) handle(each.record, each.received_at);
}

bool ingest::waits(const ports::record& record, const actors::site_routes& routes,
                   domain::instant now) {
  const auto& site = routes.layout->site->id;
  // What comes later does not overtake what waits.
  const bool is_held = routes.traffic != actors::site_traffic::flows ||
                       (!waiting_.empty() && waiting_.contains(site));
  if (!is_held || now < kept_from_) return false;
  waiting_[site].push_back({record, now});
  return true;
}

void ingest::take_stray(const ports::record& record, const domain::site_id& site,
                        domain::instant now) {
  const auto standing = directory_->find(site);
  if (!standing) return refuse(record, unknown_site(site), now);
  const bool is_coming = *standing != site_standing::elsewhere && now >= kept_from_;
  if (is_coming) waiting_[site].push_back({record, now});
  else counters_->ingest.strays.add();
}

void ingest::handle(const ports::record& record, domain::instant now) {
  if (record.place.topic == messages::telemetry_topic) return take_telemetry(record, now);
  if (record.place.topic == messages::results_topic) return take_results(record, now);
  if (record.place.topic == messages::requests_topic) return take_request(record, now);
}

void ingest::take_telemetry(const ports::record& record, domain::instant now) {
  auto decoded = messages::decode_record(record, messages::decode_telemetry);
  if (!decoded) return refuse(record, decoded.failure(), now);
  auto arrived = std::make_shared<actors::arrived_batch>();
  arrived->batch = std::move(decoded.value());
  arrived->received_at = now;
  auto& batch = arrived->batch;
  const auto routes = routes_->find(batch.site);
  if (!routes) return take_stray(record, batch.site, now);
  if (waits(record, *routes, now)) return;
  parts_.clear();
  const auto verdict = site::route(batch, *routes->layout, parts_);
  if (!verdict) return refuse(record, verdict.failure(), now);
  arrived->ticket = std::make_shared<ticket>(in_flight_);
  auto& counters = counters_->ingest;
  counters.batches.add();
  counters.readings.add(batch.readings.size());
  counters.meter_readings.add(batch.meters.size());
  counters.health_reports.add(batch.health.size());
  counters.lag.observe(now - batch.sent_at);
  for (const auto& part : parts_) {
    const auto& feeder = routes->feeders[part.bay];
    if (feeder)
      caf::anon_send(feeder, actors::bay_readings{arrived, part.first_reading, part.readings,
                                                  part.first_health, part.health});
  }
  if (!batch.meters.empty() && routes->site)
    caf::anon_send(routes->site, actors::node_meters{arrived});
}

void ingest::take_results(const ports::record& record, domain::instant now) {
  auto decoded = messages::decode_record(record, messages::decode_results);
  if (!decoded) return refuse(record, decoded.failure(), now);
  auto& batch = decoded.value();
  const auto routes = routes_->find(batch.site);
  if (!routes) return take_stray(record, batch.site, now);
  if (waits(record, *routes, now)) return;
  note_reports(batch, *routes, now);
  // An answer to a newer owner: that one is obeyed in place of this one (OWN-1). Of an older one
  // orders may have been carried over that wait for it.
  if (domain::is_older(routes->owner, batch.owner)) {
    epochs_obeyed_[batch.site] = batch.owner;
    return;
  }
  const auto& layout = *routes->layout;
  // An answer in places of the tree before: what it is about is no longer here.
  if (batch.topology_hash != layout.site->topology_hash) return;
  std::vector<actors::bay_results> answers(layout.bays.size());
  for (auto& answer : batch.results) {
    if (answer.connector.value() >= layout.rows.size())
      return refuse(record, {domain::errc::unknown_reference, "results.connector"}, now);
    answers[layout.rows[answer.connector.value()].bay].results.push_back(std::move(answer));
  }
  counters_->ingest.results.add(batch.results.size());
  for (std::size_t bay = 0; bay < answers.size(); ++bay) {
    if (answers[bay].results.empty() || !routes->feeders[bay]) continue;
    answers[bay].received_at = now;
    answers[bay].are_of_before = batch.owner != routes->owner;
    caf::anon_send(routes->feeders[bay], std::move(answers[bay]));
  }
}

void ingest::note_reports(const domain::result_batch& batch, const actors::site_routes& routes,
                          domain::instant now) {
  // What a station is does not depend on the asker: a revision may have come in between.
  const bool is_own = !domain::is_older(routes.owner, batch.owner);
  if (!is_own || batch.topology_hash != routes.layout->site->topology_hash) return;
  for (const auto& answer : batch.results)
    if (answer.reported.report && answer.answer == domain::outcome::accepted &&
        answer.connector.value() < routes.layout->rows.size())
      reports_.push_back(
          {batch.site, answer.connector, answer.reported, batch.topology_hash, now});
}

void ingest::take_request(const ports::record& record, domain::instant now) {
  auto decoded = messages::decode_record(record, messages::decode_request);
  if (!decoded) return refuse(record, decoded.failure(), now);
  const auto& site = decoded.value().site;
  // One for a site that no node knows is denied, so that its driver has an answer.
  if (directory_->find(site) && !routes_->find(site)) return take_stray(record, site, now);
  if (!taken_.is_first(site, decoded.value().id)) return counters_->ingest.repeated.add();
  counters_->ingest.requests.add();
  if (const auto node = routes_->node())
    caf::anon_send(node, actors::driver_request_message{std::move(decoded.value()), now});
}

void ingest::refuse(const ports::record& record, const domain::error& why,
                    domain::instant now) {
  counters_->ingest.dead_letters.add(why.code);
  refused_.refuse(record, why, now);
}

} // namespace busbar::node
