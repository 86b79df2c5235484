#pragma once
// The judge of a simulated site: its world under the independent auditor (simulator/auditor.hpp),
// which knows the site file and physics and nothing of plans. Used by the fleet's thread; read when
// that has ended.

#include "domain/command.hpp"
#include "domain/ids.hpp"
#include "domain/session.hpp"
#include "domain/site.hpp"
#include "domain/time.hpp"
#include "simulator/auditor.hpp"
#include "simulator/outputs.hpp"
#include "simulator/world.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

namespace busbar::apps {

/// What an audit of one site comes to.
struct site_verdict {
  std::string site;
  std::uint64_t looks = 0;
  std::uint64_t sessions_ended = 0;
  std::uint64_t sessions_open = 0;
  /// Sessions with a bill and both registers; and facts of sessions that began before the audit.
  std::uint64_t bills = 0;
  std::uint64_t unjudged_facts = 0;
  /// Permille of its limit that the fullest line has carried.
  std::int64_t fullest_permille = 0;
  std::uint64_t finding_count = 0;
  /// The first 100 of each tree of the site.
  std::vector<simulator::finding> findings;
};

class fleet_audit {
public:
  explicit fleet_audit(std::shared_ptr<const domain::site> site);

  /// What the engine tells, before the charge points get it.
  void hear(const domain::command_batch& told) { judge_->hear(told); }
  /// Facts of sessions that began before the audit are counted alone.
  void hear(const domain::session_fact& fact);
  void look(const simulator::world& world, const simulator::outputs& said, domain::instant now);
  /// The site goes on with another tree: so does its judge, with the findings so far.
  void follow(std::shared_ptr<const domain::site> next);

  /// A bill that differs from its register and is younger than `settles_within` may be settled yet.
  [[nodiscard]] site_verdict verdict() const;
  static constexpr domain::microseconds settles_within{std::chrono::seconds{60}};

private:
  void close(site_verdict& into) const;

  std::shared_ptr<const domain::site> site_;
  std::unique_ptr<simulator::auditor> judge_;
  site_verdict before_;
  std::set<domain::session_id> begun_;
  std::map<domain::session_id, domain::instant> ended_at_;
  std::uint64_t unjudged_facts_ = 0;
  domain::instant looked_at_{};
};

} // namespace busbar::apps
