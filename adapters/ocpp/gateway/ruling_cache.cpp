#include "adapters/ocpp/gateway/ruling_cache.hpp"

#include <algorithm>
#include <utility>

namespace busbar::adapters::ocpp::gateway {

using control::sessions::tag_key;
using control::sessions::tag_ruling;
using domain::instant;

ruling_cache::found ruling_cache::find(std::string_view tag, instant now) const {
  const auto at = rulings_.find(tag_key(tag));
  if (at == rulings_.end() || now - at->second.given_at >= kept_within) return {};
  const auto& [ruling, given_at] = at->second;
  const auto until = ruling.expires_at.value_or(given_at + stands_within);
  return {&ruling, now >= given_at && now < until};
}

void ruling_cache::keep(std::string_view tag, control::sessions::tag_ruling ruling, instant now) {
  auto key = tag_key(tag);
  if (rulings_.size() >= rulings_max && !rulings_.contains(key))
    rulings_.erase(std::ranges::min_element(
        rulings_, {}, [](const auto& each) { return each.second.given_at; }));
  rulings_[std::move(key)] = {std::move(ruling), now};
}

shared_rulings::answer shared_rulings::find(std::string_view tag, instant now) const {
  const std::lock_guard lock{guard_};
  const auto found = kept_.find(tag, now);
  if (found.ruling == nullptr) return {};
  return {*found.ruling, found.is_fresh};
}

void shared_rulings::keep(std::string_view tag, tag_ruling ruling, instant now) {
  const std::lock_guard lock{guard_};
  kept_.keep(tag, std::move(ruling), now);
}

} // namespace busbar::adapters::ocpp::gateway
