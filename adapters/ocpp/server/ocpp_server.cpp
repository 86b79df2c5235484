#include "adapters/ocpp/server/connection.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <vector>
#include <thread>

namespace busbar::adapters::ocpp::server {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds pulse_every{1};
/// After an accept that failed (no file descriptors left), so that it does not spin.
constexpr std::chrono::milliseconds accept_pause{100};
/// Time for close frames to be answered; then connections are cut.
constexpr std::chrono::milliseconds stop_grace{500};

domain::error out_of_range(const std::string& what) {
  return {domain::errc::out_of_range, "ocpp settings: " + what};
}

template <class Number> double as_double(const Number& number) {
  return static_cast<double>(number.load(std::memory_order_relaxed));
}

} // namespace

domain::result<void> validate(const ocpp_settings& settings) {
  if (settings.connections_max < 1 || settings.connections_max > 100'000)
    return out_of_range("connections_max: " + std::to_string(settings.connections_max) +
                        "; allowed are 1 to 100000");
  boost::system::error_code failure;
  asio::ip::make_address(settings.address, failure);
  if (failure)
    return out_of_range("address: '" + settings.address + "' is no IPv4 or IPv6 address");
  return {};
}

/// The thread, the listening socket and the pulse.
class ocpp_server::loop {
public:
  loop(ocpp_settings settings, station_door& door) : state_{std::move(settings), door} {}

  domain::result<void> start();
  void stop();
  [[nodiscard]] std::uint16_t port() const { return port_; }
  [[nodiscard]] std::map<std::string, double> statistics() const;

private:
  [[nodiscard]] boost::system::error_code listen();
  void accept();
  void on_accepted(boost::system::error_code failure, asio::ip::tcp::socket socket);
  void pulse_later();
  void flush();
  void shut_all();
  [[nodiscard]] std::vector<std::shared_ptr<connection>> connections();

  server_state state_;
  asio::io_context context_{1};
  asio::ip::tcp::acceptor acceptor_{context_};
  asio::steady_timer pulse_timer_{context_};
  asio::steady_timer accept_timer_{context_};
  asio::steady_timer stop_timer_{context_};
  std::atomic<std::uint16_t> port_{0};
  std::thread thread_;
};

boost::system::error_code ocpp_server::loop::listen() {
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

domain::result<void> ocpp_server::loop::start() {
  if (auto valid = validate(state_.settings); !valid) return valid;
  if (const auto failure = listen())
    return domain::error{domain::errc::unavailable,
                         "cannot listen on " + state_.settings.address + ":" +
                             std::to_string(state_.settings.port) + ": " + failure.message()};
  state_.flush = [this] { flush(); };
  state_.door.on_orders([this] { asio::post(context_, [this] { flush(); }); });
  asio::post(context_, [this] {
    accept();
    pulse_later();
  });
  thread_ = std::thread{[this] { context_.run(); }};
  return {};
}

void ocpp_server::loop::accept() {
  acceptor_.async_accept([this](boost::system::error_code failure, asio::ip::tcp::socket socket) {
    on_accepted(failure, std::move(socket));
  });
}

void ocpp_server::loop::on_accepted(boost::system::error_code failure,
                                    asio::ip::tcp::socket socket) {
  if (state_.is_stopping) return;
  if (failure) {
    accept_timer_.expires_after(accept_pause);
    accept_timer_.async_wait([this](boost::system::error_code cancelled) {
      if (!cancelled && !state_.is_stopping) accept();
    });
    return;
  }
  boost::system::error_code ignored;
  socket.set_option(asio::ip::tcp::no_delay(true), ignored);
  if (state_.all.size() < state_.settings.connections_max)
    std::make_shared<connection>(std::move(socket), state_)->start();
  else ++state_.counters.refused;
  accept();
}

std::vector<std::shared_ptr<connection>> ocpp_server::loop::connections() {
  std::vector<std::shared_ptr<connection>> kept;
  kept.reserve(state_.all.size());
  for (connection* each : state_.all)
    if (auto one = each->weak_from_this().lock()) kept.push_back(std::move(one));
  return kept;
}

void ocpp_server::loop::pulse_later() {
  pulse_timer_.expires_after(pulse_every);
  pulse_timer_.async_wait([this](boost::system::error_code cancelled) {
    if (cancelled || state_.is_stopping) return;
    const auto now = connection::clock::now();
    for (const auto& each : connections()) each->pulse(now);
    pulse_later();
  });
}

void ocpp_server::loop::flush() {
  for (auto& order : state_.door.take_orders()) {
    const auto found = state_.by_link.find(order.to);
    if (found == state_.by_link.end()) continue;
    const auto kept = found->second->shared_from_this();
    if (!order.text.empty()) kept->send(std::move(order.text));
    if (order.closes) kept->close(*order.closes);
  }
}

void ocpp_server::loop::shut_all() {
  state_.is_stopping = true;
  boost::system::error_code ignored;
  acceptor_.close(ignored);
  pulse_timer_.cancel();
  accept_timer_.cancel();
  for (const auto& each : connections()) each->close(close_code::service_restart);
  stop_timer_.expires_after(stop_grace);
  stop_timer_.async_wait([this](boost::system::error_code) {
    for (const auto& each : connections()) each->cut();
  });
}

void ocpp_server::loop::stop() {
  state_.door.on_orders({});
  if (!thread_.joinable()) return;
  asio::post(context_, [this] { shut_all(); });
  thread_.join();
}

std::map<std::string, double> ocpp_server::loop::statistics() const {
  const auto& counts = state_.counters;
  return {{"connections", as_double(counts.open)},
          {"handshakes_total", as_double(counts.handshakes)},
          {"refused_total", as_double(counts.refused)},
          {"unspoken_total", as_double(counts.unspoken)},
          {"late_heads_total", as_double(counts.late_heads)},
          {"contested_total", as_double(counts.contested)},
          {"taken_over_total", as_double(counts.taken_over)},
          {"frames_received_total", as_double(counts.frames_in)},
          {"frames_sent_total", as_double(counts.frames_out)},
          {"frames_too_big_total", as_double(counts.too_big)},
          {"frames_not_text_total", as_double(counts.not_text)},
          {"slow_total", as_double(counts.slow)},
          {"silent_total", as_double(counts.silent)}};
}

ocpp_server::ocpp_server(ocpp_settings settings, station_door& door)
    : loop_(std::make_unique<loop>(std::move(settings), door)) {}

ocpp_server::~ocpp_server() { stop(); }

domain::result<void> ocpp_server::start() { return loop_->start(); }

void ocpp_server::stop() { loop_->stop(); }

std::uint16_t ocpp_server::port() const { return loop_->port(); }

std::map<std::string, double> ocpp_server::statistics() const { return loop_->statistics(); }

} // namespace busbar::adapters::ocpp::server
