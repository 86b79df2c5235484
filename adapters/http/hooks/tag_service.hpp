#pragma once
// Asks the operator's service whether a tag may charge: a POST of
//
//   {"idTag": "04A2B3C4", "chargePoint": "CP-1", "site": "yard", "station": "CP-1",
//    "connectorId": 1}            connectorId is null where the station only asks
//
// which it answers with 200 and {"status": "Accepted", "expiryDate": ..., "parentIdTag": ...}, the
// last two optional. Behind a breaker: after five failed answers it is left alone for 30 s.

#include "adapters/http/peers/peer_client.hpp"
#include "control/safety/breaker.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"
#include "ports/tag_authority.hpp"

#include <chrono>
#include <cstddef>
#include <memory>
#include <mutex>
#include <string>

namespace busbar::adapters::http::hooks {

/// Where a service is.
struct service_place {
  bool is_secure = false;
  /// "host:port".
  std::string address;
  /// Path and query.
  std::string target;
};

/// "http://host[:port][/path]" or "https://...". errc::malformed with what is allowed.
[[nodiscard]] domain::result<service_place> service_place_of(const std::string& url);

class tag_service : public ports::tag_authority {
public:
  static constexpr domain::microseconds answer_within = std::chrono::seconds{2};
  static constexpr std::size_t answer_bytes_max = 65'536;

  /// errc::malformed of the URL; the errors of `tls::make_client_context`.
  [[nodiscard]] static domain::result<std::shared_ptr<tag_service>> at(const std::string& url);

  void ask(ports::tag_inquiry about, listener then) override;
  [[nodiscard]] domain::breaker_position breaker_position() const;

private:
  explicit tag_service(service_place place);
  void record(bool has_succeeded, domain::microseconds took);

  const service_place place_;
  mutable std::mutex guard_;
  control::safety::breaker breaker_;
  /// Ends first: its answers use the others.
  peers::peer_client client_;
};

} // namespace busbar::adapters::http::hooks
