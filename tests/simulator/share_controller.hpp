#pragma once
// The simplest safe engine for tests: every connector holds a fixed share of the tightest node
// above it. Knows nothing of control/.

#include "tests/simulator/session_engine.hpp"

namespace busbar::tests {

class share_controller : public session_engine {
public:
  explicit share_controller(std::shared_ptr<const domain::site> site)
      : session_engine(std::move(site)), shares_(site_->connectors.size()) {
    for (std::size_t c = 0; c < shares_.size(); ++c) shares_[c] = share_of(c);
  }

  /// Shares scaled, to make the auditor see too much; no point takes more than its maximum.
  void scale(std::int64_t percent) {
    for (std::size_t c = 0; c < shares_.size(); ++c)
      shares_[c] = std::min(domain::milliamperes{shares_[c].count() * percent / 100},
                            site_->connectors[c].current_max);
  }

private:
  domain::milliamperes share_of(std::size_t connector) const {
    const auto& at = site_->connectors[connector];
    std::int64_t share = at.current_max.count();
    std::optional<domain::node_index> node = site_->stations[at.station.value()].parent;
    for (; node; node = site_->nodes[node->value()].parent) {
      const auto& entry = site_->nodes[node->value()];
      for (const auto& limit : entry.limits)
        for (std::size_t line = 0; limit.current && line < 3; ++line)
          // 7 of 10: room for the continuous factor and the unmanaged load.
          share = std::min(share, (*limit.current)[line].count() * 7 / 10 /
                                      static_cast<std::int64_t>(site_->connectors.size()));
    }
    return domain::milliamperes{std::max<std::int64_t>(share, 6'000)};
  }

  void grant(const simulator::outputs&, domain::instant now, engine_answers& answers) override {
    if (now < next_grants_) return;
    next_grants_ = now + site_->lease / 3;
    for (std::size_t c = 0; c < shares_.size(); ++c)
      command(c, domain::command_kind::grant, answers).current = shares_[c];
  }

  std::vector<domain::milliamperes> shares_;
  domain::instant next_grants_{};
};

} // namespace busbar::tests
