#pragma once
// Asks the HTTP servers of other engine nodes (ports/peers.hpp), on one thread of its own, over
// connections that are kept for the next request.
//
// Bounds: settings below; the head of an answer has at most 8 KiB.

#include "adapters/tls/tls_context.hpp"
#include "ports/peers.hpp"

#include <chrono>
#include <cstddef>
#include <map>
#include <memory>
#include <string>

namespace busbar::adapters::http::peers {

struct peer_settings {
  /// Requests under way, to all nodes together; more are refused (`peer_fault::busy`).
  std::size_t requests_max = 64;
  /// Of them to one node: one that stalls leaves room for the others.
  std::size_t requests_of_one_max = 32;
  /// Of one answer; a larger one is refused (`peer_fault::too_large`).
  std::size_t answer_bytes_max = 8'388'608;
  /// Of all answers together that are being read; above it requests count as too many.
  std::size_t unread_bytes_max = 67'108'864;
  /// Until the connection stands.
  std::chrono::milliseconds connect_time{1'000};
  /// A connection is kept so long without a request: less than servers keep theirs.
  std::chrono::milliseconds idle_time{5'000};
  /// Streams that are followed, of all nodes together; more are refused.
  std::size_t streams_max = 256;
  /// A stream in which nothing comes for so long has ended: three of its heartbeats.
  std::chrono::milliseconds stream_silence{16'000};
  /// Of one event of a stream.
  std::size_t event_bytes_max = 8'388'608;
  /// Connections that are kept to one node.
  std::size_t idle_connections_max = 8;
};

class peer_client : public ports::peers {
public:
  explicit peer_client(peer_settings settings = {});
  /// Ends its thread; what is under way is never answered.
  ~peer_client() override;

  /// From now on connections are made under TLS, with this; those that stand stay. Thread-safe.
  void secure(tls::shared_context context);

  void ask(ports::peer_request request, ports::peer_listener then) override;
  [[nodiscard]] std::shared_ptr<void> follow(ports::peer_request request,
                                             ports::peer_events to) override;
  void later(std::chrono::milliseconds delay, std::function<void()> then) override;
  /// Counters by name: answers by the first digit of their status, failures by kind, seconds and
  /// connections; and how many requests are under way. Thread-safe.
  [[nodiscard]] std::map<std::string, double> statistics() const;

private:
  class core;
  std::shared_ptr<core> core_;
};

} // namespace busbar::adapters::http::peers
