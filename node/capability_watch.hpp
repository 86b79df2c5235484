#pragma once
// Stations are asked what they can do, and what they report is kept as a revision of their site.
// `ask` by any thread; everything else by the thread that polls.

#include "node/ingest.hpp"
#include "node/site_orders.hpp"
#include "node/site_revisions.hpp"

#include <mutex>
#include <vector>

namespace busbar::node {

class capability_watch {
public:
  capability_watch(node_frame& frame, site_orders& orders, site_revisions& revisions)
      : frame_(frame), orders_(orders), revisions_(revisions) {}

  [[nodiscard]] domain::result<void> ask(const domain::site_id& site,
                                         const domain::station_id& station);
  /// What has come since the last call; asks stations again whose time to answer has passed.
  void take(std::vector<reported_capability> reports);

private:
  struct asked_station {
    domain::site_id site;
    domain::station_id station;
    domain::instant at{};
    int times = 0;
  };
  void ask_again();
  void answered(const reported_capability& report, const domain::site& site);
  /// False: it waits for a change of its site that is under way.
  [[nodiscard]] bool keep(const reported_capability& report);

  node_frame& frame_;
  site_orders& orders_;
  site_revisions& revisions_;
  /// Reports that wait.
  std::vector<reported_capability> reports_;
  std::mutex guard_;
  std::vector<asked_station> asked_;
};

} // namespace busbar::node
