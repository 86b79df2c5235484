#include "node/group_watch.hpp"

#include <chrono>
#include <string>

namespace busbar::node {

namespace {

domain::seconds since(std::int64_t at_us, domain::instant now) {
  return std::chrono::floor<domain::seconds>(now.time_since_epoch() - domain::microseconds{at_us});
}

} // namespace

void group_watch::look(std::size_t partitions, std::uint64_t batches, domain::instant now) {
  const auto us = now.time_since_epoch().count();
  partitions_ = partitions;
  if (partitions > 0 || is_drained_) read_at_us_ = us;
  if (batches_.exchange(batches) != batches) heard_at_us_ = us;
}

std::vector<ports::health_check> group_watch::checks(domain::instant now) const {
  const auto unread = since(read_at_us_, now);
  ports::health_check partitions{"partitions", true, unread <= partitions_patience, "", {}};
  partitions.message = partitions_ > 0
                           ? "reads " + std::to_string(partitions_) + " partitions"
                           : "reads no partition of its group for " +
                                 std::to_string(unread.count()) + " s";
  if (is_drained_ && partitions_ == 0)
    partitions.message = "is drained: it holds no site until it is put back";
  if (!is_in_place_) {
    partitions.is_passing = false;
    partitions.message = "has no certain place in its group, and commands nothing until it has";
  }
  const auto silent = since(heard_at_us_, now);
  const bool has_come = heard_at_us_ != 0;
  ports::health_check telemetry{"telemetry", true, !has_come || silent <= telemetry_patience,
                                 "", {}};
  telemetry.message = has_come ? "the newest of all sites is " + std::to_string(silent.count()) +
                                     " s old"
                               : "none has come yet";
  return {partitions, telemetry};
}

} // namespace busbar::node
