#pragma once
// One station's socket, from its head to its end. Everything runs on the server's one thread.
// Internal to this folder.

#include <utility>

#include "adapters/ocpp/server/handshake_gate.hpp"
#include "adapters/ocpp/server/ocpp_server.hpp"
#include "adapters/ocpp/tls/link_stream.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>

#include <array>
#include <atomic>
#include <deque>
#include <memory>
#include <optional>
#include <set>
#include <unordered_map>

namespace busbar::adapters::ocpp::server {

class connection;

/// Counted since the start; read from any thread.
struct server_counters {
  std::atomic<std::uint64_t> handshakes{0};
  std::atomic<std::uint64_t> refused{0};
  std::atomic<std::uint64_t> unspoken{0};
  std::atomic<std::uint64_t> put_off{0};
  std::atomic<std::uint64_t> late_heads{0};
  std::atomic<std::uint64_t> contested{0};
  std::atomic<std::uint64_t> taken_over{0};
  std::atomic<std::uint64_t> frames_in{0};
  std::atomic<std::uint64_t> frames_out{0};
  std::atomic<std::uint64_t> too_big{0};
  std::atomic<std::uint64_t> not_text{0};
  std::atomic<std::uint64_t> slow{0};
  std::atomic<std::uint64_t> silent{0};
  std::atomic<std::uint64_t> open{0};
  std::atomic<std::uint64_t> secured{0};
  std::atomic<std::uint64_t> revoked{0};
  /// By `tls::handshake_failure`.
  std::array<std::atomic<std::uint64_t>, tls::handshake_failures> unsecured{};
};

/// So many seconds' worth of handshakes may come at once.
inline constexpr std::uint32_t burst_s = 5;

/// What all connections share.
struct server_state {
  ocpp_settings settings;
  station_door& door;
  server_counters counters{};
  handshake_gate gate{settings.handshakes_per_s, burst_s};
  link_id last_link = 0;
  bool is_stopping = false;
  std::set<connection*> all{};
  std::unordered_map<link_id, connection*> by_link{};
  /// Of every identity the connection that has it.
  std::unordered_map<std::string, connection*> holders{};
  /// Does what the door asks for.
  std::function<void()> flush{};
};

class connection : public std::enable_shared_from_this<connection> {
public:
  using clock = std::chrono::steady_clock;

  connection(boost::asio::ip::tcp::socket socket, server_state& state);
  ~connection();
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;

  /// `context`: of the TLS that it is under; null: none. `is_local`: its listener is.
  void start(const tls::shared_context& context, bool is_local);
  /// Queued; more than may wait ends the connection.
  void send(std::string text);
  /// With a close frame, once what is queued has been written.
  void close(close_code why);
  /// At once, without a word.
  void cut();
  /// A second has passed: pings, and ends one that is silent.
  void pulse(clock::time_point now);
  /// Ends it where its station's certificate is revoked under these.
  void hold_to(const tls::shared_context& context);
  /// OCPP-2: `other` asks for this identity; it is told whether this one answers.
  void be_challenged(std::shared_ptr<connection> other);

private:
  using error_code = boost::system::error_code;
  using socket_type = boost::asio::ip::tcp::socket;
  enum class phase { securing, head, challenging, upgrading, open, closing, closed };

  void on_secured(error_code failure);
  void read_head();
  void on_head(error_code failure);
  [[nodiscard]] unsigned judge_head();
  void challenged(bool has_answered);
  void upgrade();
  void on_upgraded(error_code failure);
  void refuse(unsigned status, std::optional<std::uint32_t> again_after_s = std::nullopt);
  void read();
  void on_frame(error_code failure);
  void write();
  void heard();
  void answer_challenge(bool has_answered);

  /// What is written, and what waits for it.
  struct outbox {
    std::deque<std::string> queue;
    std::size_t bytes = 0;
    bool is_writing = false;
    std::optional<close_code> closes_after;
  };
  struct head_reader {
    boost::beast::http::request_parser<boost::beast::http::empty_body> parser;
    std::optional<boost::beast::http::response<boost::beast::http::string_body>> answer;
    link_security security;
  };
  /// When what was last seen of the station.
  struct signs_of_life {
    clock::time_point heard{};
    clock::time_point pinged{};
    bool is_pinging = false;
    std::shared_ptr<connection> challenger;
  };

  server_state& state_;
  boost::beast::websocket::stream<tls::link_stream, false> stream_;
  boost::asio::steady_timer deadline_;
  boost::beast::flat_buffer buffer_;
  std::unique_ptr<head_reader> head_;
  std::string identity_;
  std::string protocol_;
  link_id link_ = 0;
  phase phase_ = phase::head;
  outbox out_;
  signs_of_life life_;
};

} // namespace busbar::adapters::ocpp::server
