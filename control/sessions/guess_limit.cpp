#include "control/sessions/guess_limit.hpp"

#include <algorithm>

namespace busbar::control::sessions {

namespace {

/// Also where the clock has gone back: a key waits for a minute, whatever the clock does.
bool is_over(domain::instant began, domain::instant now) {
  return now < began || now - began >= guess_limit::window_pause;
}

} // namespace

bool guess_limit::is_reached(std::string_view key, domain::instant now) const {
  const auto found = keys_.find(key);
  return found != keys_.end() && found->second.count >= refusals_max &&
         !is_over(found->second.began, now);
}

void guess_limit::refused(std::string_view key, domain::instant now) {
  auto found = keys_.find(key);
  if (found == keys_.end()) {
    make_room(now);
    found = keys_.emplace(std::string{key}, refusals{now, 0}).first;
  } else if (is_over(found->second.began, now)) {
    found->second = {now, 0};
  }
  ++found->second.count;
}

void guess_limit::make_room(domain::instant now) {
  if (keys_.size() < keys_max) return;
  std::erase_if(keys_, [&](const auto& each) { return is_over(each.second.began, now); });
  if (keys_.size() < keys_max) return;
  keys_.erase(std::ranges::min_element(
      keys_, {}, [](const auto& each) { return each.second.began; }));
}

} // namespace busbar::control::sessions
