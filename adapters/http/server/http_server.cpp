#include "adapters/http/server/http_server.hpp"

#include "adapters/http/server/connection.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>

#include <condition_variable>
#include <thread>
#include <vector>

#ifdef __GLIBC__
#include <malloc.h>
#endif

/// Of mimalloc, where the program has it as its allocator (docs/adr/0009-mimalloc.md).
extern "C" void mi_collect(bool by_force) noexcept __attribute__((weak));

namespace busbar::adapters::http::server {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::milliseconds pulse_every{100};
constexpr std::chrono::seconds certificates_every{1};
/// After an accept that failed (no file descriptors left), so that it does not spin.
constexpr std::chrono::milliseconds accept_pause{100};
/// Answers of at least so many bytes together are worth giving their memory back once they are out.
constexpr std::size_t memory_worth = 8'388'608;
/// Between two givings.
constexpr std::chrono::seconds memory_every{2};
/// Time for answers to end; then connections are cut.
constexpr std::chrono::milliseconds stop_grace{700};

domain::error out_of_range(const std::string& what) {
  return {domain::errc::out_of_range, "http settings: " + what};
}

domain::instant now() {
  return std::chrono::floor<domain::microseconds>(std::chrono::system_clock::now());
}

template <class Number> double as_double(Number number) { return static_cast<double>(number); }

} // namespace

domain::result<void> validate(const server_settings& settings) {
  if (settings.threads < 1 || settings.threads > 16)
    return out_of_range("threads: " + std::to_string(settings.threads) + "; allowed are 1 to 16");
  if (settings.connections_max < 1 || settings.connections_max > 16'384)
    return out_of_range("connections_max: " + std::to_string(settings.connections_max) +
                        "; allowed are 1 to 16384");
  if (settings.streams_max > settings.connections_max)
    return out_of_range("streams_max: " + std::to_string(settings.streams_max) +
                        "; allowed are 0 to connections_max");
  if (settings.unsent_bytes_max < 4'194'304)
    return out_of_range("unsent_bytes_max: " + std::to_string(settings.unsent_bytes_max) +
                        "; allowed are 4194304 and more");
  boost::system::error_code failure;
  asio::ip::make_address(settings.address, failure);
  if (failure)
    return out_of_range("address: '" + settings.address + "' is no IPv4 or IPv6 address");
  return {};
}

/// The threads, the listening socket and the pulse of the stream.
class http_server::loop {
public:
  loop(server_settings settings, router routes, const stream_maker& make_streams)
      : state_(std::move(settings), std::move(routes), make_streams) {}

  domain::result<void> start();
  void stop();
  void reload_certificates();
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::map<std::string, double> statistics();

private:
  [[nodiscard]] boost::system::error_code listen();
  void accept();
  void on_accepted(boost::system::error_code failure, asio::ip::tcp::socket socket);
  void pulse_later();
  void look_at_certificates();
  void give_memory_back();
  void run();
  void shut_all();
  [[nodiscard]] std::size_t connection_count();

  server_state state_;
  asio::io_context context_;
  asio::strand<asio::io_context::executor_type> strand_{context_.get_executor()};
  asio::ip::tcp::acceptor acceptor_{strand_};
  asio::steady_timer pulse_timer_{strand_};
  asio::steady_timer accept_timer_{strand_};
  std::atomic<std::uint16_t> port_{0};
  bool is_stopping_ = false;
  /// When what the pulse does now and then was done last.
  struct chores {
    std::chrono::steady_clock::time_point memory_given{};
    std::chrono::steady_clock::time_point certificates_seen{};
  };
  chores done_at_;

  std::vector<std::thread> threads_;
  std::mutex mutex_;
  std::condition_variable thread_ended_;
  std::size_t running_ = 0;
};

boost::system::error_code http_server::loop::listen() {
  boost::system::error_code failure;
  const asio::ip::tcp::endpoint place{asio::ip::make_address(state_.settings.address),
                                      state_.settings.port};
  acceptor_.open(place.protocol(), failure);
  if (!failure) acceptor_.set_option(asio::socket_base::reuse_address(true), failure);
  if (!failure) acceptor_.bind(place, failure);
  if (!failure) acceptor_.listen(asio::socket_base::max_listen_connections, failure);
  if (!failure) port_ = acceptor_.local_endpoint(failure).port();
  return failure;
}

domain::result<void> http_server::loop::start() {
  if (auto valid = validate(state_.settings); !valid) return valid;
  if (const auto& secure = state_.settings.secure) {
    state_.certificates =
        std::make_unique<tls::listener_certificates>(secure->files, secure->tell);
    if (auto read = state_.certificates->start(now()); !read) return read;
  }
  if (const auto failure = listen())
    return domain::error{domain::errc::unavailable,
                         "cannot listen on " + state_.settings.address + ":" +
                             std::to_string(state_.settings.port) + ": " + failure.message()};
  asio::post(strand_, [this] {
    accept();
    pulse_later();
  });
  running_ = state_.settings.threads;
  for (unsigned i = 0; i < state_.settings.threads; ++i) threads_.emplace_back([this] { run(); });
  return {};
}

void http_server::loop::run() {
  context_.run();
  const std::lock_guard lock{mutex_};
  --running_;
  thread_ended_.notify_all();
}

void http_server::loop::accept() {
  acceptor_.async_accept(asio::make_strand(context_),
                         asio::bind_executor(strand_, [this](boost::system::error_code failure,
                                                             asio::ip::tcp::socket socket) {
                           on_accepted(failure, std::move(socket));
                         }));
}

void http_server::loop::on_accepted(boost::system::error_code failure,
                                    asio::ip::tcp::socket socket) {
  if (is_stopping_) return;
  if (failure) {
    accept_timer_.expires_after(accept_pause);
    accept_timer_.async_wait([this](boost::system::error_code cancelled) {
      if (!cancelled && !is_stopping_) accept();
    });
    return;
  }
  boost::system::error_code ignored;
  socket.set_option(asio::ip::tcp::no_delay(true), ignored);
  const bool has_room = connection_count() < state_.settings.connections_max;
  const auto client = std::make_shared<connection>(std::move(socket), state_);
  if (has_room) client->start(state_.certificates ? state_.certificates->context() : nullptr);
  else client->refuse();
  accept();
}

void http_server::loop::pulse_later() {
  pulse_timer_.expires_after(pulse_every);
  pulse_timer_.async_wait([this](boost::system::error_code cancelled) {
    if (cancelled || is_stopping_) return;
    state_.streams->pulse(now());
    look_at_certificates();
    give_memory_back();
    pulse_later();
  });
}

void http_server::loop::look_at_certificates() {
  const auto at = std::chrono::steady_clock::now();
  if (!state_.certificates || at - done_at_.certificates_seen < certificates_every) return;
  done_at_.certificates_seen = at;
  state_.certificates->look(now());
}

void http_server::loop::reload_certificates() {
  asio::post(strand_, [this] {
    if (state_.certificates && !is_stopping_) state_.certificates->reload(now());
  });
}

/// The allocator keeps what is freed; a crowd of slow readers would be paid for until the end.
void http_server::loop::give_memory_back() {
  const auto now = std::chrono::steady_clock::now();
  if (now - done_at_.memory_given < memory_every || !state_.unsent.has_fallen(memory_worth)) return;
  done_at_.memory_given = now;
  if (mi_collect != nullptr) return mi_collect(true);
#ifdef __GLIBC__
  ::malloc_trim(0);
#endif
}

std::size_t http_server::loop::connection_count() {
  const std::lock_guard lock{state_.mutex};
  return state_.connections.size();
}

void http_server::loop::shut_all() {
  is_stopping_ = true;
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  pulse_timer_.cancel();
  accept_timer_.cancel();
  std::vector<std::shared_ptr<connection>> open;
  {
    const std::lock_guard lock{state_.mutex};
    for (connection* each : state_.connections)
      if (auto kept = each->weak_from_this().lock()) open.push_back(std::move(kept));
  }
  for (const auto& each : open) each->shut();
}

void http_server::loop::stop() {
  if (threads_.empty()) return;
  asio::post(strand_, [this] { shut_all(); });
  {
    std::unique_lock lock{mutex_};
    thread_ended_.wait_for(lock, stop_grace, [this] { return running_ == 0; });
  }
  context_.stop();
  for (std::thread& each : threads_) each.join();
  threads_.clear();
  const std::lock_guard lock{state_.late->guard};
  state_.late->is_open = false;
  state_.streams->end();
}

std::map<std::string, double> http_server::loop::statistics() {
  std::map<std::string, double> all{
      {"requests_total", as_double(state_.requests.load())},
      {"responses_2xx_total", as_double(state_.answers[2].load())},
      {"responses_3xx_total", as_double(state_.answers[3].load())},
      {"responses_4xx_total", as_double(state_.answers[4].load())},
      {"responses_5xx_total", as_double(state_.answers[5].load())},
      {"timeouts_total", as_double(state_.timeouts.load())},
      {"refused_connections_total", as_double(state_.refused_connections.load())},
      {"refused_answers_total", as_double(state_.refused_answers.load())},
      {"unsent_bytes", as_double(state_.unsent.now())},
      {"connections", as_double(connection_count())},
      {"streams", as_double(state_.streams->reader_count())},
      {"streams_opened_total", as_double(state_.streams_opened.load())},
      {"streams_dropped_total", as_double(state_.streams_dropped.load())},
  };
  all.merge(state_.routes.guard_statistics());
  if (state_.certificates) all.merge(state_.certificates->statistics(now()));
  return all;
}

http_server::http_server(server_settings settings, router routes,
                         const stream_maker& make_streams)
    : loop_(std::make_unique<loop>(std::move(settings), std::move(routes), make_streams)) {}
http_server::~http_server() { stop(); }
domain::result<void> http_server::start() { return loop_->start(); }
void http_server::stop() { loop_->stop(); }
void http_server::reload_certificates() { loop_->reload_certificates(); }
std::uint16_t http_server::port() const { return loop_->port(); }
std::map<std::string, double> http_server::statistics() const { return loop_->statistics(); }

} // namespace busbar::adapters::http::server
