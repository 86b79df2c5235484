#include "apps/fleet/fleet_audit.hpp"

#include <algorithm>
#include <utility>

namespace busbar::apps {

fleet_audit::fleet_audit(std::shared_ptr<const domain::site> site)
    : site_(std::move(site)), judge_(std::make_unique<simulator::auditor>(site_)) {
  before_.site = site_->id.text();
}

void fleet_audit::hear(const domain::session_fact& fact) {
  using domain::session_fact_kind;
  if (fact.kind == session_fact_kind::denied) return judge_->hear(fact);
  if (fact.kind == session_fact_kind::accepted) begun_.insert(fact.session);
  if (!begun_.contains(fact.session)) {
    ++unjudged_facts_;
    return;
  }
  if (fact.kind == session_fact_kind::completed) ended_at_[fact.session] = fact.at;
  judge_->hear(fact);
}

void fleet_audit::look(const simulator::world& world, const simulator::outputs& said,
                       domain::instant now) {
  looked_at_ = now;
  judge_->hear(said);
  judge_->look(world.yard(), now);
}

void fleet_audit::follow(std::shared_ptr<const domain::site> next) {
  close(before_);
  site_ = std::move(next);
  judge_ = std::make_unique<simulator::auditor>(site_);
  // The new judge has not seen these begin.
  begun_.clear();
  ended_at_.clear();
}

void fleet_audit::close(site_verdict& into) const {
  into.looks += judge_->looks();
  into.sessions_ended += judge_->ended_sessions();
  into.sessions_open = judge_->open_sessions();
  into.bills += judge_->bills().compared();
  into.unjudged_facts = unjudged_facts_;
  into.fullest_permille = std::max(into.fullest_permille, judge_->worst_permille());
  into.finding_count += judge_->finding_count();
  into.findings.insert(into.findings.end(), judge_->findings().begin(), judge_->findings().end());
  for (const auto& [session, difference] : judge_->bills().differences()) {
    const auto ended = ended_at_.find(session);
    if (ended == ended_at_.end() || looked_at_ - ended->second < settles_within) continue;
    ++into.finding_count;
    into.findings.push_back(
        {ended->second, "LIFE-1", "session " + session.text() + ": " + difference});
  }
}

site_verdict fleet_audit::verdict() const {
  auto made = before_;
  close(made);
  return made;
}

} // namespace busbar::apps
