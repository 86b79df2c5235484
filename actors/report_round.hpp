#pragma once
// One round of asking members and waiting for their answers: which are still missing. Pure.
//
//   idle --begin, expect--> waiting --answered by the last one--> done
//                                     \--begin again: members that are missing stay out

#include <cstdint>
#include <vector>

namespace busbar::actors {

class report_round {
public:
  /// Begins, waiting for no member yet; members are numbered 0..members-1.
  void begin(std::uint64_t tick, std::size_t members) {
    tick_ = tick;
    waits_.assign(members, false);
    missing_ = 0;
    is_open_ = true;
  }
  void expect(std::size_t member) {
    if (!waits_[member]) ++missing_;
    waits_[member] = true;
  }
  /// True when this answer was the last one missing. Late or repeated answers are ignored.
  [[nodiscard]] bool answered(std::uint64_t tick, std::size_t member) {
    if (!is_open_ || tick != tick_ || member >= waits_.size() || !waits_[member]) return false;
    waits_[member] = false;
    return --missing_ == 0;
  }
  /// The round is over, complete or not.
  void close() { is_open_ = false; }

  [[nodiscard]] bool is_open() const { return is_open_; }
  [[nodiscard]] bool is_complete() const { return missing_ == 0; }
  [[nodiscard]] std::uint64_t tick() const { return tick_; }

private:
  std::uint64_t tick_ = 0;
  std::vector<bool> waits_;
  std::size_t missing_ = 0;
  bool is_open_ = false;
};

} // namespace busbar::actors
