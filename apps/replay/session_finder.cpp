#include "apps/replay/session_finder.hpp"

#include "control/limits/node_limits.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace busbar::apps::replay {

namespace {

constexpr std::int64_t mws_per_wh = 3'600'000;

} // namespace

session_finder::session_finder(std::shared_ptr<const domain::site> site, domain::seconds period)
    : site_(std::move(site)), period_(period), gauge_(*site_), worst_(site_->nodes.size()),
      granted_(site_->connectors.size()) {}

void session_finder::told(const site::stepped_site&, const domain::session_fact& fact) {
  using enum domain::session_fact_kind;
  if (fact.kind == denied || fact.session.is_empty()) return;
  const auto [found, is_new] = sessions_.try_emplace(fact.session.text());
  auto& own = found->second;
  if (is_new) {
    order_.push_back(fact.session.text());
    own.arrives = fact.at;
  }
  own.departs = std::max(own.departs, fact.at);
  own.got_wh = std::max(own.got_wh, fact.energy.count());
  if (fact.energy_wanted) own.wanted = fact.energy_wanted;
  if (fact.departs_at) own.announced = fact.departs_at;
  if (fact.kind == completed) own.is_open = false;
}

void session_finder::look_at_session(const site::connector_row& row,
                                     domain::connector_index connector) {
  const auto& session = *row.session.open();
  const auto found = sessions_.find(session.id.text());
  if (found == sessions_.end()) return;
  auto& own = found->second;
  own.connector = connector;
  own.has_connector = true;
  own.arrives = std::min(own.arrives, session.started_at);
  if (session.energy_wanted) own.wanted = session.energy_wanted;
  if (session.departs_at) own.announced = session.departs_at;
  own.power_last_w = row.observed.newest().power_w;
  own.power_max_w = std::max<std::int64_t>(own.power_max_w, row.observed.newest().power_w);
}

void session_finder::planned(const site::stepped_site& at, domain::instant now) {
  const auto passed = newest_ == domain::instant{} ? domain::microseconds{} : now - newest_;
  if (newest_ == domain::instant{}) period_at_ = now;
  milliwatt_us_ += watts_ * 1'000 * passed.count();
  newest_ = now;
  if (now - period_at_ >= period_) close_period(now);
  watts_ = 0;
  for (site::bay_index bay = 0; bay < at.layout().bays.size(); ++bay) {
    const auto& rows = at.tables().tables()[bay].rows().connectors;
    for (std::size_t i = 0; i < rows.size(); ++i) {
      watts_ += rows[i].observed.newest().power_w;
      if (rows[i].session.open()) look_at_session(rows[i], at.layout().bays[bay].connectors[i]);
    }
  }
  look_at_nodes(*at.desk().plan(), at.desk().image());
}

void session_finder::close_period(domain::instant now) {
  const auto length = now - period_at_;
  draws_.push_back({period_at_, std::chrono::round<domain::seconds>(length),
                    length.count() > 0 ? milliwatt_us_ / length.count() : 0});
  milliwatt_us_ = 0;
  period_at_ = now;
}

void session_finder::look_at_nodes(const control::plan& plan, const control::image& image) {
  for (std::size_t i = 0; i < granted_.size(); ++i)
    granted_[i] = std::max(plan.grants[i].granted, image.connectors[i].drawn);
  const auto& loads = gauge_.reserved(granted_);
  for (std::size_t i = 0; i < loads.size(); ++i)
    for (const auto line : control::limits::every_line) {
      const auto* bound = plan.bounds[i].find(line);
      if (bound == nullptr || !evaluate::kind_of(line)) continue;
      // What stands beside the connectors counts at the node, too.
      const auto load = control::limits::load_on(loads[i], line) + bound->sure;
      const evaluate::node_load at{image.now, i, line, load, bound->allowed};
      worst_[i] = std::max(worst_[i], evaluate::permille_of(at));
    }
}

std::vector<evaluate::recorded_session> session_finder::sessions() const {
  std::vector<evaluate::recorded_session> made;
  for (const auto& name : order_) {
    const auto& own = sessions_.at(name);
    evaluate::recorded_session session;
    session.where = name;
    session.connector = own.connector;
    session.arrives = std::chrono::floor<domain::seconds>(own.arrives);
    session.departs = std::chrono::floor<domain::seconds>(own.is_open ? newest_ : own.departs);
    if (!own.has_connector || session.departs <= session.arrives) continue;
    session.announced = own.announced.value_or(session.departs);
    session.requested_wh = own.wanted ? own.wanted->count() : own.got_wh;
    const bool is_full = own.power_last_w <= 0 && own.power_max_w > 0;
    session.takes_wh = is_full ? std::min(own.got_wh, session.requested_wh) : session.requested_wh;
    if (own.power_max_w > 0) session.power_max_w = own.power_max_w;
    made.push_back(std::move(session));
  }
  std::ranges::stable_sort(made, {}, &evaluate::recorded_session::arrives);
  return made;
}

evaluate::replay_result
session_finder::measured(const std::vector<evaluate::recorded_session>& of) const {
  evaluate::replay_result result;
  for (const auto& session : of)
    result.delivered_mws.push_back(sessions_.at(session.where).got_wh * mws_per_wh);
  result.draws = draws_;
  for (std::size_t i = 0; i < worst_.size(); ++i)
    result.worst.push_back({site_->nodes[i].id.text(), worst_[i]});
  return result;
}

} // namespace busbar::apps::replay
