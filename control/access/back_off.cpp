#include "control/access/back_off.hpp"

#include <algorithm>

namespace busbar::control::access {

domain::microseconds back_off::wait_in(const table& in, const std::string& key,
                                       domain::instant now) {
  const auto found = in.find(key);
  if (found == in.end()) return {};
  const auto& [count, last] = found->second;
  // 1 s, 2 s, 4 s...: ten doublings are beyond the most.
  const auto wait = std::min(first_wait * (std::int64_t{1} << std::min(count - 1, 10U)), wait_max);
  // A clock that was set back holds nobody longer than that.
  return std::clamp(last + wait - now, domain::microseconds{}, wait);
}

domain::microseconds back_off::wait_of(const login_try& tried, domain::instant now) const {
  if (tried.is_from_known_address) return {};
  return std::max(wait_in(accounts_, tried.account, now), wait_in(addresses_, tried.address, now));
}

void back_off::count(table& in, const std::string& key, domain::instant now) {
  const auto known = in.find(key);
  if (known == in.end() && in.size() >= kept_max) {
    std::erase_if(in, [&](const auto& each) {
      return now - each.second.last > forgotten_after;
    });
    const auto oldest = std::min_element(in.begin(), in.end(), [](const auto& a, const auto& b) {
      return a.second.last < b.second.last;
    });
    if (in.size() >= kept_max) in.erase(oldest);
  }
  auto& entry = in[key];
  if (now - entry.last > forgotten_after) entry.count = 0;
  ++entry.count;
  entry.last = now;
}

void back_off::failed(const login_try& tried, domain::instant now) {
  count(accounts_, tried.account, now);
  count(addresses_, tried.address, now);
}

void back_off::succeeded(const login_try& tried) {
  accounts_.erase(tried.account);
  addresses_.erase(tried.address);
}

} // namespace busbar::control::access
