#pragma once
// What a machine that does other work, too, may add to a goal in time.

#include <chrono>
#include <cstdlib>

namespace busbar::tests {

/// BUSBAR_SLACK_S, in seconds; 10 where it is not set (as in tests/deploy/waiting.py).
inline std::chrono::milliseconds slack() {
  const char* stated = std::getenv("BUSBAR_SLACK_S");
  return std::chrono::milliseconds{stated ? std::atoi(stated) * 1'000 : 10'000};
}

/// For a condition that is to hold at last, however late this machine has the processor.
inline constexpr std::chrono::seconds patience{90};

} // namespace busbar::tests
