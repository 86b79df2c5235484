#include "apps/gateway/ocpp_options.hpp"

#include "adapters/http/hooks/tag_service.hpp"
#include "apps/process_lines.hpp"
#include "apps/web/tls_options.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/ip/address.hpp>

#include <charconv>
#include <cstdint>

namespace busbar::apps {

namespace {

using adapters::ocpp::server::listen_place;

domain::error refused(const std::string& text) {
  return {domain::errc::out_of_range,
          "'" + text + "': allowed is ADDRESS:PORT, such as 127.0.0.1:9000 or [::1]:9000"};
}

domain::error named(const std::string& option, domain::error why) {
  why.message = option + ": " + why.message;
  return why;
}

domain::error stated_wrong(const std::string& message) {
  return {domain::errc::out_of_range, message};
}

/// What an operator must know about an address that other machines reach; empty for loopback.
std::string warning_about(const listen_place& listen) {
  if (is_loopback(listen)) return {};
  return "stations on " + listen.address + " come without TLS: their keys can be read on the way "
         "(--ocpp-tls for security profiles 2 and 3, or profile 0 for stations on a wire of their "
         "own)";
}

domain::result<adapters::ocpp::server::secure_listener>
secure_listener_of(const ocpp_place& place) {
  adapters::ocpp::server::secure_listener made;
  auto listen = listen_place_of(place.secure_address);
  if (!listen) return named("--ocpp-tls", listen.failure());
  made.place = std::move(listen.value());
  if (place.certificates.empty())
    return stated_wrong("--ocpp-tls: needs --ocpp-certificate and --ocpp-key");
  if (place.certificates.size() != place.certificate_keys.size())
    return stated_wrong("--ocpp-key: " + std::to_string(place.certificate_keys.size()) +
                        " are stated for " + std::to_string(place.certificates.size()) +
                        " of --ocpp-certificate; allowed is one for each, in their order");
  for (std::size_t i = 0; i < place.certificates.size(); ++i)
    made.files.own.push_back({place.certificates[i], place.certificate_keys[i]});
  made.files.authorities = place.authorities;
  made.files.revoked = place.revoked;
  made.files.takes_rsa_key_exchange = place.takes_rsa_key_exchange;
  made.tell = print_notice_of;
  return made;
}

} // namespace

void add_ocpp_options(CLI::App& command, ocpp_place& place, const char* plain) {
  command.add_option(plain, place.address,
                     "ADDRESS:PORT on which real stations connect (OCPP 1.6)");
  command.add_option("--ocpp-keys", place.keys,
                     "Keys of stations with security profiles 1 and 2 (busbar ocpp key set)");
  command.add_option("--ocpp-tags", place.tags,
                     "File of tags that may charge, or may not (CSV; the API changes it)");
  command.add_option("--ocpp-authority", place.authority,
                     "http://HOST[:PORT][/PATH] of a service that is asked about tags at stations "
                     "with tags = \"external\"");
  command.add_option("--ocpp-url", place.urls,
                     "SCHEME://HOST of URLs that stations may be given (firmware, diagnostics, "
                     "logs); may be stated several times")
      ->allow_extra_args(false);
  command.add_option("--ocpp-handshakes", place.handshakes_per_s,
                     "Stations that are let in within a second, when all come at once")
      ->check(CLI::Range(1, 100'000))
      ->capture_default_str();
  command.add_option("--ocpp-tls", place.secure_address,
                     "ADDRESS:PORT on which they connect with TLS (security profiles 2 and 3)");
  command.add_option("--ocpp-certificate", place.certificates,
                     "This end's certificate with its chain (PEM); one RSA and one ECDSA may be "
                     "stated")
      ->allow_extra_args(false);
  command.add_option("--ocpp-key", place.certificate_keys,
                     "Its key (PEM, mode 0600); one for each certificate, in their order")
      ->allow_extra_args(false);
  command.add_option("--ocpp-ca", place.authorities,
                     "Authorities of stations' certificates (PEM; security profile 3)");
  command.add_option("--ocpp-crl", place.revoked, "What they have revoked (PEM)");
  command.add_flag("--ocpp-rsa-key-exchange", place.takes_rsa_key_exchange,
                   "Take suites without forward secrecy too, for stations that have no other");
}

domain::result<ocpp_listeners> listeners_of(const ocpp_place& place, const char* plain) {
  ocpp_listeners made;
  made.listen.plain.reset();
  made.listen.handshakes_per_s = place.handshakes_per_s;
  if (!place.keys.empty()) {
    auto keys = adapters::ocpp::gateway::key_book::read(place.keys);
    if (!keys) return named("--ocpp-keys", keys.failure());
    made.keys = std::move(keys.value());
  }
  if (!place.tags.empty()) {
    auto tags = adapters::ocpp::gateway::tag_book::read(place.tags);
    if (!tags) return named("--ocpp-tags", tags.failure());
    made.tags = std::move(tags.value());
  }
  if (!place.authority.empty()) {
    auto service = adapters::http::hooks::tag_service::at(place.authority);
    if (!service) return named("--ocpp-authority", service.failure());
    made.authority = std::move(service.value());
  }
  auto urls = adapters::ocpp::gateway::url_list::of(place.urls);
  if (!urls) return named("--ocpp-url", urls.failure());
  made.urls = std::move(urls.value());
  if (!place.address.empty()) {
    auto listen = listen_place_of(place.address);
    if (!listen) return named(plain, listen.failure());
    if (auto warning = warning_about(listen.value()); !warning.empty())
      made.warnings.push_back(std::move(warning));
    made.listen.plain = std::move(listen.value());
  }
  if (place.secure_address.empty()) {
    if (!place.states_certificates()) return made;
    return stated_wrong("--ocpp-certificate, --ocpp-key, --ocpp-ca, --ocpp-crl and "
                        "--ocpp-rsa-key-exchange are of --ocpp-tls, which is not stated");
  }
  auto secure = secure_listener_of(place);
  if (!secure) return secure.failure();
  made.listen.secure = std::move(secure.value());
  return made;
}

domain::result<listen_place> listen_place_of(const std::string& text) {
  listen_place listen;
  const auto colon = text.rfind(':');
  auto host = colon == std::string::npos ? std::string{} : text.substr(0, colon);
  const auto port = colon == std::string::npos ? text : text.substr(colon + 1);
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  if (host == "localhost") host = "127.0.0.1";
  if (!host.empty()) listen.address = host;
  const auto read = std::from_chars(port.data(), port.data() + port.size(), listen.port);
  if (read.ec != std::errc{} || read.ptr != port.data() + port.size()) return refused(text);
  boost::system::error_code failure;
  boost::asio::ip::make_address(listen.address, failure);
  if (failure) return refused(text);
  return listen;
}

void print_notice(const std::string& text) {
  print_line(domain::severity::warning, "ocpp", "busbar: warning: " + text);
}

bool is_loopback(const listen_place& listen) {
  boost::system::error_code failure;
  const auto address = boost::asio::ip::make_address(listen.address, failure);
  return !failure && address.is_loopback();
}

} // namespace busbar::apps
