#pragma once
// What drivers wanted and what flowed, taken out of a recording while it is replayed: the sessions
// in the form that `busbar evaluate` reads, and the measured loads.

#include "apps/evaluate/recorded_session.hpp"
#include "apps/evaluate/replay.hpp"
#include "control/distribution/split.hpp"
#include "domain/session.hpp"
#include "domain/time.hpp"
#include "site/stepped_site.hpp"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace busbar::apps::replay {

class session_finder {
public:
  session_finder(std::shared_ptr<const domain::site> site, domain::seconds period);

  void told(const site::stepped_site& at, const domain::session_fact& fact);
  void planned(const site::stepped_site& at, domain::instant now);

  /// Sessions in the order of their arrival, in whole seconds as `busbar evaluate` takes them;
  /// those that are open end with the recording, and one shorter than a second is none. A
  /// session whose driver states no energy wants what it got. One that drew nothing at its end is
  /// taken to be full: it takes no more than it got.
  [[nodiscard]] std::vector<evaluate::recorded_session> sessions() const;
  /// What was delivered, drawn and reserved, as a replay's result. REQUIRES: `of` is sessions().
  [[nodiscard]] evaluate::replay_result
  measured(const std::vector<evaluate::recorded_session>& of) const;

private:
  struct found_session {
    domain::connector_index connector;
    bool has_connector = false;
    domain::instant arrives{};
    domain::instant departs{};
    std::optional<domain::instant> announced;
    std::optional<domain::watt_hours> wanted;
    std::int64_t got_wh = 0;
    std::int64_t power_max_w = 0;
    std::int64_t power_last_w = 0;
    bool is_open = true;
  };
  void look_at_session(const site::connector_row& row, domain::connector_index connector);
  void look_at_nodes(const control::plan& plan, const control::image& image);
  void close_period(domain::instant now);

  std::shared_ptr<const domain::site> site_;
  domain::seconds period_;
  control::distribution::splitter gauge_;
  /// In the order of their first fact.
  std::vector<std::string> order_;
  std::map<std::string, found_session> sessions_;
  std::vector<evaluate::period_draw> draws_;
  std::vector<double> worst_;
  std::vector<domain::milliamperes> granted_;
  domain::instant period_at_{};
  domain::instant newest_{};
  std::int64_t milliwatt_us_ = 0;
  std::int64_t watts_ = 0;
};

} // namespace busbar::apps::replay
