#pragma once
// The stations of a feeder whose answers its next report waits for, so that a plan sees what they
// do. A station that was late once is not waited for until it has answered. Pure.
//
//   idle --sent--> awaited --answered all--> idle
//                     \--a report went without it--> late --answered--> idle

#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace busbar::actors {

class awaited_answers {
public:
  /// Places are 0..places-1.
  void open(std::size_t places) { states_.assign(places, state::idle); }
  void sent(std::size_t place) {
    if (states_[place] != state::idle) return;
    states_[place] = state::awaited;
    ++count_;
  }
  /// `owes_more`: it was sent more than it has answered.
  void answered(std::size_t place, bool owes_more) {
    if (!owes_more || states_[place] == state::late) forget(place);
  }
  /// It is another one now, or none.
  void forget(std::size_t place) {
    if (std::exchange(states_[place], state::idle) == state::awaited) --count_;
  }
  /// A report goes up without them.
  void go_on() {
    for (auto& each : states_)
      if (each == state::awaited) each = state::late;
    count_ = 0;
  }
  [[nodiscard]] bool are_in() const { return count_ == 0; }

private:
  enum class state : std::uint8_t { idle, awaited, late };
  std::vector<state> states_;
  std::size_t count_ = 0;
};

} // namespace busbar::actors
