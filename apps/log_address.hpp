#pragma once
// The log that an address on the command line names.

#include "domain/result.hpp"
#include "ports/event_log.hpp"

#include <memory>
#include <string>

namespace busbar::apps {

/// "embedded", or "kafka://host:port[,host:port...]". errc::out_of_range for anything else, or what
/// the Kafka adapter says of the address.
[[nodiscard]] domain::result<std::shared_ptr<ports::event_log>>
open_log(const std::string& address);

} // namespace busbar::apps
