#pragma once
// What an auditor knows of one connector's grants that are told and not answered yet.

#include "domain/ids.hpp"
#include "domain/time.hpp"
#include "domain/units.hpp"

#include <algorithm>
#include <optional>
#include <vector>

namespace busbar::simulator {

struct told_grant {
  domain::epoch owner = 0;
  domain::sequence number = 0;
  domain::milliamperes current{};
  domain::instant issued_at{};
  domain::microseconds lease{};
  bool is_export = false;

  [[nodiscard]] domain::instant ends_at() const { return issued_at + lease; }
};

/// The newest 64: more are never on their way to one connector.
class asked_grants {
public:
  void add(const told_grant& told) {
    if (grants_.size() == grants_max) grants_.erase(grants_.begin());
    grants_.push_back(told);
  }
  /// The one that is accepted. It and those before it are not on their way any more. Absent: none
  /// of these, and nothing changes.
  [[nodiscard]] std::optional<told_grant> take(domain::epoch owner, domain::sequence number) {
    const auto found = std::find_if(grants_.begin(), grants_.end(), [&](const auto& each) {
      return each.owner == owner && each.number == number;
    });
    if (found == grants_.end()) return std::nullopt;
    const auto accepted = *found;
    grants_.erase(grants_.begin(), found + 1);
    return accepted;
  }
  /// The largest that the connector may still obey.
  [[nodiscard]] domain::milliamperes current_max() const {
    domain::milliamperes most{};
    for (const auto& each : grants_) most = std::max(most, each.current);
    return most;
  }

private:
  static constexpr std::size_t grants_max = 64;
  std::vector<told_grant> grants_;
};

} // namespace busbar::simulator
