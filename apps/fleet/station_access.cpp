#include "apps/fleet/station_access.hpp"

#include "apps/input_file.hpp"

#include <sstream>
#include <utility>

namespace busbar::apps {

namespace {

using adapters::tls::client_files;

constexpr std::size_t passwords_bytes_max = 8u << 20;

domain::error named(const char* option, domain::error why) {
  why.message = std::string{option} + ": " + why.message;
  return why;
}

domain::error stated_wrong(const std::string& message) {
  return {domain::errc::out_of_range, message};
}

/// One line a station: identity, a blank, its password.
domain::result<std::map<std::string, std::string>> passwords_in(const std::string& path) {
  std::map<std::string, std::string> made;
  const auto text = read_input(path, passwords_bytes_max);
  if (!text) return stated_wrong("--ocpp-passwords: " + path + ": " + text.failure().message);
  std::istringstream lines{text.value()};
  std::string line;
  for (std::size_t number = 1; std::getline(lines, line); ++number) {
    if (line.empty()) continue;
    // An identity may hold blanks, a password does not.
    const auto blank = line.rfind(' ');
    if (blank == std::string::npos || blank == 0 || blank + 1 == line.size())
      return stated_wrong("--ocpp-passwords: " + path + ":" + std::to_string(number) +
                          ": allowed is an identity and its password");
    made[line.substr(0, blank)] = line.substr(blank + 1);
  }
  return made;
}

} // namespace

domain::result<station_access> access_of(const access_options& options) {
  auto central = adapters::ocpp::client::central_address_of(options.central);
  if (!central) return named("--ocpp", central.failure());
  station_access made{std::move(central.value()), nullptr, {}};
  if (options.certificate.empty() != options.key.empty())
    return stated_wrong("--ocpp-certificate, --ocpp-key: one is stated without the other");
  if (!options.passwords.empty()) {
    auto passwords = passwords_in(options.passwords);
    if (!passwords) return passwords.failure();
    made.passwords = std::move(passwords.value());
  }
  const bool is_for_tls = !options.authorities.empty() || !options.certificate.empty();
  if (!made.central.is_secure && is_for_tls)
    return stated_wrong("--ocpp-ca, --ocpp-certificate: are of a central system with TLS "
                        "(wss://...), and '" + options.central + "' is stated");
  if (!made.central.is_secure) return made;
  client_files files{options.authorities, std::nullopt};
  if (!options.certificate.empty()) files.own = {options.certificate, options.key};
  auto secure = adapters::tls::make_client_context(files);
  if (!secure) return named("--ocpp", secure.failure());
  made.secure = std::move(secure.value());
  return made;
}

} // namespace busbar::apps
