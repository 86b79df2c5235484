#pragma once
// Records that could not be read: counted by topic and code, and kept on the dead-letter topic with
// reason and bytes, while the partition goes on.

#include "domain/result.hpp"
#include "domain/time.hpp"
#include "messages/codec.hpp"
#include "ports/event_log.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <utility>

namespace busbar::messages {

/// Thread-safe.
class dead_letters {
public:
  using counts = std::map<std::pair<std::string, domain::errc>, std::uint64_t>;

  /// `producer` outlives it.
  explicit dead_letters(ports::log_producer& producer) : producer_(producer) {}

  /// REQUIRES: `why.code` is not unspecified.
  /// The refusal is counted whatever becomes of the letter; a letter that the log does not take
  /// is counted in `unpublished`.
  void refuse(const ports::record& what, const domain::error& why, domain::instant now);

  /// Refusals by topic and code.
  [[nodiscard]] counts refused() const;
  [[nodiscard]] std::uint64_t unpublished() const;

private:
  ports::log_producer& producer_;
  mutable std::mutex mutex_;
  counts refused_;
  std::uint64_t unpublished_ = 0;
};

/// The letter about `what`; its bytes are cut at bounds::dead_letter_bytes_max.
[[nodiscard]] dead_letter letter_about(const ports::record& what, const domain::error& why,
                                       domain::instant now);

} // namespace busbar::messages
