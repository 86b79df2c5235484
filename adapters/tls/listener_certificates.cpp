#include "adapters/tls/listener_certificates.hpp"

#include <chrono>
#include <utility>

namespace busbar::adapters::tls {

namespace {

std::int64_t seconds_of(domain::instant at) {
  return std::chrono::floor<std::chrono::seconds>(at).time_since_epoch().count();
}

template <class Number> double as_double(const Number& number) {
  return static_cast<double>(number);
}

} // namespace

listener_certificates::listener_certificates(server_files files, certificate_watch::listener tell)
    : watch_(std::move(files), tell ? std::move(tell) : [](const certificate_notice&) {}) {}

domain::result<void> listener_certificates::start(domain::instant now) {
  auto read = watch_.start(now);
  note_numbers();
  return read;
}

void listener_certificates::reload(domain::instant now) {
  watch_.reload(now);
  note_numbers();
}

void listener_certificates::look(domain::instant now) {
  watch_.look(now);
  note_numbers();
}

/// For other threads.
void listener_certificates::note_numbers() {
  ends_at_s_ = seconds_of(watch_.ends_at());
  reloads_ = watch_.reloads();
  failures_ = watch_.failures();
}

std::map<std::string, double> listener_certificates::statistics(domain::instant now) const {
  std::map<std::string, double> made{
      {"tls_handshakes_total", as_double(secured_)},
      {"certificate_expires_seconds", as_double(ends_at_s_ - seconds_of(now))},
      {"certificate_reloads_total", as_double(reloads_)},
      {"certificate_reload_failures_total", as_double(failures_)}};
  for (std::size_t i = 1; i < handshake_failures; ++i)
    made[std::string{"tls_failed_"} + name_of(static_cast<handshake_failure>(i)) + "_total"] =
        as_double(unsecured_[i]);
  return made;
}

} // namespace busbar::adapters::tls
