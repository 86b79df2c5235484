#pragma once
// An independent check of what an engine plans, against the site file and physics alone; the
// auditor checks what the world then does. Findings begin with the rule's id:
//   - LIM-1: none is to have anything on a line on which the targets, what is taken as it is and
//     what has been drawn above the grants for 7 s do not fit;
//   - LIM-2: a line's limit is the smallest that the site file and the moment state, and is one of
//     those sources' name;
//   - LIM-5: targets and grants are whole steps;
//   - LIM-8: the same with the room that is kept for vehicles that leave lines out;
//   - FAIR-1: a connector held by a limit loads one that is used up and on which none above the
//     minimum has more per weight, give or take a step; FAIR-3: the weights are those of `equal`;
//   - FAIR-2: a target is 0 or at least the minimum;
//   - RAMP-1: who is to have less than it was told is told so in the same plan.
// For sites of line-to-neutral loads and the policy `equal`.

#include "control/image.hpp"
#include "control/plan.hpp"
#include "simulator/wiring.hpp"

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace busbar::tests {

class plan_audit {
public:
  [[nodiscard]] static bool can_judge(const domain::site& site);
  /// REQUIRES: can_judge(*site).
  explicit plan_audit(std::shared_ptr<const domain::site> site);

  void look(const control::image& image, const control::plan& plan);

  [[nodiscard]] const std::vector<std::string>& findings() const { return findings_; }
  /// Targets that a limit held down, each checked for fairness.
  [[nodiscard]] std::uint64_t held() const { return held_; }

private:
  /// What is drawn above all that was told for long is counted.
  void check_excess(const control::image& image, const control::plan& plan, std::size_t connector);
  void check_sums(const control::plan& plan);
  void check_limits(const control::image& image, const control::plan& plan);
  bool check_orders(const control::node_image& seen, const control::limits::bound* bound,
                    std::size_t line, const std::string& where);
  void check_target(const control::image& image, const control::plan& plan, std::size_t connector);
  void check_fairness(const control::plan& plan, std::size_t connector);
  [[nodiscard]] bool is_used_up(const control::plan& plan, std::size_t node,
                                std::size_t line) const;
  [[nodiscard]] bool is_fair(const control::plan& plan, std::size_t connector, std::size_t node,
                             std::size_t line) const;
  [[nodiscard]] std::int64_t weight(std::size_t connector) const;
  /// Its next milliampere counts there: on a line that it uses, or because it is one of the
  /// largest for which room is kept on a line that its vehicle leaves out (LIM-8).
  [[nodiscard]] bool loads(std::size_t connector, std::size_t node, std::size_t line) const;
  void note_lines(const control::image& image, const control::plan& plan);
  void note_kept(const control::plan& plan);
  [[nodiscard]] std::int64_t sum_on(std::size_t node, std::size_t line) const;
  void find(const char* rule, const std::string& what);

  std::shared_ptr<const domain::site> site_;
  /// By connector and node: the lines that it loads there.
  std::vector<std::vector<domain::per_line<bool>>> loads_;
  /// By connector: no transformer above it changes the lines; and what its vehicle uses now.
  std::vector<bool> can_spare_;
  std::vector<domain::line_set> used_;
  /// By connector: what is planned for it.
  std::vector<std::int64_t> wanted_;
  /// By node: what is kept on its lines, and the smallest for which it is.
  struct kept_line {
    std::int64_t sum = 0;
    std::int64_t least = 0;
  };
  std::vector<domain::per_line<kept_line>> kept_;
  std::vector<simulator::node_flow> planned_;
  std::vector<std::optional<domain::instant>> exceeds_since_;
  std::vector<std::string> findings_;
  std::uint64_t held_ = 0;
};

} // namespace busbar::tests
