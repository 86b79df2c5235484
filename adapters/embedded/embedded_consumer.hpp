#pragma once
// One member of a consumer group of the embedded log.

#include "adapters/embedded/log_state.hpp"

namespace busbar::adapters::embedded {

/// errc::conflict: the group has a member of that name.
[[nodiscard]] domain::result<std::unique_ptr<ports::log_consumer>>
make_embedded_consumer(std::shared_ptr<log_state> state, ports::consumer_settings settings);

} // namespace busbar::adapters::embedded
