#pragma once
// A certificate that a server has signed itself: for a first try, and for machines that are told to
// trust it.

#include "domain/result.hpp"
#include "domain/time.hpp"

#include <string>
#include <vector>

namespace busbar::adapters::tls {

/// PEM.
struct self_signed {
  std::string certificate;
  std::string key;
};

inline constexpr std::size_t names_max = 16;

/// Of a new ECDSA key (P-256), for servers and clients. `names`: host names and addresses, the
/// first one is its common name. errc::out_of_range where there is none, there are more than
/// `names_max`, or one has other characters than letters, digits and .-:_*.
[[nodiscard]] domain::result<self_signed> make_self_signed(const std::vector<std::string>& names,
                                                           domain::instant now,
                                                           std::chrono::days life);

} // namespace busbar::adapters::tls
