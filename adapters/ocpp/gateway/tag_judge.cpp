#include "adapters/ocpp/gateway/tag_judge.hpp"

#include <string>

namespace busbar::adapters::ocpp::gateway {

using control::sessions::tag_verdict;

station::tag_answer verdict_of(const tag_book& tags, const station::stated_tag& tag,
                               std::size_t running, domain::instant now) {
  const auto* known = tags.find(tag.text);
  station::tag_answer made{
      control::sessions::authorise({tag.text, known, running}, tag.place.tags, now), {}, {}};
  if (known != nullptr) {
    made.expires_at = known->expires_at;
    made.parent = known->parent;
  }
  return made;
}

station::tag_answer tag_judge::judge(const tag_book& tags, const station::stated_tag& tag,
                                     std::size_t running, domain::instant now) {
  const auto at = tag.place.site.text() + "/" + tag.place.id.text();
  const auto key = control::sessions::tag_key(tag.text);
  if (!tag.connector && (of_stations_.is_reached(at, now) || of_tags_.is_reached(key, now))) {
    ++not_looked_up_;
    return {tag_verdict::invalid, {}, {}};
  }
  auto judged = verdict_of(tags, tag, running, now);
  if (judged.verdict != tag_verdict::accepted) {
    of_stations_.refused(at, now);
    of_tags_.refused(key, now);
  }
  return judged;
}

} // namespace busbar::adapters::ocpp::gateway
