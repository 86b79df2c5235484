#pragma once
// A stream of another engine node (text/event-stream), event by event. Everything of it runs on the
// client's thread. Internal to this folder.
//
//   connecting --stands--> asking --200--> following --ends, silent, garbled--> ended
//       '--refused, late-----'--other answer------------------------------------^

#include "adapters/http/peers/peer_exchange.hpp"

#include <boost/beast/http/buffer_body.hpp>

namespace busbar::adapters::http::peers {

class peer_feed : public std::enable_shared_from_this<peer_feed> {
public:
  peer_feed(peer_ground& ground, ports::peer_request request, ports::peer_events to);
  ~peer_feed();
  peer_feed(const peer_feed&) = delete;
  peer_feed& operator=(const peer_feed&) = delete;
  void begin();
  /// Nobody listens any more.
  void end();

private:
  using error_code = boost::system::error_code;
  using message_type = boost::beast::http::request<boost::beast::http::empty_body>;
  using parser_type = boost::beast::http::response_parser<boost::beast::http::buffer_body>;

  void on_connected(const std::string& host);
  void ask();
  void on_head(error_code failure);
  void read();
  void on_read(error_code failure);
  void take_events();
  void arm(std::chrono::milliseconds patience);
  void fail(const std::string& why);

  peer_ground& ground_;
  ports::peer_request request_;
  ports::peer_events to_;
  boost::asio::ip::tcp::resolver resolver_;
  tls::link_stream link_;
  boost::asio::steady_timer deadline_;
  boost::beast::flat_buffer buffer_;
  message_type message_;
  parser_type parser_;
  std::array<char, 65'536> piece_{};
  /// What has come of an event that is not whole.
  std::string event_;
};

} // namespace busbar::adapters::http::peers
