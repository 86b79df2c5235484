#pragma once
// Records into messages: decodes once, checks against the site, groups by feeder and sends one
// message per feeder and batch. What cannot be used is counted and goes to the dead letters; the
// partition goes on. What is of a site that another node holds is counted and left to that node.
// Used by the ingest thread alone (and by tests, without a thread).

#include "actors/interfaces.hpp"
#include "actors/route_table.hpp"
#include "messages/dead_letters.hpp"
#include "node/site_directory.hpp"
#include "node/site_recovery.hpp"
#include "node/taken_records.hpp"
#include "ports/engine_counters.hpp"
#include "ports/event_log.hpp"
#include "site/batch_router.hpp"

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace busbar::node {

/// What a station has answered to `report`.
struct reported_capability {
  domain::site_id site;
  domain::connector_index connector;
  domain::shared_station_report report;
  /// Of the tree in which `connector` stands.
  std::uint64_t topology_hash = 0;
  domain::instant at{};
};

class ingest {
public:
  ingest(std::shared_ptr<const actors::route_table> routes,
         std::shared_ptr<const site_directory> directory,
         std::shared_ptr<ports::engine_counters> counters, messages::dead_letters& refused);

  /// Handles one record of the telemetry, results or requests topic. Readings and answers for a
  /// site that another context is just replacing, or that is just being acquired, wait.
  void take(const ports::record& record, domain::instant now);
  /// Handles what has waited, in the order in which it came; what has waited for five seconds goes
  /// to the actors that there are.
  void take_waiting(domain::instant now);
  /// A site was recovered: before `ends` its answers and requests were read, and of those the ones
  /// in `waiting` are still to be taken. What is answered is not answered again (KEEP-1).
  void go_on_from(recovered_site site, const std::map<ports::partition_id, std::int64_t>& ends,
                  domain::instant now);
  /// Batches that have not reached all their bays yet.
  [[nodiscard]] std::int64_t in_flight() const { return *in_flight_; }
  /// The epoch that answers named last in place of the site's own, where it was newer (OWN-1).
  [[nodiscard]] std::optional<domain::epoch> epoch_obeyed(const domain::site_id& site) const {
    const auto found = epochs_obeyed_.find(site);
    if (found == epochs_obeyed_.end()) return std::nullopt;
    return found->second;
  }

  /// Reports of stations since the last call.
  [[nodiscard]] std::vector<reported_capability> take_reports() {
    return std::exchange(reports_, {});
  }

private:
  void handle(const ports::record& record, domain::instant now);
  /// True: the record is for a site that takes nothing now, and is kept.
  [[nodiscard]] bool waits(const ports::record& record, const actors::site_routes& routes,
                           domain::instant now);
  /// The record is of a site that has no routes here.
  void take_stray(const ports::record& record, const domain::site_id& site,
                  domain::instant now);
  void take_telemetry(const ports::record& record, domain::instant now);
  void take_results(const ports::record& record, domain::instant now);
  void note_reports(const domain::result_batch& batch, const actors::site_routes& routes,
                    domain::instant now);
  void take_request(const ports::record& record, domain::instant now);
  void refuse(const ports::record& record, const domain::error& why, domain::instant now);

  std::shared_ptr<const actors::route_table> routes_;
  std::shared_ptr<const site_directory> directory_;
  std::shared_ptr<ports::engine_counters> counters_;
  messages::dead_letters& refused_;
  std::shared_ptr<std::atomic<std::int64_t>> in_flight_;
  std::vector<site::bay_part> parts_;
  struct waiting_record {
    ports::record record;
    domain::instant received_at{};
  };
  std::map<domain::site_id, std::vector<waiting_record>> waiting_;
  /// Of the call that is being served: what came before this is not kept any longer.
  domain::instant kept_from_{};
  std::map<domain::site_id, domain::epoch> epochs_obeyed_;
  std::vector<reported_capability> reports_;
  taken_records taken_;
};

} // namespace busbar::node
