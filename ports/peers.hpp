#pragma once
// What one engine node asks of another: a request of its API, passed on.

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <variant>
#include <vector>

namespace busbar::ports {

struct peer_header {
  std::string name;
  std::string value;
};

struct peer_request {
  /// "host:port".
  std::string address;
  /// "GET".
  std::string method;
  /// Path and query, escaped.
  std::string target;
  std::vector<peer_header> headers;
  std::string body;
  /// Until the whole answer is there.
  std::chrono::milliseconds patience{5'000};
};

struct peer_answer {
  /// 200..599, not 3xx.
  unsigned status = 0;
  std::string content_type;
  std::vector<peer_header> headers;
  std::string body;
};

enum class peer_fault : std::uint8_t {
  /// Nothing was sent: there is no such address, or nothing listens there.
  unreachable,
  /// Nothing was sent: too many requests are under way.
  busy,
  /// The connection ended before an answer had begun.
  broken,
  /// The answer was not there in time.
  unanswered,
  /// What came is no answer of an engine node.
  garbled,
  /// The answer is larger than is taken.
  too_large,
};

struct peer_failure {
  peer_fault fault = peer_fault::unreachable;
  /// What happened, for a person.
  std::string detail;
};

using peer_outcome = std::variant<peer_answer, peer_failure>;
using peer_listener = std::function<void(peer_outcome)>;

/// Takes an answer that does not end, on a thread of the peers: it does not wait.
struct peer_events {
  /// Whole events of the stream (text/event-stream), each with the empty line that ends it.
  std::function<void(std::string)> take;
  /// Called once, unless the stream was let go of: there is none, or it has ended, and why.
  std::function<void(const std::string&)> ended;
};

/// Thread-safe.
class peers {
public:
  virtual ~peers() = default;
  /// `then` is called once, on a thread of the peers: it does not wait, and may ask again.
  virtual void ask(peer_request request, peer_listener then) = 0;
  /// Reads a stream until the answer is let go of. `patience`: until its head is there.
  [[nodiscard]] virtual std::shared_ptr<void> follow(peer_request request, peer_events to) = 0;
  /// Calls `then` after `delay`, on that thread.
  virtual void later(std::chrono::milliseconds delay, std::function<void()> then) = 0;
};

} // namespace busbar::ports
