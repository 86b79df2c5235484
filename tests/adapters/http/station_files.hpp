#pragma once
// Files of stations on a shelf.

#include "adapters/uploads/upload_shelf.hpp"
#include "tests/builders/site_builder.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

namespace busbar::tests {

inline const domain::instant file_time{std::chrono::seconds{1'800'000'000}};

/// The token of a new place.
inline std::string expected_token(ports::uploads& shelf, const std::string& identity,
                                  domain::instant until) {
  const auto url = shelf.expect(identity, "GetDiagnostics", until);
  if (!url) return {};
  return url.value().substr(url.value().rfind('/') + 1);
}

/// A file of two bytes.
inline void put_file(ports::uploads& shelf, const std::string& identity) {
  const auto token = expected_token(shelf, identity, file_time + std::chrono::hours{1});
  auto file = shelf.open({token, "log.txt", "text/plain", std::nullopt}, file_time);
  ASSERT_TRUE(file);
  ASSERT_TRUE(file.value()->write("ab"));
  ASSERT_TRUE(file.value()->finish(file_time));
}

} // namespace busbar::tests
