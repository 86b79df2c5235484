#pragma once
// The log inside the process: topics and partitions in memory, with the semantics of Kafka that the
// engine relies on (ports/event_log.hpp). The default: no broker to install. Records go with
// the process, or outlive it in a folder.
//
// Bounds: each topic holds at most `topic_records_max` records and `topic_bytes_max` bytes, divided
// evenly among its partitions. A full partition forgets its oldest records that every group has
// read; where a reader lags behind, `publish` answers errc::full.

#include "domain/time.hpp"
#include "ports/event_log.hpp"

#include <cstddef>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace busbar::adapters::embedded {

/// The system's clock: when records are written, which retention counts from.
[[nodiscard]] domain::instant system_now();

struct embedded_log_settings {
  /// At least one for each partition.
  std::size_t topic_records_max = 1'000'000;
  /// Payload, key and about 80 bytes of bookkeeping for each record.
  std::size_t topic_bytes_max = 128 * 1'048'576;
  std::function<domain::instant()> now = system_now;
  /// Topics that a kept log keeps; what is high-volume and soon old need not be.
  std::function<bool(const std::string& topic)> keeps = [](const std::string&) { return true; };
};

/// Never null. The log lives as long as it, a producer or a consumer of it lives.
[[nodiscard]] std::shared_ptr<ports::event_log>
make_embedded_log(embedded_log_settings settings = {});

/// The same, whose records outlive the process in `folder` (kept_topics.hpp). `note` is given what
/// was found and put right there. errc::conflict: another process has the folder; errc::malformed,
/// errc::unavailable: it cannot be used, and why.
[[nodiscard]] domain::result<std::shared_ptr<ports::event_log>>
make_kept_log(const std::filesystem::path& folder, std::string& note,
              embedded_log_settings settings = {});

} // namespace busbar::adapters::embedded
