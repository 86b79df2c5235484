#pragma once
// The kind of node that the last part of a short form names: "/api/site-constraints/feeder".

#include "domain/site.hpp"

#include <string>

namespace busbar::adapters::http::api {

/// A panel is a feeder below a feeder. An empty kind is any.
[[nodiscard]] inline bool is_of_kind(const domain::node& node, const std::string& kind) {
  const bool is_panel = node.kind == domain::node_kind::panel;
  return kind.empty() || kind == name_of(node.kind) || (is_panel && kind == "feeder");
}

} // namespace busbar::adapters::http::api
