#pragma once
// The HTTP server of an engine node: the API of openapi.json, /metrics, the stream, the page. It
// owns its threads (one unless said) and never waits for the engine or for a slow client.
//
// Bounds: settings below; a target has at most 2,048 bytes, a query 32 parameters.

#include "actors/engine_port.hpp"
#include "adapters/http/resources.hpp"
#include "domain/result.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <span>
#include <string>

namespace busbar::adapters::http {

struct server_settings {
  std::string address = "127.0.0.1";
  /// 0: a free one; `server::port` tells which.
  std::uint16_t port = 8000;
  /// 1..16.
  unsigned threads = 1;
  /// Connections above it are answered 503 and closed. 1..16'384.
  std::size_t connections_max = 2'048;
  /// Open streams; 503 above. 0..connections_max.
  std::size_t streams_max = 1'024;
  /// From the first byte that is waited for to the last byte of the request: 408 after it, or a
  /// close where nothing came. Also how long a connection is kept without a request.
  std::chrono::milliseconds request_time{20'000};
  /// A client that does not take an answer within it is dropped.
  std::chrono::milliseconds write_time{20'000};
  std::uint32_t head_bytes_max = 8'192;
  std::uint64_t body_bytes_max = 65'536;
  /// Bytes waiting for one stream's reader; more, and the reader is dropped.
  std::size_t stream_bytes_max = 4'194'304;
  /// Bytes of all answers and streams together that wait for their readers. An answer for which no
  /// room is left is 503 in its place; a stream's reader that is behind is dropped. >= 4 MiB.
  std::size_t unsent_bytes_max = 67'108'864;
};

/// The first member outside its range, or nothing.
[[nodiscard]] domain::result<void> validate(const server_settings& settings);

class server {
public:
  /// `engine` and the bytes of `assets` outlive the server. `metrics_text` answers /metrics.
  server(server_settings settings, actors::engine_port& engine,
         std::function<std::string()> metrics_text, std::span<const asset> assets);
  /// Stops.
  ~server();

  /// Binds and serves. errc::unavailable with the address where it cannot be bound,
  /// errc::out_of_range where the settings are wrong.
  [[nodiscard]] domain::result<void> start();
  /// Answers what is being asked, closes streams, joins its threads; under a second. Idempotent.
  void stop();
  /// The port it listens on; 0 before `start`.
  [[nodiscard]] std::uint16_t port() const;

  /// Counters ("requests_total", "streams_dropped_total") and gauges ("connections", "streams") by
  /// name. Thread-safe, also while stopped.
  [[nodiscard]] std::map<std::string, double> statistics() const;

private:
  class loop;
  std::unique_ptr<loop> loop_;
};

} // namespace busbar::adapters::http
