#include "control/access/rate_limiter.hpp"

#include <algorithm>
#include <array>
#include <functional>
#include <vector>

namespace busbar::control::access {

namespace {

constexpr std::array class_names{"none", "strict", "standard", "relaxed"};
/// A full table is looked through no more often.
constexpr domain::seconds swept_every{1};
constexpr std::string_view shared_key = "*";

/// Moves the windows on to the one that holds `now`.
template <class Use> void turn(Use& use, domain::instant now) {
  const auto gone = now - use.began;
  // Also where the clock was set back: it begins anew.
  if (gone < domain::microseconds{} || gone >= 2 * use.window) {
    use = {now, use.window, 0, 0};
  } else if (gone >= use.window) {
    use = {use.began + use.window, use.window, use.now, 0};
  }
}

/// From the beginning of a window: until no more than `left` are carried over of `before`.
domain::microseconds time_until(std::int64_t before, std::int64_t left,
                                domain::microseconds window) {
  return domain::microseconds{(window.count() * (before - left) + before - 1) / before};
}

domain::seconds ceil_seconds(domain::microseconds time) {
  return std::chrono::ceil<domain::seconds>(std::max(time, domain::microseconds{}));
}

} // namespace

rate_quota quota_of(rate_class which) {
  switch (which) {
  case rate_class::strict: return {10, std::chrono::minutes{15}};
  case rate_class::standard: return {100, std::chrono::minutes{1}};
  default: return {300, std::chrono::minutes{1}};
  }
}

const char* name_of(rate_class which) { return class_names[static_cast<std::size_t>(which)]; }

rate_limiter::use& rate_limiter::use_of(table& in, std::string key, domain::instant now) const {
  const auto found = in.uses.find(key);
  if (found != in.uses.end()) return found->second;
  const auto since_sweep = now - in.swept_at;
  const bool is_due = since_sweep >= swept_every || since_sweep < domain::microseconds{};
  if (in.uses.size() >= most_ && is_due) {
    in.swept_at = now;
    std::erase_if(in.uses, [&](const auto& each) {
      return now - each.second.began >= 2 * each.second.window;
    });
  }
  if (in.uses.size() < most_) return in.uses[std::move(key)];
  return in.uses[std::string{shared_key} + key.substr(key.rfind('|'))];
}

rate_answer rate_limiter::ask(std::string_view key, rate_class which, bool is_stranger,
                              domain::instant now) {
  const auto quota = quota_of(which);
  auto& entry = use_of(is_stranger ? strangers_ : principals_,
                       std::string{key} + "|" + name_of(which), now);
  if (entry.window == domain::seconds{}) entry = {now, quota.window, 0, 0};
  turn(entry, now);
  const domain::microseconds window = quota.window;
  const auto left_of_window = entry.began + window - now;
  // Rounded up: never more than the quota in any window.
  const auto carried = (entry.before * left_of_window.count() + window.count() - 1) /
                       window.count();
  const auto used = carried + entry.now;
  if (used >= quota.requests) {
    const auto free = quota.requests - 1 - entry.now;
    // In this window, once enough of what is carried over has gone; or in the next one.
    const auto wait = free >= 0
                          ? time_until(entry.before, free, window) - (window - left_of_window)
                          : left_of_window + time_until(entry.now, quota.requests - 1, window);
    return {false, 0, std::max(ceil_seconds(wait), domain::seconds{1})};
  }
  ++entry.now;
  return {true, quota.requests - used - 1, ceil_seconds(left_of_window)};
}

std::size_t rate_limiter::key_count() const {
  return principals_.uses.size() + strangers_.uses.size();
}

} // namespace busbar::control::access
