#pragma once
// How simulated stations reach their central system, as stated on the command line: its address,
// whom they trust, and what they present (security profiles 0 to 3).

#include "adapters/ocpp/client/central_address.hpp"
#include "adapters/tls/tls_context.hpp"
#include "domain/result.hpp"

#include <map>
#include <string>

namespace busbar::apps {

struct access_options {
  /// "ws://127.0.0.1:9000/ocpp", "wss://..."; empty: none.
  std::string central;
  /// Files; empty: none.
  std::string authorities;
  std::string certificate;
  std::string key;
  std::string passwords;
};

struct station_access {
  adapters::ocpp::client::central_address central;
  /// Null without TLS.
  adapters::tls::shared_context secure;
  /// By identity.
  std::map<std::string, std::string> passwords;
};

/// The error names the option at fault.
[[nodiscard]] domain::result<station_access> access_of(const access_options& options);

} // namespace busbar::apps
