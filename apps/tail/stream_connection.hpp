#pragma once
// A connection to the stream of an engine: a plain socket, waited on in short turns so that the
// caller can stop.

#include "domain/result.hpp"

#include <chrono>
#include <cstdint>
#include <string>

namespace busbar::apps {

struct stream_address {
  std::string host;
  std::string port;
  /// Of an engine that asks who calls; empty: none.
  std::string token = {};
};

/// From "http://host[:port][/]". errc::out_of_range with what is allowed.
[[nodiscard]] domain::result<stream_address> stream_address_of(const std::string& url);

enum class wait_outcome : std::uint8_t {
  nothing = 0,
  /// bytes are there
  bytes,
  /// the other side is gone
  closed,
  /// the reader of our standard output has gone
  no_reader,
};

class stream_connection {
public:
  stream_connection() = default;
  ~stream_connection();
  stream_connection(const stream_connection&) = delete;
  stream_connection& operator=(const stream_connection&) = delete;

  /// Connects and sends `GET target`. errc::unavailable with the address and why.
  domain::result<void> open(const stream_address& address, const std::string& target,
                            const std::string& last_event_id);
  void close();
  /// Waits at most `patience`; with outcome `bytes` they stand in `into`.
  wait_outcome wait(std::chrono::milliseconds patience, std::string& into);

private:
  int socket_ = -1;
};

} // namespace busbar::apps
