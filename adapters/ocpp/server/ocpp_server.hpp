#pragma once
// The WebSockets of stations (OCPP-J 1.6): one I/O thread for all of them. It knows identities,
// subprotocols and frames, and nothing of their content.
//
//   securing (on the TLS listener) --handshake--> head
//     |--no certificate that holds, too old, no TLS--> closed
//   head --let in--> upgrading --> open --frames, pings--> closing --> closed
//     |--another one has the identity--> challenging --silent for 5 s--> upgrading
//     |                                       |--answers--> refused (409)
//     |--unknown, no key, wrong key--> refused (401)

#include "adapters/ocpp/server/station_door.hpp"
#include "adapters/tls/certificate_watch.hpp"
#include "domain/result.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace busbar::adapters::ocpp::server {

struct listen_place {
  /// IPv4 or IPv6, in digits.
  std::string address = "127.0.0.1";
  /// 0: a free one; `ocpp_server::port` and `secure_port` state which.
  std::uint16_t port = 9000;
};

/// Security profiles 2 and 3.
struct secure_listener {
  listen_place place;
  tls::server_files files;
  /// On the server's thread, or within `start`; empty: notices are lost.
  tls::certificate_watch::listener tell;
};

struct ocpp_settings {
  /// Security profiles 0 and 1; absent: none without TLS.
  std::optional<listen_place> plain = listen_place{};
  /// Beside it or in its place.
  std::optional<secure_listener> secure;
  /// Before the identity in a station's path.
  std::string prefix = "/ocpp";
  /// By preference.
  std::vector<std::string> protocols{"ocpp1.6"};
  /// 1..100'000.
  std::size_t connections_max = 20'000;
  std::size_t frame_bytes_max = 65'536;
  std::uint32_t head_bytes_max = 8'192;
  /// Of frames that wait for one station; more, and it is cut.
  std::size_t unsent_bytes_max = 262'144;
  std::chrono::milliseconds handshake_time{10'000};
  /// OCPP-3: stations that are let in, 1..100'000; five seconds' worth may come at once.
  std::uint32_t handshakes_per_s = 2'000;
  std::chrono::milliseconds ping_every{25'000};
  /// Without a frame or a pong for so long a connection has ended: three heartbeats.
  std::chrono::milliseconds silence_max{180'000};
  /// OCPP-2: the first station of an identity answers a ping within it.
  std::chrono::milliseconds challenge_time{5'000};
};

/// The first member outside its range, or nothing.
[[nodiscard]] domain::result<void> validate(const ocpp_settings& settings);

class ocpp_server {
public:
  /// `door` outlives the server.
  ocpp_server(ocpp_settings settings, station_door& door);
  /// Stops.
  ~ocpp_server();
  ocpp_server(const ocpp_server&) = delete;
  ocpp_server& operator=(const ocpp_server&) = delete;

  /// Binds and serves. errc::unavailable with the address where it cannot be bound,
  /// errc::out_of_range where the settings are wrong; the errors of `make_server_context`.
  [[nodiscard]] domain::result<void> start();
  /// Closes all with 1012 and joins its thread; under a second. Idempotent.
  void stop();
  /// 0 before `start`, and where there is no such listener.
  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::uint16_t secure_port() const;
  /// Reads the certificates again, soon. Thread-safe.
  void reload_certificates();
  /// Counters ("frames_total", "refused_total") and gauges ("connections"). Thread-safe.
  [[nodiscard]] std::map<std::string, double> statistics() const;

private:
  class loop;
  std::unique_ptr<loop> loop_;
};

} // namespace busbar::adapters::ocpp::server
