#pragma once
// What a listener presents under TLS, and what is counted of its handshakes. Certificates are of
// the listener's thread (or strand); counting and `statistics` may be called from any.

#include "adapters/tls/certificate_watch.hpp"
#include "adapters/tls/handshake_failure.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <map>
#include <string>

namespace busbar::adapters::tls {

class listener_certificates {
public:
  /// `tell` empty: notices are lost.
  listener_certificates(server_files files, certificate_watch::listener tell);

  /// The errors of `make_server_context`.
  [[nodiscard]] domain::result<void> start(domain::instant now);
  /// As `certificate_watch` does both.
  void reload(domain::instant now);
  void look(domain::instant now);
  /// Under which the next connection is made. REQUIRES: started.
  [[nodiscard]] const shared_context& context() const { return watch_.context(); }

  /// A handshake has ended.
  void count_secured() { secured_.fetch_add(1, std::memory_order_relaxed); }
  void count_failure(handshake_failure which) {
    unsecured_[static_cast<std::size_t>(which)].fetch_add(1, std::memory_order_relaxed);
  }
  /// "tls_handshakes_total", "tls_failed_REASON_total", "certificate_expires_seconds",
  /// "certificate_reloads_total", "certificate_reload_failures_total".
  [[nodiscard]] std::map<std::string, double> statistics(domain::instant now) const;

private:
  void note_numbers();

  certificate_watch watch_;
  std::atomic<std::uint64_t> secured_{0};
  /// By `handshake_failure`.
  std::array<std::atomic<std::uint64_t>, handshake_failures> unsecured_{};
  std::atomic<std::int64_t> ends_at_s_{0};
  std::atomic<std::uint64_t> reloads_{0};
  std::atomic<std::uint64_t> failures_{0};
};

} // namespace busbar::adapters::tls
