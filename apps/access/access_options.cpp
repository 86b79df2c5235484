#include "apps/access/access_options.hpp"

#include "apps/process_lines.hpp"

#include <CLI/CLI.hpp>
#include <boost/asio/ip/address.hpp>

namespace busbar::apps {

namespace {

constexpr std::size_t proxies_max = 16;

std::string check_address(const std::string& text) {
  boost::system::error_code failure;
  boost::asio::ip::make_address(text, failure);
  return failure ? "'" + text + "': allowed is an IPv4 or IPv6 address" : std::string{};
}

} // namespace

void add_access_options(CLI::App& command, access_options& options) {
  command.add_option("--access", options.folder,
                     "Folder of users, tokens and keys: the API asks who calls (docs/access.md).\n"
                     "Without it everybody who reaches the API may command the sites")
      ->envname("BUSBAR_ACCESS");
  command.add_option("--trusted-proxy", options.trusted_proxies,
                     "Address of a proxy whose X-Forwarded-For is believed; may be repeated")
      ->check(CLI::Validator{check_address, "ADDRESS"})->expected(1, proxies_max);
}

domain::result<shared_access> open_access(const access_options& options, const web_options& web) {
  if (options.folder.empty()) return shared_access{};
  adapters::access::desk_settings settings;
  settings.folder = options.folder;
  settings.report = [](domain::severity level, const std::string& kind, const std::string& text) {
    print_line(level, kind.c_str(), text);
  };
  auto recorded = adapters::access::audit_log::open(options.folder, settings.report);
  if (!recorded) return recorded.failure();
  auto opened = adapters::access::access_desk::open(std::move(settings));
  if (!opened) return opened.failure();
  if (!opened.value()->has_users() && is_beyond_this_machine(web))
    return domain::error{domain::errc::forbidden,
                         "the API would listen on " + web.host +
                             ", and there are no users yet: make the first administrator by "
                             "`busbar user add NAME --role admin --access " +
                             options.folder + "`, or start with --host 127.0.0.1"};
  return shared_access{std::move(opened.value()), std::move(recorded.value())};
}

std::string set_up_text(const shared_access& access, const std::string& page) {
  if (!access.desk || access.desk->set_up_code().empty()) return {};
  return "there are no users yet: make the first administrator within 15 minutes at " + page +
         "/#/set-up?code=" + access.desk->set_up_code();
}

} // namespace busbar::apps
