#pragma once
// The engine under load.

#include "apps/log_address.hpp"
#include "domain/result.hpp"
#include "loadtest/load_report.hpp"
#include "ports/event_log.hpp"

#include <memory>
#include <string>
#include <vector>

namespace busbar::apps {

struct engine_load {
  log_options log;
  std::size_t sites = 0;
  std::size_t stations = 0;
  /// Folder of a recording; empty: none. It shows what recording costs: these sites have no file,
  /// so that it cannot be replayed.
  std::string record;
};

class engine_side {
public:
  virtual ~engine_side() = default;
  /// CPU time leaves out the threads that `foreign_cpu_us` (their CPU time so far) stands for.
  [[nodiscard]] virtual loadtest::engine_sample sample(std::int64_t foreign_cpu_us) = 0;
  virtual void stop() = 0;
};

/// Resident memory of a process, 0: this one.
[[nodiscard]] std::int64_t resident_bytes(int process);

/// Starts an engine in this process on `log`.
[[nodiscard]] domain::result<std::unique_ptr<engine_side>>
start_engine_here(const engine_load& load, std::shared_ptr<ports::event_log> log);

/// Starts this program again as the engine's process (`busbar load --engine-only`) and waits until
/// it runs. errc::unavailable with what it said where it does not.
[[nodiscard]] domain::result<std::unique_ptr<engine_side>>
start_engine_process(const engine_load& load);

/// The other end of `start_engine_process`: runs until standard input ends; writes a sample as one
/// line of JSON to standard output ten times a second. Returns the exit code.
int run_engine_process(const engine_load& load);

} // namespace busbar::apps
