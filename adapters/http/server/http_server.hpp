#pragma once
// An HTTP server: sockets, threads (one unless said), streams. It never waits for a slow client.
//
// Bounds: settings below; a target has at most 2,048 bytes, a query 32 parameters.

#include "adapters/http/server/router.hpp"
#include "adapters/http/server/stream_source.hpp"
#include "adapters/http/server/unsent_bytes.hpp"
#include "adapters/tls/certificate_watch.hpp"
#include "domain/result.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace busbar::adapters::http::server {

/// TLS on the server's port, and nothing without it.
struct secure_port {
  tls::server_files files;
  /// On a thread of the server, or within `start`; empty: notices are lost.
  tls::certificate_watch::listener tell;
};

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
  /// For an answer that another part gives: 504 after it. Longer than that takes to say so
  /// themselves (`ports::orders::answer_within`).
  std::chrono::milliseconds answer_time{10'000};
  std::uint32_t head_bytes_max = 8'192;
  std::uint64_t body_bytes_max = 65'536;
  /// Bytes waiting for one stream's reader; more, and the reader is dropped.
  std::size_t stream_bytes_max = 4'194'304;
  /// Bytes of all answers and streams together that wait for their readers. An answer for which no
  /// room is left is 503 in its place; a stream's reader that is behind is dropped. >= 4 MiB.
  std::size_t unsent_bytes_max = 67'108'864;
  /// Absent: plain HTTP.
  std::optional<secure_port> secure;
};

/// The first member outside its range, or nothing.
[[nodiscard]] domain::result<void> validate(const server_settings& settings);

/// Makes what feeds the streams; counts the texts that wait for readers as unsent.
using stream_maker = std::function<std::unique_ptr<stream_source>(unsent_bytes& unsent)>;

class http_server {
public:
  /// What handlers and streams refer to outlives the server.
  http_server(server_settings settings, router routes, const stream_maker& make_streams);
  /// Stops.
  ~http_server();

  /// Binds and serves. errc::unavailable with the address where it cannot be bound,
  /// errc::out_of_range where the settings are wrong; the errors of `make_server_context`.
  [[nodiscard]] domain::result<void> start();
  /// Answers what is being asked, closes streams, joins its threads; under a second. Idempotent.
  void stop();
  /// Reads the certificates again, soon; nothing without TLS. Thread-safe. REQUIRES: started.
  void reload_certificates();
  /// The port it listens on; 0 before `start`.
  [[nodiscard]] std::uint16_t port() const;

  /// Counters ("requests_total", "streams_dropped_total") and gauges ("connections", "streams") by
  /// name. Thread-safe, also while stopped.
  [[nodiscard]] std::map<std::string, double> statistics() const;

private:
  class loop;
  std::unique_ptr<loop> loop_;
};

} // namespace busbar::adapters::http::server
