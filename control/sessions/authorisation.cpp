#include "control/sessions/authorisation.hpp"

#include <algorithm>

namespace busbar::control::sessions {

const char* name_of(tag_policy policy) { return policy == tag_policy::all ? "all" : "listed"; }

const char* name_of(tag_verdict verdict) {
  switch (verdict) {
  case tag_verdict::accepted: return "Accepted";
  case tag_verdict::blocked: return "Blocked";
  case tag_verdict::expired: return "Expired";
  case tag_verdict::invalid: return "Invalid";
  }
  return "Invalid";
}

tag_verdict authorise(const id_tag* known, tag_policy policy, domain::instant now) {
  if (known == nullptr)
    return policy == tag_policy::all ? tag_verdict::accepted : tag_verdict::invalid;
  if (known->is_blocked) return tag_verdict::blocked;
  return known->expires_at && *known->expires_at <= now ? tag_verdict::expired
                                                        : tag_verdict::accepted;
}

bool is_tag(std::string_view text) {
  return !text.empty() && text.size() <= tag_length_max &&
         std::ranges::all_of(text, [](char c) { return c > 0x20 && c < 0x7f && c != ','; });
}

std::string tag_key(std::string_view tag) {
  std::string key{tag};
  for (auto& c : key)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  return key;
}

} // namespace busbar::control::sessions
