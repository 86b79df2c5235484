#include "adapters/ocpp/server/connection.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>

#include <algorithm>
#include <deque>
#include <thread>
#include <vector>

namespace busbar::adapters::ocpp::server {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds pulse_every{1};
/// After an accept that failed (no file descriptors left), so that it does not spin.
constexpr std::chrono::milliseconds accept_pause{100};
constexpr connection::clock::duration accept_now{};
/// Time for close frames to be answered; then connections are cut.
constexpr std::chrono::milliseconds stop_grace{500};

domain::error out_of_range(const std::string& what) {
  return {domain::errc::out_of_range, "ocpp settings: " + what};
}

template <class Number> double as_double(const Number& number) {
  return static_cast<double>(number.load(std::memory_order_relaxed));
}

domain::result<void> validate_place(const listen_place& place) {
  boost::system::error_code failure;
  asio::ip::make_address(place.address, failure);
  if (failure) return out_of_range("address: '" + place.address + "' is no IPv4 or IPv6 address");
  return {};
}

domain::instant now() {
  return std::chrono::floor<domain::microseconds>(std::chrono::system_clock::now());
}

} // namespace

domain::result<void> validate(const ocpp_settings& settings) {
  if (settings.connections_max < 1 || settings.connections_max > 100'000)
    return out_of_range("connections_max: " + std::to_string(settings.connections_max) +
                        "; allowed are 1 to 100000");
  if (settings.handshakes_per_s < 1 || settings.handshakes_per_s > 100'000)
    return out_of_range("handshakes_per_s: " + std::to_string(settings.handshakes_per_s) +
                        "; allowed are 1 to 100000");
  if (!settings.plain && !settings.secure)
    return out_of_range("neither a plain listener nor one with TLS is stated");
  for (const auto* place : {settings.plain ? &*settings.plain : nullptr,
                            settings.secure ? &settings.secure->place : nullptr})
    if (place != nullptr)
      if (auto valid = validate_place(*place); !valid) return valid;
  return {};
}

namespace {

/// Under TLS a handshake costs as much as so many without: fewer are begun in a second, and those
/// that wait for theirs wait in the backlog of the socket.
constexpr std::uint32_t cost_of_tls = 5;

/// A listening socket; it accepts for as long as the server runs.
struct listener {
  listener(asio::io_context& context, listen_place where, bool with_tls, std::uint32_t per_s)
      : place(std::move(where)), is_secure(with_tls), acceptor(context), pause(context),
        pace(std::max(per_s / (with_tls ? cost_of_tls : 1), 1u), burst_s) {}

  [[nodiscard]] domain::result<void> open();

  listen_place place;
  bool is_secure;
  bool is_local = false;
  asio::ip::tcp::acceptor acceptor;
  asio::steady_timer pause;
  /// OCPP-3: of handshakes of TLS, which come before the identity is known.
  handshake_gate pace;
  std::atomic<std::uint16_t> port{0};
};

domain::result<void> listener::open() {
  boost::system::error_code failure;
  const auto address = asio::ip::make_address(place.address);
  const asio::ip::tcp::endpoint wanted{address, place.port};
  is_local = address.is_loopback();
  acceptor.open(wanted.protocol(), failure);
  if (!failure) acceptor.set_option(asio::socket_base::reuse_address(true), failure);
  if (!failure) acceptor.bind(wanted, failure);
  if (!failure) acceptor.listen(asio::socket_base::max_listen_connections, failure);
  if (!failure) port = acceptor.local_endpoint(failure).port();
  if (!failure) return {};
  return domain::error{domain::errc::unavailable, "cannot listen on " + place.address + ":" +
                                                      std::to_string(place.port) + ": " +
                                                      failure.message()};
}

} // namespace

/// The thread, the listening sockets and the pulse.
class ocpp_server::loop {
public:
  loop(ocpp_settings settings, station_door& door);

  domain::result<void> start();
  void stop();
  [[nodiscard]] std::uint16_t port_of(bool is_secure) const;
  void reload_certificates();
  [[nodiscard]] std::map<std::string, double> statistics() const;

private:
  [[nodiscard]] domain::result<void> read_certificates();
  void accept(listener& on);
  void accept_after(listener& on, connection::clock::duration wait);
  void on_accepted(listener& on, boost::system::error_code failure,
                   asio::ip::tcp::socket socket);
  void pulse_later();
  void look_at_certificates();
  void flush();
  void shut_all();
  [[nodiscard]] std::vector<std::shared_ptr<connection>> connections();

  /// What the metrics state of the certificates; written by the server's thread.
  struct certificate_numbers {
    std::atomic<std::int64_t> ends_at_s{0};
    std::atomic<std::uint64_t> reloads{0};
    std::atomic<std::uint64_t> failures{0};
  };

  server_state state_;
  asio::io_context context_{1};
  std::deque<listener> listeners_;
  std::unique_ptr<tls::certificate_watch> certificates_;
  certificate_numbers numbers_;
  asio::steady_timer pulse_timer_{context_};
  asio::steady_timer stop_timer_{context_};
  std::thread thread_;
};

ocpp_server::loop::loop(ocpp_settings settings, station_door& door)
    : state_{std::move(settings), door} {
  const auto per_s = std::max(state_.settings.handshakes_per_s, 1u);
  if (state_.settings.plain)
    listeners_.emplace_back(context_, *state_.settings.plain, false, per_s);
  if (const auto& secure = state_.settings.secure)
    listeners_.emplace_back(context_, secure->place, true, per_s);
}

std::uint16_t ocpp_server::loop::port_of(bool is_secure) const {
  for (const auto& each : listeners_)
    if (each.is_secure == is_secure) return each.port;
  return 0;
}

domain::result<void> ocpp_server::loop::read_certificates() {
  if (!state_.settings.secure) return {};
  const auto& secure = *state_.settings.secure;
  auto tell = secure.tell ? secure.tell : [](const tls::certificate_notice&) {};
  certificates_ = std::make_unique<tls::certificate_watch>(secure.files, std::move(tell));
  auto read = certificates_->start(now());
  look_at_certificates();
  return read;
}

/// Numbers for other threads. Lists that are new count for connections that are there, too.
void ocpp_server::loop::look_at_certificates() {
  if (numbers_.reloads != certificates_->reloads())
    for (const auto& each : connections()) each->hold_to(certificates_->context());
  numbers_.ends_at_s =
      std::chrono::floor<std::chrono::seconds>(certificates_->ends_at()).time_since_epoch().count();
  numbers_.reloads = certificates_->reloads();
  numbers_.failures = certificates_->failures();
}

void ocpp_server::loop::reload_certificates() {
  asio::post(context_, [this] {
    if (!certificates_ || state_.is_stopping) return;
    certificates_->reload(now());
    look_at_certificates();
  });
}

domain::result<void> ocpp_server::loop::start() {
  if (auto valid = validate(state_.settings); !valid) return valid;
  if (auto read = read_certificates(); !read) return read;
  for (auto& each : listeners_)
    if (auto open = each.open(); !open) return open;
  state_.flush = [this] { flush(); };
  state_.door.on_orders([this] { asio::post(context_, [this] { flush(); }); });
  asio::post(context_, [this] {
    for (auto& each : listeners_) accept(each);
    pulse_later();
  });
  thread_ = std::thread{[this] { context_.run(); }};
  return {};
}

void ocpp_server::loop::accept(listener& on) {
  const auto wait = on.is_secure ? on.pace.wait(connection::clock::now()) : accept_now;
  if (wait > accept_now) return accept_after(on, wait);
  on.acceptor.async_accept(
      [this, &on](boost::system::error_code failure, asio::ip::tcp::socket socket) {
        on_accepted(on, failure, std::move(socket));
      });
}

void ocpp_server::loop::accept_after(listener& on, connection::clock::duration wait) {
  on.pause.expires_after(wait);
  on.pause.async_wait([this, &on](boost::system::error_code cancelled) {
    if (!cancelled && !state_.is_stopping) accept(on);
  });
}

void ocpp_server::loop::on_accepted(listener& on, boost::system::error_code failure,
                                    asio::ip::tcp::socket socket) {
  if (state_.is_stopping) return;
  if (failure) return accept_after(on, accept_pause);
  static_cast<void>(on.pace.ask(false, connection::clock::now()));
  boost::system::error_code ignored;
  socket.set_option(asio::ip::tcp::no_delay(true), ignored);
  if (state_.all.size() < state_.settings.connections_max)
    std::make_shared<connection>(std::move(socket), state_)
        ->start(on.is_secure ? certificates_->context() : nullptr, on.is_local);
  else ++state_.counters.refused;
  accept(on);
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
    const auto at = connection::clock::now();
    for (const auto& each : connections()) each->pulse(at);
    if (certificates_) {
      certificates_->look(now());
      look_at_certificates();
    }
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
  for (auto& each : listeners_) {
    each.acceptor.close(ignored);
    each.pause.cancel();
  }
  pulse_timer_.cancel();
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
  std::map<std::string, double> made{{"connections", as_double(counts.open)},
                                     {"handshakes_total", as_double(counts.handshakes)},
                                     {"refused_total", as_double(counts.refused)},
                                     {"handshakes_put_off_total", as_double(counts.put_off)},
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
  if (!state_.settings.secure) return made;
  made["tls_handshakes_total"] = as_double(counts.secured);
  for (std::size_t i = 1; i < tls::handshake_failures; ++i)
    made[std::string{"tls_failed_"} + name_of(static_cast<tls::handshake_failure>(i)) + "_total"] =
        as_double(counts.unsecured[i]);
  const auto now_s = std::chrono::floor<std::chrono::seconds>(now()).time_since_epoch().count();
  made["tls_revoked_total"] = as_double(counts.revoked);
  made["certificate_expires_seconds"] = as_double(numbers_.ends_at_s) - static_cast<double>(now_s);
  made["certificate_reloads_total"] = as_double(numbers_.reloads);
  made["certificate_reload_failures_total"] = as_double(numbers_.failures);
  return made;
}

ocpp_server::ocpp_server(ocpp_settings settings, station_door& door)
    : loop_(std::make_unique<loop>(std::move(settings), door)) {}

ocpp_server::~ocpp_server() { stop(); }

domain::result<void> ocpp_server::start() { return loop_->start(); }

void ocpp_server::stop() { loop_->stop(); }

std::uint16_t ocpp_server::port() const { return loop_->port_of(false); }

std::uint16_t ocpp_server::secure_port() const { return loop_->port_of(true); }

void ocpp_server::reload_certificates() { loop_->reload_certificates(); }

std::map<std::string, double> ocpp_server::statistics() const { return loop_->statistics(); }

} // namespace busbar::adapters::ocpp::server
