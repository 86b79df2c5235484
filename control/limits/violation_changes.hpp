#pragma once
// When a violation is worth an event: once when it begins, once more when it becomes graver, once
// when it has stayed away for a while. A value that moves around its bound is one violation.

#include "domain/event.hpp"
#include "domain/time.hpp"
#include "domain/violation.hpp"

#include <vector>

namespace busbar::control::limits {

/// Whether a violation of a limit is told to people at `now`: one that is not critical stands for
/// `said_after` first. Samples, readings and answers to commands are not of one instant.
inline constexpr domain::seconds said_after{2};
[[nodiscard]] bool is_said(const domain::violation& violation, domain::instant now);

struct violation_changes {
  std::vector<domain::violation> raised;
  /// As they were last seen.
  std::vector<domain::violation> cleared;
};

class violation_follower {
public:
  /// A violation has ended when it has not stood for so long.
  static constexpr domain::seconds cleared_after{10};

  /// `standing`: all violations that stand now.
  [[nodiscard]] violation_changes follow(const std::vector<domain::violation>& standing,
                                         domain::instant now);

  /// KEEP-3: what decides later.
  template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
    visit(self.followed_);
  }

private:
  struct followed {
    domain::violation violation;
    domain::severity told = domain::severity::info;
    domain::instant seen_at{};
    template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
      visit(self.violation, self.told, self.seen_at);
    }
  };
  [[nodiscard]] followed* find(const domain::violation& violation);

  std::vector<followed> followed_;
};

} // namespace busbar::control::limits
