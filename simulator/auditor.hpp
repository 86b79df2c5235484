#pragma once
// An independent check of what a world really does. It knows the site file and physics, nothing of
// plans: a mistake in control/ cannot hide here.
//
// LIM-1, at every look, on every node and line and for its power:
//   - what flows fits the site file's limits (the unmanaged load counts at its lowest of the last
//     `settle` only, because a plan can answer its rise no sooner);
//   - so do what charges without what is given back, and what is given back alone (LIM-6);
//   - what every point with a session holds, draws or falls back to fits without unmanaged load,
//     on the lines that its vehicle uses; and so does what may come on further ones (LIM-8,
//     `line_audit.hpp`).
// LIM-2: both fit what an operator imposed, after `settle`. LIM-4: what flows while no lease is
// valid any more fits. LIFE-1, over session facts: one start, one end, energy that never falls and
// never exceeds what the rating and the time allow. The rules of single points: `conduct.hpp`; who
// does not obey: `obedience_audit.hpp`.

#include "domain/command.hpp"
#include "domain/ids.hpp"
#include "domain/session.hpp"
#include "domain/site.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"
#include "simulator/bill_audit.hpp"
#include "simulator/conduct.hpp"
#include "simulator/line_audit.hpp"
#include "simulator/obedience_audit.hpp"
#include "simulator/plant.hpp"

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace busbar::simulator {

struct auditor_settings {
  /// Time to answer a rise of the unmanaged load: meter, tick, command, vehicle.
  domain::microseconds settle{std::chrono::seconds{15}};
  /// The first findings are kept, the rest counted.
  std::size_t findings_max = 100;
  conduct_settings points;
  obedience_audit_settings obedience;
};

class auditor {
public:
  explicit auditor(std::shared_ptr<const domain::site> site, auditor_settings settings = {});

  void look(const plant& yard, domain::instant now);
  void hear(const domain::session_fact& fact);
  /// What the engine tells, before the points get it.
  void hear(const domain::command_batch& told);
  /// What the points answer, and what is measured.
  void hear(const outputs& said);
  /// LIM-7: an order from outside on each line of `node` from `from` on, of all that flows there or
  /// of the points' sum alone; absent: lifted. It is obeyed within `settle`.
  void impose(domain::node_index node, std::optional<domain::milliamperes> most,
              domain::instant from, bool is_of_points = false);

  [[nodiscard]] const std::vector<finding>& findings() const { return findings_; }
  [[nodiscard]] std::uint64_t finding_count() const { return finding_count_; }
  [[nodiscard]] std::uint64_t looks() const { return looks_; }
  /// Sessions that have begun and not ended.
  [[nodiscard]] std::size_t open_sessions() const { return open_.size(); }
  [[nodiscard]] std::uint64_t ended_sessions() const { return ended_.size(); }
  /// Permille of its limit that the fullest line has carried.
  [[nodiscard]] std::int64_t worst_permille() const { return worst_permille_; }
  /// Looks at which something flowed though no lease was valid (LIM-4).
  [[nodiscard]] std::uint64_t flow_without_leases() const { return flow_without_leases_; }
  /// Steps against points that do not obey.
  [[nodiscard]] const obedience_audit& escalations() const { return obedience_; }
  [[nodiscard]] const bill_audit& bills() const { return bills_; }
  /// Looks at which a vehicle gave power back.
  [[nodiscard]] std::uint64_t looks_at_export() const { return looks_at_export_; }
  /// Vehicles that began to use further lines while they charged.
  [[nodiscard]] std::uint64_t line_changes() const { return lines_.changes(); }
  /// The longest that a driver who wanted energy was given none.
  [[nodiscard]] domain::microseconds longest_wait() const { return points_.longest_wait(); }

private:
  /// Of one node: mA on its lines, mA on its primary lines, mW. Absent: not limited.
  struct bounds {
    domain::per_line<std::optional<double>> lines;
    std::optional<double> primary;
    std::optional<double> power;
  };
  struct open_session {
    domain::instant began{};
    std::int64_t energy_wh = 0;
    double rating_w = 0;
    bool is_settled = false;
  };
  using base_load = std::vector<domain::per_line<domain::milliamperes>>;

  [[nodiscard]] static bounds bounds_of(const domain::node& node);
  struct imposed_limit {
    std::optional<domain::milliamperes> most;
    domain::instant from{};
    bool is_of_points = false;
  };

  void look_at_points(const plant& yard, const std::vector<load>& held, domain::instant now);
  void compare(const std::vector<node_flow>& flows, const char* what, domain::instant now);
  void compare_apart(const std::vector<load>& drawn, const base_load& base, domain::instant now);
  void compare_kept(const std::vector<node_flow>& holds, domain::instant now);
  /// `is_of_points`: of the points' sum, which every order bounds; else with the load beside it.
  void compare_imposed(const std::vector<node_flow>& flows, const char* what, bool is_of_points,
                       domain::instant now);
  void compare_one(double value, std::optional<double> bound, const std::string& what,
                   domain::instant now);
  /// Whether its minimum fits beside `flows`.
  [[nodiscard]] bool has_room(const std::vector<node_flow>& flows,
                              domain::connector_index connector) const;
  void gather();
  [[nodiscard]] base_load lowest_base(const plant& yard, domain::instant now);
  void begin_session(const domain::session_fact& fact);
  void settle(const domain::session_fact& fact);
  void check_energy(open_session& session, const domain::session_fact& fact);
  void note(domain::instant at, const char* rule, std::string text);

  std::shared_ptr<const domain::site> site_;
  auditor_settings settings_;
  std::vector<bounds> bounds_;
  std::vector<imposed_limit> imposed_;
  conduct points_;
  bill_audit bills_;
  line_audit lines_;
  obedience_audit obedience_;
  /// The rule that a flow beyond a bound breaks now.
  const char* flow_rule_ = "LIM-1";
  std::deque<std::pair<domain::instant, base_load>> bases_;
  std::map<domain::session_id, open_session> open_;
  std::map<domain::session_id, open_session> ended_;
  std::vector<finding> findings_;
  std::uint64_t finding_count_ = 0;
  std::uint64_t looks_ = 0;
  std::uint64_t flow_without_leases_ = 0;
  std::uint64_t looks_at_export_ = 0;
  std::int64_t worst_permille_ = 0;
};

} // namespace busbar::simulator
