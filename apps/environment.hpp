#pragma once
// The environment variables of the load manager (docs/operations.md, "Environment variables"): what
// they say comes over what a site's file says, and where both say something it is told once.

#include "domain/result.hpp"
#include "domain/site.hpp"
#include "domain/site_configuration.hpp"
#include "domain/time.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace busbar::apps {

struct environment {
  /// Of every site's service; its `node` is empty.
  domain::node_configuration service;
  std::optional<domain::watts> peak_demand;
  /// As it is named: line to line where the supply has three lines, else line to neutral.
  std::optional<domain::millivolts> voltage;
  std::optional<bool> sheds_load;
  std::optional<domain::permille> shedding_rise;
  std::optional<domain::permille> shedding_fall;
  std::optional<domain::seconds> stale_after;
  std::optional<std::string> audit_dir;
  std::optional<domain::microseconds> health_check_every;
};

struct read_environment_result {
  environment read;
  /// "MAX_SERVICE_CURRENT is 'many': allowed are numbers from 0.001 to 100000 (A)".
  std::vector<std::string> faults;
};

/// `value_of`: the variable of that name; absent where it is not set. An empty one is not set.
[[nodiscard]] read_environment_result
read_environment(const std::function<std::optional<std::string>(const std::string&)>& value_of);
/// Of this process.
[[nodiscard]] read_environment_result read_environment();

/// `file` with `over` on it, sealed again. `said` gets a line for each thing that the file says
/// otherwise. errc::unsafe (LIM-4), errc::conflict, errc::out_of_range.
[[nodiscard]] domain::result<std::shared_ptr<const domain::site>>
with_environment(const std::shared_ptr<const domain::site>& file, const environment& over,
                 std::vector<std::string>& said);

/// The site's file as it is now, with `over` on it as at the start.
[[nodiscard]] domain::result<std::shared_ptr<const domain::site>>
read_again(const std::string& path, const environment& over);

} // namespace busbar::apps
