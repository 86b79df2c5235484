#pragma once
// Sessions as a table (CSV, RFC 4180): a line of names, then one a session.

#include "domain/session.hpp"
#include "ports/engine_node.hpp"

#include <string>

namespace busbar::adapters::http::api {

class session_table {
public:
  /// `engine` states the currency of sites; outlives it.
  explicit session_table(const ports::engine_node& engine);
  void add(const domain::session_fact& fact);
  [[nodiscard]] std::string take() { return std::move(text_); }

private:
  const ports::engine_node& engine_;
  std::string text_;
};

} // namespace busbar::adapters::http::api
