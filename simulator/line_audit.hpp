#pragma once
// LIM-8, for the auditor: vehicles that leave lines of their outlets out may begin to use them at
// any time. As long as no more do so within `settle` than the site states, everything must fit: so
// on every line of every node there has to be room for as many, the largest that leave that line
// out, less one for each vehicle that began to use further lines within the last `settle`.
// Own arithmetic: nothing of control/ is used.

#include "domain/site.hpp"
#include "simulator/wiring.hpp"

#include <cstdint>
#include <deque>
#include <memory>
#include <vector>

namespace busbar::simulator {

/// What one outlet holds: at most `current`, on the lines that its vehicle uses now.
struct line_use {
  domain::connector_index connector;
  domain::milliamperes current{};
  std::uint8_t used = 0;
  std::uint8_t offered = 0;
};

class line_audit {
public:
  line_audit(std::shared_ptr<const domain::site> site, domain::microseconds settle);

  /// Once a look, before the questions.
  void look(std::vector<line_use> held, domain::instant now);
  /// As loads for `flow_of`: behind a transformer that changes lines all offered ones count.
  [[nodiscard]] std::vector<load> loads() const;
  /// mA that may come on top on a line of a node; mW that may come on top at it.
  [[nodiscard]] double room_on(domain::node_index node, domain::line line) const;
  [[nodiscard]] double power_at(domain::node_index node) const;
  /// Vehicles that began to use further lines so far.
  [[nodiscard]] std::uint64_t changes() const { return changes_; }

private:
  [[nodiscard]] bool leaves_out(const line_use& use, domain::line line) const;
  [[nodiscard]] double sum_of_largest(std::vector<double> sizes) const;

  std::shared_ptr<const domain::site> site_;
  domain::microseconds settle_;
  /// By connector: lines may be left out there; the nodes above it.
  std::vector<bool> can_leave_out_;
  std::vector<std::vector<bool>> is_below_;
  std::vector<std::uint8_t> used_before_;
  std::vector<line_use> held_;
  std::deque<domain::instant> recent_;
  std::uint64_t changes_ = 0;
};

} // namespace busbar::simulator
