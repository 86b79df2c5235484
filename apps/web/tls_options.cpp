#include "apps/web/tls_options.hpp"

#include "apps/process_lines.hpp"

#include <CLI/CLI.hpp>

namespace busbar::apps {

void add_tls_options(CLI::App& command, tls_options& options) {
  command.add_option("--http-certificate", options.certificate,
                     "Certificate of the API with its chain (PEM): TLS is spoken on --port, and\n"
                     "nothing without it");
  command.add_option("--http-key", options.key, "Its key (PEM, mode 0600)");
  command.add_option("--http-ca", options.authorities,
                     "Authorities of clients' certificates (PEM); a client without one is refused");
}

void add_peer_authority_option(CLI::App& command, tls_options& options) {
  command.add_option("--peer-ca", options.peer_authorities,
                     "Authorities of other engine nodes' certificates (PEM; default: those of the\n"
                     "machine)");
}

domain::result<web_security> security_of(const tls_options& options) {
  const auto wrong = [](const char* text) {
    return domain::error{domain::errc::out_of_range, text};
  };
  const bool has_more = !options.authorities.empty() || !options.peer_authorities.empty();
  if (options.certificate.empty() && options.key.empty()) {
    if (!has_more) return web_security{};
    return wrong("--http-ca and --peer-ca are of --http-certificate, which is not stated");
  }
  if (options.key.empty()) return wrong("--http-certificate: needs --http-key");
  if (options.certificate.empty()) return wrong("--http-key: needs --http-certificate");
  const adapters::tls::certificate_files own{options.certificate, options.key};
  web_security made;
  made.port.emplace();
  made.port->files.own = {own};
  made.port->files.authorities = options.authorities;
  made.port->files.is_certificate_required = !options.authorities.empty();
  made.port->tell = print_notice_of;
  made.peers = adapters::tls::client_files{options.peer_authorities, own};
  return made;
}

void print_notice_of(const adapters::tls::certificate_notice& notice) {
  print_line(notice.is_warning ? domain::severity::warning : domain::severity::info,
             "certificate", (notice.is_warning ? "busbar: warning: " : "busbar: ") + notice.text);
}

} // namespace busbar::apps
