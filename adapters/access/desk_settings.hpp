#pragma once
// How a desk of users runs.

#include "adapters/access/password_hash.hpp"
#include "adapters/access/work_queue.hpp"
#include "domain/event.hpp"
#include "domain/time.hpp"

#include <chrono>
#include <functional>
#include <string>

namespace busbar::adapters::access {

/// What people have to know: severity, kind, text. From any thread.
using report_line =
    std::function<void(domain::severity, const std::string& kind, const std::string& text)>;

struct desk_settings {
  std::string folder;
  hash_cost cost;
  queue_bounds hashing{2, 32};
  queue_bounds writing{1, 256};
  /// For the code of the first start.
  domain::microseconds set_up_life = std::chrono::minutes{15};
  /// Absent: the system's.
  std::function<domain::instant()> clock;
  report_line report;
};

} // namespace busbar::adapters::access
