#pragma once
// One load test from start to report.

#include "apps/load/engine_side.hpp"
#include "domain/result.hpp"
#include "loadtest/load_report.hpp"

#include <functional>
#include <string>

namespace busbar::apps {

struct load_options {
  engine_load engine;
  double hertz = 1;
  std::int64_t seconds = 20;
  /// Sites settle (first plans, first grants) before the window is measured.
  std::int64_t warm_up_seconds = 10;
  std::uint64_t seed = 1;
};

/// Runs until the window is over or `shall_stop` says so; `progress` gets one line a second.
[[nodiscard]] domain::result<loadtest::load_report>
run_load(const load_options& options, const std::function<bool()>& shall_stop,
         const std::function<void(const std::string&)>& progress);

} // namespace busbar::apps
