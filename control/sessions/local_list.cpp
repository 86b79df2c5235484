#include "control/sessions/local_list.hpp"

#include <algorithm>
#include <cassert>
#include <string_view>
#include <utility>

namespace busbar::control::sessions {

namespace {

constexpr std::int32_t content_versions = 1 << 30;

/// FNV-1a.
class content_hash {
public:
  void add(std::string_view text) {
    for (const char each : text) add(static_cast<unsigned char>(each));
    add(std::uint64_t{0xff});
  }
  void add(std::uint64_t number) { value_ = (value_ ^ number) * 1'099'511'628'211u; }
  /// 1 to `content_versions`.
  [[nodiscard]] std::int32_t version() const {
    return static_cast<std::int32_t>((value_ ^ value_ >> 31U) % content_versions) + 1;
  }

private:
  std::uint64_t value_ = 14'695'981'039'346'656'037u;
};

std::int32_t content_version(const local_list& list) {
  content_hash hash;
  for (const auto& each : list) {
    hash.add(each.tag);
    hash.add(static_cast<std::uint64_t>(each.status));
    hash.add(each.expires_at ? static_cast<std::uint64_t>(
                                   each.expires_at->time_since_epoch().count())
                             : 0);
    hash.add(each.parent);
  }
  return hash.version();
}

std::size_t messages_for(const local_list& list, std::size_t per_message) {
  return std::max<std::size_t>((list.size() + per_message - 1) / per_message, 1);
}

} // namespace

local_list local_list_of(const std::map<std::string, id_tag>& listed, const tag_rules& rules,
                         std::size_t most) {
  local_list made;
  for (const bool is_blocked : {false, true})
    for (const auto& [key, each] : listed) {
      const bool is_served = rules.group.empty() || rules.group == each.group;
      if (each.is_blocked != is_blocked || !is_served || made.size() >= most) continue;
      made.push_back({each.tag, is_blocked ? tag_verdict::blocked : tag_verdict::accepted,
                      each.expires_at, each.parent});
    }
  std::ranges::sort(made, {}, [](const local_tag& each) { return tag_key(each.tag); });
  return made;
}

std::int32_t version_of(const local_list& list, std::size_t per_message) {
  assert(per_message > 0);
  return content_version(list) + static_cast<std::int32_t>(messages_for(list, per_message)) - 1;
}

std::vector<list_message> full_list(const local_list& list, std::size_t per_message) {
  assert(per_message > 0);
  std::vector<list_message> made(messages_for(list, per_message));
  auto version = content_version(list);
  for (std::size_t i = 0; i < made.size(); ++i) {
    const auto first = std::min(i * per_message, list.size());
    const auto last = std::min(first + per_message, list.size());
    made[i].is_full = i == 0;
    made[i].version = version++;
    made[i].tags = {list.begin() + static_cast<std::ptrdiff_t>(first),
                    list.begin() + static_cast<std::ptrdiff_t>(last)};
  }
  return made;
}

std::vector<list_message> list_update(const local_list& held, const local_list& wanted,
                                      std::size_t per_message) {
  if (held == wanted) return {};
  list_message difference{false, version_of(wanted, per_message), {}, {}};
  std::map<std::string, const local_tag*> before;
  for (const auto& each : held) before.emplace(tag_key(each.tag), &each);
  for (const auto& each : wanted) {
    const auto known = before.extract(tag_key(each.tag));
    if (known.empty() || *known.mapped() != each) difference.tags.push_back(each);
  }
  for (const auto& [key, each] : before) difference.gone.push_back(each->tag);
  const bool fits = difference.tags.size() + difference.gone.size() <= per_message;
  if (!fits || difference.version <= version_of(held, per_message))
    return full_list(wanted, per_message);
  std::vector<list_message> made;
  made.push_back(std::move(difference));
  return made;
}

} // namespace busbar::control::sessions
