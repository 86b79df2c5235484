#pragma once
// What happens to the store of history (adapters/store/). `path` is its database.

#include "domain/event.hpp"
#include "domain/events/moment.hpp"

#include <string>

namespace busbar::domain::events {

[[nodiscard]] event store_lost(const moment& now, std::string path, const std::string& why);
[[nodiscard]] event store_back(const moment& now, std::string path);
/// `aside`: where what was there is kept.
[[nodiscard]] event store_set_aside(const moment& now, std::string path, const std::string& why,
                                    const std::string& aside);
/// The database is gone, or another one stands in its place.
[[nodiscard]] event store_replaced(const moment& now, std::string path);
/// Records of the log were gone before they were read.
[[nodiscard]] event store_missed(const moment& now, std::string path, std::uint64_t records);

} // namespace busbar::domain::events
