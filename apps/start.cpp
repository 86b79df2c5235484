#include "apps/start.hpp"

#include "apps/process_lines.hpp"

#include <cstdlib>
#include <future>

namespace busbar::apps {

domain::result<void> start_unless_stopped(stop_signal& stop,
                                          const std::function<domain::result<void>()>& start,
                                          const std::function<void()>& give_up) {
  auto started = std::async(std::launch::async, start);
  const auto is_over = [&](std::chrono::milliseconds patience) {
    return started.wait_for(patience) == std::future_status::ready;
  };
  while (!is_over(std::chrono::milliseconds{0}))
    if (stop.wait_for(std::chrono::milliseconds{20}) && !is_over(start_ends_within)) give_up();
  return started.get();
}

void end_in_start(const std::string& who) {
  print_line(domain::severity::info, "stopped",
             who + ": asked to stop while it started; it has commanded nothing");
  std::_Exit(0);
}

} // namespace busbar::apps
