#pragma once
// KEEP-1: what was taken already, by its place or by its request's id: the log may deliver a record
// again, and a client may write a request twice. Used by the ingest thread alone.

#include "domain/ids.hpp"
#include "ports/event_log.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <string>
#include <unordered_set>

namespace busbar::node {

class taken_records {
public:
  /// Requests that are remembered; the oldest go.
  static constexpr std::size_t requests_max = 65'536;

  /// What lies before `end` was read when the partition's sites were acquired.
  void read_until(const ports::partition_id& place, std::int64_t end);
  [[nodiscard]] bool is_read(const ports::partition_id& place, std::int64_t offset) const;
  /// True once for each request of a site.
  [[nodiscard]] bool is_first(const domain::site_id& site, const domain::request_id& request);

private:
  std::map<ports::partition_id, std::int64_t> ends_;
  std::unordered_set<std::string> requests_;
  /// In the order in which they came.
  std::deque<std::string> order_;
};

} // namespace busbar::node
