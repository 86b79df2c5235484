// busbar tls self-signed --host NAME --out FOLDER: a certificate for a first try.

#include "adapters/tls/self_signed.hpp"
#include "apps/commands.hpp"
#include "apps/process_lines.hpp"

#include <CLI/CLI.hpp>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <iostream>
#include <memory>
#include <string>
#include <vector>

namespace busbar::apps {

namespace {

constexpr const char* footer = R"(
Makes FOLDER/http.pem and FOLDER/http.key (mode 0600), which are for
`busbar engine --http-certificate FOLDER/http.pem --http-key FOLDER/http.key`. Browsers warn of such
a certificate until it is trusted on their machine; curl takes it by --cacert FOLDER/http.pem.
Exit 1: a file cannot be written. Exit 2: bad input, or one of the files is there already.

Example:
  busbar tls self-signed --host charge.example --host 192.0.2.7 --out /etc/busbar)";

struct tls_order {
  std::vector<std::string> hosts;
  std::string folder;
  std::uint32_t days = 365;
};

int refuse(const std::string& why, int code) {
  print_line(domain::severity::critical, code == 2 ? "bad_input" : "not_written", "tls: " + why);
  return code;
}

/// Never over a file that is there: it may be the one in force.
int write_new(const std::string& path, const std::string& text, mode_t mode) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode);
  if (file < 0 && errno == EEXIST) return refuse(path + ": is there already", 2);
  if (file < 0) return refuse(path + ": " + std::strerror(errno), 1);
  const auto written = ::write(file, text.data(), text.size());
  const bool is_whole = written == static_cast<ssize_t>(text.size()) && ::fsync(file) == 0;
  ::close(file);
  return is_whole ? 0 : refuse(path + ": cannot be written", 1);
}

int make(const tls_order& order) {
  const auto now = std::chrono::floor<domain::microseconds>(std::chrono::system_clock::now());
  const auto made =
      adapters::tls::make_self_signed(order.hosts, now, std::chrono::days{order.days});
  if (!made) return refuse("--host: " + made.failure().message, 2);
  if (::mkdir(order.folder.c_str(), 0755) != 0 && errno != EEXIST)
    return refuse(order.folder + ": " + std::strerror(errno), 1);
  const auto certificate = order.folder + "/http.pem";
  const auto key = order.folder + "/http.key";
  if (const int failed = write_new(key, made.value().key, 0600)) return failed;
  if (const int failed = write_new(certificate, made.value().certificate, 0644)) return failed;
  std::cout << certificate << '\n' << key << std::endl;
  return 0;
}

} // namespace

void add_tls_command(CLI::App& app, int& exit_code) {
  constexpr std::uint32_t days_max = 3'650;
  auto* tls = app.add_subcommand("tls", "Certificates of the API");
  tls->require_subcommand(1);
  auto* command =
      tls->add_subcommand("self-signed", "A certificate and its key that nobody else has signed");
  command->footer(footer);
  const auto order = std::make_shared<tls_order>();
  command->add_option("--host", order->hosts,
                      "Name or address by which clients reach the API; may be repeated")
      ->required()->allow_extra_args(false);
  command->add_option("--out", order->folder, "Folder of the two files; made where it is not there")
      ->required();
  command->add_option("--days", order->days, "How long it is valid")
      ->check(CLI::Range(1u, days_max))->capture_default_str();
  command->callback([order, &exit_code] { exit_code = make(*order); });
}

} // namespace busbar::apps
