#include "adapters/tls/certificate_watch.hpp"

#include <sys/stat.h>

#include <utility>

namespace busbar::adapters::tls {

namespace {

constexpr std::chrono::hours told_every{24};

std::string of_file(const std::string& path) {
  if (path.empty()) return {};
  struct stat about{};
  if (::stat(path.c_str(), &about) != 0) return "absent;";
  return std::to_string(about.st_ino) + ' ' + std::to_string(about.st_size) + ' ' +
         std::to_string(about.st_mtim.tv_sec) + ' ' + std::to_string(about.st_mtim.tv_nsec) + ';';
}

/// "in 12 days", "3 days ago".
std::string when(domain::instant at, domain::instant now) {
  const auto days = std::chrono::floor<std::chrono::days>(at > now ? at - now : now - at).count();
  return at > now ? "in " + std::to_string(days) + " days" : std::to_string(days) + " days ago";
}

} // namespace

certificate_watch::certificate_watch(server_files files, listener tell)
    : files_(std::move(files)), tell_(std::move(tell)) {}

std::string certificate_watch::signature() const {
  std::string all;
  for (const auto& each : files_.own) all += of_file(each.certificate) + of_file(each.key);
  return all + of_file(files_.authorities) + of_file(files_.revoked);
}

domain::result<void> certificate_watch::start(domain::instant now) {
  read_ = seen_ = signature();
  auto made = make_server_context(files_);
  if (!made) return made.failure();
  now_ = std::move(made.value());
  tell_of_end(now);
  return {};
}

void certificate_watch::reload(domain::instant now) {
  read_ = seen_ = signature();
  auto made = make_server_context(files_);
  if (made && made.value().ends_at <= now)
    made = domain::error{domain::errc::stale, made.value().ends_first + ": has ended"};
  if (!made) {
    ++failures_;
    tell_({true, "certificates are not read again, those before stay in force: " +
                     made.failure().message});
    return;
  }
  ++reloads_;
  now_ = std::move(made.value());
  tell_({false, "certificates are read again"});
  told_at_ = {};
  tell_of_end(now);
}

void certificate_watch::look(domain::instant now) {
  auto there = signature();
  const bool has_settled = there == std::exchange(seen_, there);
  if (there != read_ && has_settled) reload(now);
  if (now - told_at_ >= told_every) tell_of_end(now);
}

void certificate_watch::tell_of_end(domain::instant now) {
  const bool ends = now_.ends_at - now < told_within;
  const bool lists_end = now_.lists_end_at && *now_.lists_end_at <= now;
  told_at_ = now;
  if (ends)
    tell_({true, "certificate " + now_.ends_first + (now_.ends_at > now ? " ends " : " ended ") +
                     when(now_.ends_at, now) + ": an engine whose certificate has ended is "
                                               "refused"});
  if (lists_end)
    tell_({true, "list of revoked certificates " + files_.revoked + " ended " +
                     when(*now_.lists_end_at, now) +
                     ": every certificate of its authority is refused until there is a newer "
                     "one"});
}

} // namespace busbar::adapters::tls
