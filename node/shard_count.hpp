#pragma once
// How many shards a log has: the partitions of each of its topics.

#include "domain/result.hpp"
#include "ports/event_log.hpp"

#include <cstdint>
#include <optional>

namespace busbar::node {

/// Where the topics are made and nobody has stated a number.
inline constexpr std::int32_t shards_default = 12;
/// Ten topics of so many partitions are 5,120: a broker of default settings makes them in seconds.
inline constexpr std::int32_t shards_max = 512;

/// Makes the topics that are missing with as many partitions as the others have, all of them with
/// `stated` (1 to `shards_max`) or `shards_default` where there is none. How many partitions each
/// has. errc::out_of_range: `stated` is another number than the topics have.
[[nodiscard]] domain::result<std::int32_t> open_shards(ports::event_log& log,
                                                       std::optional<std::int32_t> stated);

} // namespace busbar::node
