#pragma once
// The table of routes: method and path template to handler. Templates name their variable segments
// in braces: "/api/v1/sites/{site}". Built before the server starts, read by every thread after.

#include "adapters/http/message.hpp"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace busbar::adapters::http {

using handler = std::function<response(const request&)>;

class router {
public:
  void add(method verb, const std::string& path_template, handler handle);
  /// Answers paths that no route has: nothing where it has none either.
  void add_fallback(std::function<std::optional<response>(const request&)> handle);

  /// The handler's answer; a problem 404 or 405 (with Allow) where there is none, 500 where the
  /// handler threw.
  [[nodiscard]] response answer(request& asked) const;
  /// What may be asked of a path, for OPTIONS: "GET, HEAD, OPTIONS". Empty: no such path.
  [[nodiscard]] std::string allowed(const std::string& path) const;

private:
  struct route {
    method verb;
    std::vector<std::string> segments;
    handler handle;
  };

  std::vector<route> routes_;
  std::function<std::optional<response>(const request&)> fallback_;
};

} // namespace busbar::adapters::http
