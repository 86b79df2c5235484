#include "control/sessions/authorisation.hpp"

#include <algorithm>

namespace busbar::control::sessions {

const char* name_of(tag_policy policy) {
  switch (policy) {
  case tag_policy::all: return "all";
  case tag_policy::listed: return "listed";
  case tag_policy::free: return "free";
  case tag_policy::external: return "external";
  }
  return "all";
}

const char* name_of(offline_rule rule) {
  switch (rule) {
  case offline_rule::cached: return "cached";
  case offline_rule::listed: return "listed";
  case offline_rule::refuse: return "refuse";
  }
  return "refuse";
}

const char* name_of(tag_verdict verdict) {
  switch (verdict) {
  case tag_verdict::accepted: return "Accepted";
  case tag_verdict::blocked: return "Blocked";
  case tag_verdict::expired: return "Expired";
  case tag_verdict::invalid: return "Invalid";
  case tag_verdict::concurrent: return "ConcurrentTx";
  }
  return "Invalid";
}

namespace {

tag_verdict ruled(const tag_ruling& ruling, domain::instant now) {
  const bool is_over = ruling.expires_at && *ruling.expires_at <= now;
  return is_over && ruling.verdict == tag_verdict::accepted ? tag_verdict::expired
                                                            : ruling.verdict;
}

} // namespace

tag_verdict authorise(const tag_question& asked, const tag_rules& rules, domain::instant now) {
  if (rules.policy == tag_policy::external) {
    const bool counts = asked.is_ruling_fresh || rules.offline == offline_rule::cached;
    if (asked.ruling != nullptr && counts) return ruled(*asked.ruling, now);
    if (rules.offline != offline_rule::listed) return tag_verdict::invalid;
  }
  const bool is_free =
      rules.policy == tag_policy::free && tag_key(asked.tag) == tag_key(rules.free_tag);
  if (is_free) return tag_verdict::accepted;
  const auto* known = asked.known;
  if (known == nullptr) {
    const bool is_open = rules.policy == tag_policy::all && rules.group.empty();
    return is_open ? tag_verdict::accepted : tag_verdict::invalid;
  }
  if (known->is_blocked) return tag_verdict::blocked;
  if (known->expires_at && *known->expires_at <= now) return tag_verdict::expired;
  if (!rules.group.empty() && known->group != rules.group) return tag_verdict::invalid;
  const bool is_full = known->concurrent_max > 0 && asked.running >= known->concurrent_max;
  return is_full ? tag_verdict::concurrent : tag_verdict::accepted;
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
