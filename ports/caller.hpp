#pragma once
// The caller that asks something of a node.

#include "domain/cause.hpp"

#include <optional>
#include <string>

namespace busbar::ports {

struct caller {
  /// Of the peer, as its socket states it: "192.0.2.7". Empty inside the process.
  std::string address;
  /// Names the request in answers and logs: the client's own X-Request-Id, or one made for it.
  std::string request;
  /// The user or program that has shown who it is; absent where access is not controlled.
  std::optional<domain::cause> who = {};
};

} // namespace busbar::ports
