#include "site/decision_log.hpp"

#include "control/image_hash.hpp"

#include <algorithm>

namespace busbar::site {

namespace {

bool is_same(const domain::decided_grant& a, const domain::decided_grant& b) {
  return a.target == b.target && a.granted == b.granted && a.because == b.because;
}

bool is_same(const domain::decided_limit& a, const domain::decided_limit& b) {
  return a.limit == b.limit && a.source == b.source;
}

} // namespace

bool decision_log::differs(const control::plan& plan) const {
  const auto same = [](const auto& a, const auto& b) { return is_same(a, b); };
  return !std::equal(plan.grants.begin(), plan.grants.end(), grants_.begin(), grants_.end(),
                     same) ||
         !std::equal(plan.limits.begin(), plan.limits.end(), limits_.begin(), limits_.end(), same);
}

std::optional<domain::decision> decision_log::record(const control::image& image,
                                                     const control::plan& plan,
                                                     domain::seconds every) {
  if (image.now - recorded_at_ < every && !differs(plan)) return std::nullopt;
  recorded_at_ = image.now;
  grants_ = plan.grants;
  limits_ = plan.limits;
  domain::decision record;
  record.site = image.topology->id;
  record.topology_hash = image.topology->topology_hash;
  record.at = image.now;
  record.image_hash = hash_of(image);
  record.limits = plan.limits;
  record.grants = plan.grants;
  return record;
}

} // namespace busbar::site
