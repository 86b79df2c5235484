#pragma once
// Between the sockets and the stations behind them. The server calls on its one thread; orders may
// come from any thread.

#include "domain/time.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace busbar::adapters::ocpp::server {

/// Numbers connections, from 1, in the order in which they were made: the connection epoch.
using link_id = std::uint64_t;

/// A reason to close, as WebSocket's code (RFC 6455, 7.4).
enum class close_code : std::uint16_t {
  normal = 1000,
  protocol_error = 1002,
  policy = 1008,
  too_big = 1009,
  internal_error = 1011,
  service_restart = 1012,
};

/// Something to be done on a connection; one that has ended by then is passed over.
struct link_order {
  link_id to = 0;
  /// A frame, or nothing where it is closed.
  std::string text;
  std::optional<close_code> closes;
};

/// How a connection came.
struct link_security {
  /// The listener can be reached from this machine alone.
  bool is_local = false;
  bool is_encrypted = false;
  /// Names in the certificate that the station has presented and proved; empty: none.
  std::vector<std::string> certified_names = {};
};

/// What asks to be let in.
struct visitor {
  std::string identity;
  std::string authorization;
  link_security security = {};
};

class station_door {
public:
  virtual ~station_door() = default;
  /// OCPP-4: an unknown identity, one without a key, a wrong key and a lower security profile than
  /// the station's are all false, in equal time.
  [[nodiscard]] virtual bool admits(const visitor& who) = 0;
  /// OCPP-3: a transaction runs at it, as far as is known here.
  [[nodiscard]] virtual bool has_session(const std::string& identity) = 0;
  virtual void opened(link_id link, const std::string& identity, domain::instant now) = 0;
  virtual void frame(link_id link, std::string_view text, domain::instant now) = 0;
  /// A pong or a ping: the station is there.
  virtual void alive(link_id link, domain::instant now) = 0;
  virtual void closed(link_id link, domain::instant now) = 0;
  /// OCPP-2: a second station came under `identity` while the first one answers.
  virtual void contested(const std::string& identity, domain::instant now) = 0;
  /// What is to be done since the last call, in order.
  [[nodiscard]] virtual std::vector<link_order> take_orders() = 0;
  /// Called, from any thread, when there are orders that no call of the server has made.
  virtual void on_orders(std::function<void()> wake) = 0;
};

} // namespace busbar::adapters::ocpp::server
