#pragma once
// One WebSocket of a pool, from its first attempt to the pool's end. Everything runs on the pool's
// thread. Internal to this folder.
//
//   waiting --time--> connecting --TLS, handshake--> open --end--> waiting
//                        \--refused, no answer, no trust--> waiting

#include <utility>

#include "adapters/ocpp/client/socket_pool.hpp"
#include "adapters/tls/link_stream.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket.hpp>

#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace busbar::adapters::ocpp::client {

class client_link : public std::enable_shared_from_this<client_link> {
public:
  using listener = std::function<void(link_event)>;

  client_link(boost::asio::io_context& context, const pool_settings& settings, std::size_t place,
              listener tell);

  void connect_after(std::chrono::milliseconds pause);
  void send(std::string text);
  void renew();
  /// For good.
  void end();
  /// At once, without a word.
  void cut();

private:
  using error_code = boost::system::error_code;
  using stream_type = boost::beast::websocket::stream<tls::link_stream, false>;
  enum class phase { waiting, connecting, open, closing, ended };

  /// One connection: it lives until the last of its handlers has run.
  struct connection {
    explicit connection(boost::asio::io_context& of)
        : stream(boost::asio::ip::tcp::socket{of}) {}
    stream_type stream;
    boost::beast::flat_buffer buffer;
    std::deque<std::string> queue;
    bool is_writing = false;
    bool closes_after = false;
  };
  using shared_connection = std::shared_ptr<connection>;

  void connect();
  void on_resolved(const boost::asio::ip::tcp::resolver::results_type& found);
  void on_connected();
  void shake_hands();
  void on_open();
  void read();
  void on_frame(error_code failure);
  void write();
  void close();
  void lose();
  /// Calls `handle` where the connection is still the one that it was begun for.
  template <class Handle> auto guarded(Handle handle);
  [[nodiscard]] std::chrono::milliseconds next_pause();

  boost::asio::io_context& context_;
  const pool_settings& settings_;
  std::size_t place_;
  listener tell_;
  boost::asio::ip::tcp::resolver resolver_;
  boost::asio::steady_timer timer_;
  shared_connection now_;
  phase phase_ = phase::waiting;
  std::chrono::milliseconds pause_{};
  std::uint64_t random_;
};

} // namespace busbar::adapters::ocpp::client
