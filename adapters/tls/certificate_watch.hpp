#pragma once
// The certificates of a listener, read again when their files change or when asked to. One that
// cannot be read leaves the one before in force. Not thread-safe.

#include "adapters/tls/tls_context.hpp"

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

namespace busbar::adapters::tls {

/// Something that an operator must know.
struct certificate_notice {
  bool is_warning = false;
  std::string text;
};

class certificate_watch {
public:
  using listener = std::function<void(const certificate_notice&)>;

  certificate_watch(server_files files, listener tell);

  /// The errors of `make_server_context`.
  [[nodiscard]] domain::result<void> start(domain::instant now);
  /// Reads them whether they have changed or not.
  void reload(domain::instant now);
  /// Reads them where they have changed and then stayed as they are between two calls, so that a
  /// certificate and its key may be replaced one after the other. States daily what ends within
  /// `told_within`.
  void look(domain::instant now);

  /// Under which the next connection is made. REQUIRES: started.
  [[nodiscard]] const shared_context& context() const { return now_.context; }
  [[nodiscard]] domain::instant ends_at() const { return now_.ends_at; }
  [[nodiscard]] std::uint64_t reloads() const { return reloads_; }
  [[nodiscard]] std::uint64_t failures() const { return failures_; }

private:
  [[nodiscard]] std::string signature() const;
  void tell_of_end(domain::instant now);

  server_files files_;
  listener tell_;
  server_context now_;
  /// Of the files as they were read, and as they were seen last.
  std::string read_;
  std::string seen_;
  domain::instant told_at_{};
  std::uint64_t reloads_ = 0;
  std::uint64_t failures_ = 0;
};

/// An operator learns of a certificate's end so long before.
inline constexpr std::chrono::days told_within{30};

} // namespace busbar::adapters::tls
