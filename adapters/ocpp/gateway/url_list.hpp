#pragma once
// URLs that stations may be given (firmware, diagnostics, logs): by scheme and host. What this
// machine answers itself, and link-local addresses, are refused even where they are listed.

#include "domain/result.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace busbar::adapters::ocpp::gateway {

struct url_place {
  /// Lower case, as the host; an IPv6 address without its brackets.
  std::string scheme;
  std::string host;
  /// Empty: the scheme's own.
  std::string port;
};

class url_list {
public:
  /// "https://files.example", "https://*.files.example" (hosts below it), "ftp://10.0.0.7:2121"; a
  /// port that is stated is the only one. errc::out_of_range with the entry and what is allowed.
  [[nodiscard]] static domain::result<url_list> of(const std::vector<std::string>& allowed);

  /// Why a station may not be given `url`, with what is allowed; empty: it may. `own`: names and
  /// addresses of this machine.
  [[nodiscard]] std::string fault_of(std::string_view url,
                                     const std::vector<std::string>& own) const;

private:
  std::vector<url_place> allowed_;
  /// As they were stated.
  std::string text_;
};

/// Names and addresses of this machine, as they are now.
[[nodiscard]] std::vector<std::string> own_hosts();

} // namespace busbar::adapters::ocpp::gateway
