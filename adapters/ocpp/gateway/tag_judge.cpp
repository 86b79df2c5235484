#include "adapters/ocpp/gateway/tag_judge.hpp"

#include <string>

namespace busbar::adapters::ocpp::gateway {

using control::sessions::tag_verdict;

station::tag_answer verdict_of(const tag_sources& from, const station::stated_tag& tag,
                               std::size_t running, domain::instant now) {
  const auto& rules = tag.place.tags;
  control::sessions::tag_question asked{tag.text, from.list.find(tag.text), running};
  shared_rulings::answer said;
  if (rules.policy == control::sessions::tag_policy::external)
    said = from.rulings.find(tag.text, now);
  if (said.ruling) asked.ruling = &*said.ruling;
  asked.is_ruling_fresh = said.is_fresh;
  station::tag_answer made{control::sessions::authorise(asked, rules, now), {}, {}};
  if (said.ruling) {
    made.expires_at = said.ruling->expires_at;
    made.parent = said.ruling->parent;
  } else if (asked.known != nullptr) {
    made.expires_at = asked.known->expires_at;
    made.parent = asked.known->parent;
  }
  return made;
}

station::tag_answer tag_judge::judge(const tag_sources& from, const station::stated_tag& tag,
                                     std::size_t running, domain::instant now) {
  const auto at = tag.place.site.text() + "/" + tag.place.id.text();
  const auto key = control::sessions::tag_key(tag.text);
  if (!tag.connector && (of_stations_.is_reached(at, now) || of_tags_.is_reached(key, now))) {
    ++not_looked_up_;
    return {tag_verdict::invalid, {}, {}};
  }
  auto judged = verdict_of(from, tag, running, now);
  if (judged.verdict != tag_verdict::accepted) {
    of_stations_.refused(at, now);
    of_tags_.refused(key, now);
  }
  return judged;
}

} // namespace busbar::adapters::ocpp::gateway
