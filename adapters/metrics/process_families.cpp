// The process itself, under the names that every Prometheus client uses.

#include "adapters/metrics/family_list.hpp"

#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>

namespace busbar::adapters::metrics {

namespace {

/// Fields of /proc/self/stat from the third on (proc(5)); the second may hold blanks.
std::vector<double> stat_fields() {
  std::ifstream file{"/proc/self/stat"};
  const std::string text{std::istreambuf_iterator<char>{file}, {}};
  std::vector<double> fields;
  std::istringstream rest{text.substr(std::min(text.rfind(')') + 4, text.size()))};
  for (double field = 0; rest >> field;) fields.push_back(field);
  return fields;
}

double open_files() {
  std::error_code failure;
  const std::filesystem::directory_iterator begin{"/proc/self/fd", failure};
  if (failure) return 0;
  return static_cast<double>(std::distance(begin, std::filesystem::directory_iterator{}));
}

} // namespace

void add_process_families(family_list& list) {
  // The list begins with field 4 (ppid): 14 utime, 15 stime, 20 threads, 24 resident pages.
  const std::vector<double> fields = stat_fields();
  if (fields.size() < 21) return;
  const double ticks = static_cast<double>(::sysconf(_SC_CLK_TCK));
  const double page = static_cast<double>(::sysconf(_SC_PAGESIZE));
  list.counter("process_cpu_seconds_total", "CPU time used.", (fields[10] + fields[11]) / ticks);
  list.gauge("process_threads", "Threads running.", fields[16]);
  list.gauge("process_resident_memory_bytes", "Memory in use.", fields[20] * page);
  list.gauge("process_open_fds", "Open files.", open_files());
}

} // namespace busbar::adapters::metrics
