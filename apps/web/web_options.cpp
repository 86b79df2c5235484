#include "apps/web/web_options.hpp"

#include "domain/host_address.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/ip/address.hpp>

namespace busbar::apps {

namespace {

std::string check_address(const std::string& text) {
  boost::system::error_code failure;
  boost::asio::ip::make_address(text, failure);
  if (!failure) return {};
  return "'" + text + "': allowed is an IPv4 or IPv6 address, such as 127.0.0.1, 0.0.0.0 or ::";
}

std::string check_url(const std::string& text) {
  const auto read = domain::host_address_of_url(text);
  return read ? std::string{} : read.failure().message;
}

} // namespace

void add_web_options(CLI::App& command, web_options& options) {
  command.add_option("--host", options.host, "Address on which the API and the page listen")
      ->check(CLI::Validator{check_address, "ADDRESS"})->capture_default_str();
  command.add_option("--port", options.port, "Port of the API and the page; 0: a free one")
      ->capture_default_str();
  add_tls_options(command, options.tls);
}

void add_advertise_option(CLI::App& command, web_options& options) {
  command.add_option("--advertise", options.advertise,
                     "Where other engine nodes reach this one's API, as http://host:port, or\n"
                     "https:// with TLS (default: --host and --port)")
      ->check(CLI::Validator{check_url, "URL"});
  add_peer_authority_option(command, options.tls);
}

std::string address_for_others(const web_options& options, std::uint16_t port) {
  if (!options.advertise.empty())
    return domain::text_of(domain::host_address_of_url(options.advertise).value());
  boost::system::error_code failure;
  const auto address = boost::asio::ip::make_address(options.host, failure);
  if (failure || address.is_unspecified()) return {};
  return domain::text_of({options.host, port});
}

bool is_beyond_this_machine(const web_options& options) {
  boost::system::error_code failure;
  const auto address = boost::asio::ip::make_address(options.host, failure);
  return failure || !address.is_loopback();
}

std::string warning_about(const web_options& options) {
  if (!is_beyond_this_machine(options)) return {};
  return "the API on " + options.host +
         " has no users: every machine that reaches it can command this site. Control access to "
         "it (busbar engine --access FOLDER), or put a proxy with TLS and authentication in front "
         "of it";
}

} // namespace busbar::apps
