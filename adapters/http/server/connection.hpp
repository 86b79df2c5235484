#pragma once
// One client: reads requests, asks the router, writes answers; or feeds a stream. Everything of it
// runs on its socket's strand; `deliver` and `shut` may be called from anywhere. Internal to this
// folder, the only header that knows Boost.
//
//   securing (under TLS) --handshake--> reading
//      |--no TLS--> writing (400)
//      |--failed, late--> closed
//   reading --request--> waiting --answer--> writing --done, keep-alive--> reading
//      |                    |                   |----done, close-------> draining --end--> closed
//      |                    |--deadline--> writing (504)   (so that the client reads the answer)
//      |--deadline, bytes--> writing (408)
//      |--deadline, none---> closed
//   writing --stream's head is out--> streaming --reader gone, slow, or shut--> closed

#include <utility>

#include "adapters/http/server/http_server.hpp"
#include "adapters/http/server/router.hpp"
#include "adapters/http/server/stream_source.hpp"
#include "adapters/http/server/unsent_bytes.hpp"
#include "adapters/tls/link_stream.hpp"
#include "adapters/tls/listener_certificates.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>

#include <array>
#include <atomic>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <set>

namespace busbar::adapters::http::server {

/// Late answers come from other threads, and perhaps after the server: they come in through this,
/// or are dropped where it is closed.
struct late_door {
  std::mutex guard;
  bool is_open = true;
};

/// What all connections of a server share.
struct server_state {
  server_state(server_settings with, router handlers, const stream_maker& make_streams)
      : settings(std::move(with)), unsent(settings.unsent_bytes_max), routes(std::move(handlers)),
        streams(make_streams(unsent)) {}

  server_settings settings;
  unsent_bytes unsent;
  router routes;
  std::unique_ptr<stream_source> streams;
  /// Null: TLS is not spoken. What it counts is of any thread, all else of the listener's strand.
  std::unique_ptr<tls::listener_certificates> certificates;

  std::atomic<std::uint64_t> requests{0};
  std::atomic<std::uint64_t> refused_connections{0};
  std::atomic<std::uint64_t> timeouts{0};
  /// Answered 503 because too much waits for its readers.
  std::atomic<std::uint64_t> refused_answers{0};
  std::atomic<std::uint64_t> streams_opened{0};
  std::atomic<std::uint64_t> streams_dropped{0};
  /// Answers by the first digit of their status.
  std::array<std::atomic<std::uint64_t>, 6> answers{};

  std::shared_ptr<late_door> late = std::make_shared<late_door>();

  std::mutex mutex;
  std::set<class connection*> connections;
};

class connection : public stream_reader, public std::enable_shared_from_this<connection> {
public:
  connection(boost::asio::ip::tcp::socket socket, server_state& state);
  ~connection() override;
  connection(const connection&) = delete;
  connection& operator=(const connection&) = delete;

  /// `context`: of the TLS that it is under; null: none.
  void start(tls::shared_context context);
  /// Answers 503 without reading; under TLS it only ends.
  void refuse();
  /// Ends it: at once where nothing is being answered, after the answer where one is.
  void shut();
  void deliver(shared_text text) override;

private:
  using error_code = boost::system::error_code;
  using body_type = boost::beast::http::span_body<const char>;

  void on_secured(error_code failure);
  void read();
  void on_head(error_code failure);
  void on_request(error_code failure);
  void read_body();
  void handle();
  void finish(response found);
  [[nodiscard]] response subscribe(response found);
  void answer(response outgoing, bool keeps_alive, bool is_head_only);
  /// The answer, or 503 where too much waits for its readers already.
  [[nodiscard]] response within_bounds(response outgoing);
  void forget_answer();
  void write_head();
  void write_all();
  void on_written(error_code failure);
  void begin_stream();
  void watch_stream();
  void enqueue(shared_text text);
  void write_stream();
  void on_stream_written(error_code failure, std::size_t events);
  void drain();
  void close();
  void arm(std::chrono::milliseconds patience);
  void on_deadline();

  tls::link_stream link_;
  server_state& state_;
  boost::asio::steady_timer deadline_;
  boost::beast::flat_buffer buffer_;
  std::optional<boost::beast::http::request_parser<boost::beast::http::string_body>> parser_;

  /// The answer that is being written; its bytes live here.
  response outgoing_;
  std::optional<boost::beast::http::response<body_type>> message_;
  std::optional<boost::beast::http::response_serializer<body_type>> serializer_;
  bool keeps_alive_ = false;
  /// Counted as unsent.
  std::size_t held_bytes_ = 0;

  enum class phase { securing, reading, waiting, writing, draining, streaming, closed };
  phase phase_ = phase::reading;
  bool has_timed_out_ = false;
  bool is_shutting_ = false;

  /// The request that is being answered; empty where none is.
  request asked_;
  /// Of the requests on this connection: an answer to an earlier one is too late.
  std::uint64_t turn_ = 0;

  struct open_stream {
    std::deque<shared_text> queue;
    std::size_t queued_bytes = 0;
    bool is_subscribed = false;
    bool is_writing = false;
  };
  open_stream stream_;
  std::array<char, 512> discarded_{};
  std::size_t drained_bytes_ = 0;
};

} // namespace busbar::adapters::http::server
