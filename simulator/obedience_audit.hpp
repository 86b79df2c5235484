#pragma once
// The auditor's eye on points that do not do what they acknowledged (SAFE-2). It knows the
// conversation alone: what was told and answered, and what was measured.
//   - found: after two readings in a row above all that the point may hold, from `response` after
//     its answer on, the first step of the escalation comes within a plan;
//   - steps come in order (told again, a lower limit, stop, set unavailable), `patience` apart, and
//     go on while the point draws on;
//   - no other station is escalated.
// A command is a step where its reason is the rule `disobedience`.

#include "domain/command.hpp"
#include "domain/command_result.hpp"
#include "domain/site.hpp"
#include "domain/telemetry.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"
#include "simulator/asked_grants.hpp"
#include "simulator/conduct.hpp"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace busbar::simulator {

struct obedience_audit_settings {
  /// Time in which a vehicle follows a lower current (IEC 61851-1).
  domain::microseconds response{std::chrono::seconds{5}};
  /// Between two steps.
  domain::microseconds patience{std::chrono::seconds{10}};
  /// Until a step that is due is told.
  domain::microseconds plan{std::chrono::seconds{1}};
  /// For answers on their way, either way.
  domain::microseconds slack{std::chrono::milliseconds{500}};
  /// How long before the end of a lease its point may count as fallen back, at most half of it.
  domain::microseconds fallback_early{std::chrono::seconds{14}};
};

class obedience_audit {
public:
  /// Told again, lower limit, stop, unavailable.
  static constexpr std::size_t steps_max = 4;

  explicit obedience_audit(std::shared_ptr<const domain::site> site,
                           obedience_audit_settings settings = {});

  void hear(const domain::command_batch& told);
  void hear(const domain::result_batch& answers);
  void hear(const domain::telemetry_batch& telemetry);
  /// Once the engine has had its say about what was heard until `now`.
  void look(domain::instant now);

  /// How often each step was taken.
  [[nodiscard]] const std::array<std::uint64_t, steps_max>& taken() const { return taken_; }
  /// What was found since the last call.
  [[nodiscard]] std::vector<finding> take_findings() { return std::exchange(findings_, {}); }

private:
  struct point_watch {
    asked_grants asked;
    domain::milliamperes told{};
    /// The newest that was accepted; absent: none yet.
    std::optional<told_grant> held;
    domain::instant lowered_at{};
    /// Readings in a row: above all that it may hold, above what it acknowledged, within that.
    int above = 0;
    int suspected = 0;
    int within = 0;
    std::size_t steps = 0;
    domain::instant stepped_at{};
    std::optional<domain::instant> due_by;
  };

  void hear(point_watch& point, const domain::reading& reading);
  void accept(point_watch& point, const told_grant& accepted, domain::instant at);
  void check_step(point_watch& point, const domain::command& told, domain::instant at);
  [[nodiscard]] bool is_next(const point_watch& point, const domain::command& told) const;
  [[nodiscard]] domain::milliamperes may_hold(const point_watch& point, std::size_t connector,
                                              domain::instant now) const;
  void note(domain::instant at, std::size_t connector, const std::string& what);

  std::shared_ptr<const domain::site> site_;
  obedience_audit_settings settings_;
  std::vector<point_watch> points_;
  std::array<std::uint64_t, steps_max> taken_{};
  std::vector<finding> findings_;
};

} // namespace busbar::simulator
