#pragma once
// An independent check of what an engine plans, against the site file and physics alone; the
// auditor checks what the world then does. Findings begin with the rule's id:
//   - LIM-1: nobody is to have anything on a line on which the targets, what is taken as it is and
//     what has been drawn above the grants for 7 s do not fit;
//   - LIM-2: a line's limit is the smallest that the site file and the moment state, and is one of
//     those sources' name;
//   - LIM-5: targets and grants are whole steps;
//   - FAIR-1: whoever is held by a limit loads one that is used up and on which nobody above the
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
  /// What it draws above all it was told, once it has for 7 s.
  [[nodiscard]] domain::milliamperes excess(const control::image& image, std::size_t connector);
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
  [[nodiscard]] bool loads(std::size_t connector, std::size_t node, std::size_t line) const {
    return loads_[connector][node][line];
  }
  void find(const char* rule, const std::string& what);

  std::shared_ptr<const domain::site> site_;
  /// By connector and node: the lines that it loads there.
  std::vector<std::vector<domain::per_line<bool>>> loads_;
  std::vector<simulator::node_flow> planned_;
  std::vector<std::optional<domain::instant>> exceeds_since_;
  std::vector<std::string> findings_;
  std::uint64_t held_ = 0;
};

} // namespace busbar::tests
