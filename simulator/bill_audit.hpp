#pragma once
// LIFE-1: what a session is billed is what the register of its connector has counted between its
// start and its stop, to the watt-hour. Knows registers and session facts, nothing of readings.

#include "domain/ids.hpp"
#include "domain/session.hpp"
#include "domain/units.hpp"
#include "simulator/plant.hpp"

#include <cstdint>
#include <map>
#include <string>

namespace busbar::simulator {

class bill_audit {
public:
  void look(const plant& yard);
  void hear(const domain::session_fact& fact);

  /// Sessions that have ended at their connector and have a bill.
  [[nodiscard]] std::size_t compared() const;
  /// Of those, the ones whose bill is another: "14 Wh billed, 37 Wh by the register".
  [[nodiscard]] std::map<domain::session_id, std::string> differences() const;
  /// Bills that had to wait for their register.
  [[nodiscard]] std::uint64_t settled() const { return settled_; }

private:
  std::map<domain::session_id, domain::watt_hours> billed_;
  std::map<domain::session_id, domain::watt_hours> metered_;
  std::uint64_t settled_ = 0;
};

} // namespace busbar::simulator
