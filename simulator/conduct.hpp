#pragma once
// The auditor's eye on single points: what each was told, what it obeyed, what it does. Knows the
// site file and the conversation, nothing of plans.
//   - LIM-1: what is told turns around (charging, export) through zero only; SAFE-1: who gives back
//     holds a lease to do so;
//   - OWN-1: no point obeys an older epoch or number than it did before;
//   - LIM-5: what is told is whole steps; FAIR-2: and 0 or at least the minimum, as is the draw;
//   - RAMP-1: where the site states a ramp, nothing told rises faster, but to the minimum;
//   - LIM-3: below a meter that is silent beyond `stale_after` nothing told rises;
//   - SAFE-1: whose lease ran out draws at most its fallback after its time to respond;
//   - FAIR-2: no connector that wants energy waits longer than 30 min and 5 min for each that does;
//   - SAFE-2: while a point disobeys, one that charged before is not left out where there is room.

#include "domain/command.hpp"
#include "domain/command_result.hpp"
#include "domain/ids.hpp"
#include "domain/site.hpp"
#include "domain/telemetry.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"
#include "simulator/asked_grants.hpp"
#include "simulator/plant.hpp"

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace busbar::simulator {

struct finding {
  domain::instant at{};
  /// The id of a rule: "LIM-1".
  std::string rule;
  /// What, where, the value, what is allowed.
  std::string text;
};

struct conduct_settings {
  /// Time in which a vehicle follows a new current (IEC 61851-1).
  domain::microseconds response{std::chrono::seconds{5}};
  /// One plan more until a silent meter is acted on.
  domain::microseconds plan{std::chrono::seconds{1}};
  /// FAIR-2: the longest wait of one alone, and more for each who wants energy. A turn is rounded
  /// up to a plan.
  domain::microseconds wait{std::chrono::minutes{30}};
  domain::microseconds wait_more{std::chrono::seconds{301}};
  /// SAFE-2: the shortest break between two turns, and time to answer.
  domain::microseconds left_out_max{std::chrono::seconds{75}};
};

class conduct {
public:
  /// Whether a connector's minimum finds room beside all that is held.
  using room_for = std::function<bool(domain::connector_index)>;

  conduct(std::shared_ptr<const domain::site> site, conduct_settings settings);

  void hear(const domain::command_batch& told);
  void hear(const domain::result_batch& answers);
  void hear(const domain::telemetry_batch& telemetry);
  void look(const plant& yard, domain::instant now, const room_for& has_room);

  /// No grant that any point obeys is valid any more.
  [[nodiscard]] bool have_all_leases_run_out(domain::instant now) const;
  [[nodiscard]] domain::microseconds longest_wait() const { return longest_wait_; }
  /// What was found since the last call.
  [[nodiscard]] std::vector<finding> take_findings() { return std::exchange(findings_, {}); }

private:
  struct point_watch {
    asked_grants asked;
    told_grant told;
    std::optional<domain::instant> raised_at;
    std::pair<domain::epoch, domain::sequence> obeyed;
    domain::milliamperes held{};
    domain::instant held_until{};
    domain::instant disobeyed_at{};
    domain::session_id session;
    bool has_charged = false;
    domain::microseconds waited{};
    domain::microseconds left_out{};
  };

  void check_told(point_watch& point, std::size_t connector, const told_grant& next);
  void check_raise(const point_watch& point, std::size_t connector, const told_grant& next,
                   domain::milliamperes before);
  void check_draw(point_watch& point, const charge_point& station, const outlet& at,
                  domain::instant now);
  void check_wait(point_watch& point, const outlet& at, bool somebody_disobeys,
                  domain::instant now, const room_for& has_room);
  [[nodiscard]] bool wants(const charge_point& station, const outlet& at) const;
  [[nodiscard]] const domain::fallback& fallback_of(std::size_t connector) const;
  [[nodiscard]] bool is_silent(domain::node_index node, domain::instant now) const;
  [[nodiscard]] bool is_meter_silent(std::size_t connector, domain::instant now) const;
  void check_silent_meters(std::size_t connector, const told_grant& next,
                           domain::milliamperes before);
  /// By line: that all that is told below `node`, its declared maximum beside it, fits its limits.
  [[nodiscard]] bool leaves_the_maximum(domain::node_index node, std::size_t connector,
                                        const told_grant& next) const;
  void note(domain::instant at, const char* rule, std::size_t connector, const std::string& what);

  std::shared_ptr<const domain::site> site_;
  conduct_settings settings_;
  std::vector<point_watch> points_;
  std::vector<domain::instant> metered_at_;
  std::vector<finding> findings_;
  domain::instant now_{};
  domain::microseconds passed_{};
  domain::microseconds wait_max_{};
  domain::microseconds longest_wait_{};
};

} // namespace busbar::simulator
