#pragma once
// The start of a process that may wait for its log, and can be asked to stop all the while.

#include "apps/stop_signal.hpp"
#include "domain/result.hpp"

#include <chrono>
#include <functional>
#include <string>

namespace busbar::apps {

/// A start that is asked to stop may still come to its own end within this time.
constexpr std::chrono::milliseconds start_ends_within{500};

/// What `start` returns, which runs on a thread of its own. Where it still waits after the process
/// has been asked to stop, `give_up` is called, which does not return.
[[nodiscard]] domain::result<void>
start_unless_stopped(stop_signal& stop, const std::function<domain::result<void>()>& start,
                     const std::function<void()>& give_up);

/// Ends the process at once with exit code 0 and a last line. A start has commanded nothing yet and
/// holds nothing that its log lacks: there is nothing to hand over.
[[noreturn]] void end_in_start(const std::string& who);

} // namespace busbar::apps
