#pragma once
// One request to another engine node and its answer. Everything of it runs on the client's thread.
// Internal to this folder (as `peer_feed.hpp`): the headers that know Boost.
//
//   connecting (and securing) --stands--> writing --> reading the head --> reading the body
//       |                                    |               |                    |   |
//       |--1 s, refused                      '---------------+--deadline----------+   v
//       |                                                    |                  answered
//       v                                                    '--> unanswered, broken, garbled,
//   unreachable                                                  too large
//
// A connection that was kept and turns out to be closed before anything came back is replaced by a
// new one where the request changes nothing.

#include <utility>

#include "adapters/http/peers/peer_client.hpp"
#include "adapters/tls/link_stream.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <array>
#include <atomic>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace busbar::adapters::http::peers {

struct peer_counts {
  std::atomic<std::size_t> under_way{0};
  /// By the first digit of the status.
  std::array<std::atomic<std::uint64_t>, 6> answers{};
  /// By `peer_fault`.
  std::array<std::atomic<std::uint64_t>, 6> failures{};
  std::atomic<std::uint64_t> connections{0};
  std::atomic<std::uint64_t> microseconds{0};
  /// That are followed now.
  std::atomic<std::size_t> streams{0};
};

struct idle_connection {
  std::unique_ptr<tls::link_stream> link;
  std::chrono::steady_clock::time_point since;
};

/// What all exchanges of a client share.
struct peer_ground {
  explicit peer_ground(peer_settings with) : settings(with) {}
  const peer_settings settings;
  peer_counts counts;
  /// Under which connections are made; null: without TLS. Of the client's thread.
  tls::shared_context secure;
  /// Bytes of answers that are being read. Of the client's thread.
  std::size_t unread_bytes = 0;
  /// Requests under way, by address; none is 0. Of the client's thread.
  std::map<std::string, std::size_t> asked;
  /// What waits in it when it ends refers to the members before it.
  boost::asio::io_context context{1};
  /// By address; the newest at the back. Of the client's thread.
  std::map<std::string, std::deque<idle_connection>> idle;
};

class peer_exchange : public std::enable_shared_from_this<peer_exchange> {
public:
  peer_exchange(peer_ground& ground, ports::peer_request request, ports::peer_listener then);
  ~peer_exchange();
  peer_exchange(const peer_exchange&) = delete;
  peer_exchange& operator=(const peer_exchange&) = delete;
  void begin();

private:
  using error_code = boost::system::error_code;
  using message_type = boost::beast::http::request<boost::beast::http::string_body>;
  using parser_type = boost::beast::http::response_parser<boost::beast::http::string_body>;

  [[nodiscard]] bool take_idle();
  void connect();
  void on_connected(const std::string& host);
  void write();
  void on_written(error_code failure);
  void on_head(error_code failure);
  void on_answer(error_code failure);
  void on_cut(error_code failure);
  void arm(std::chrono::steady_clock::time_point until, ports::peer_fault fault);
  void fail(ports::peer_fault fault, const std::string& detail);
  void finish(ports::peer_outcome outcome);
  void keep_connection();

  peer_ground& ground_;
  ports::peer_request request_;
  ports::peer_listener then_;
  const std::chrono::steady_clock::time_point began_at_ = std::chrono::steady_clock::now();
  boost::asio::ip::tcp::resolver resolver_;
  std::unique_ptr<tls::link_stream> link_;
  boost::asio::steady_timer deadline_;
  boost::beast::flat_buffer buffer_;
  message_type message_;
  std::optional<parser_type> parser_;
  std::size_t reserved_bytes_ = 0;
  bool is_kept_connection_ = false;
};

} // namespace busbar::adapters::http::peers
