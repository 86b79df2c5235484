#pragma once
// When an engine node takes a newer epoch for its site (OWN-1): its stations obey what it has not
// given, because another engine node commanded them or a command was forged, and refuse what it
// gives as older. Answers tell: they name an epoch that is newer than its own, or a number of its
// own epoch above all that it has given.
//
//   settled --stations obey something newer--> the epoch after that is taken --`rest`--> settled

#include "domain/epochs.hpp"
#include "domain/time.hpp"

#include <optional>

namespace busbar::control::ownership {

class epoch_contest {
public:
  /// Between two takings, so that two engine nodes do not outbid each other without end.
  static constexpr domain::seconds rest{60};

  /// The epoch to take now that a station obeys `heard`, which is newer than `own`, or `own` itself
  /// under a number that was not given; absent: none, or not yet.
  [[nodiscard]] std::optional<domain::epoch> decide(domain::epoch own, domain::epoch heard,
                                                    domain::instant now) {
    if (heard != own && !domain::is_older(own, heard)) return std::nullopt;
    const bool has_rested = !taken_at_ || now - *taken_at_ >= rest || now < *taken_at_;
    if (!has_rested) return std::nullopt;
    taken_at_ = now;
    return domain::next_epoch(heard);
  }

private:
  std::optional<domain::instant> taken_at_;
};

} // namespace busbar::control::ownership
