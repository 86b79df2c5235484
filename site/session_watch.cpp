#include "site/session_watch.hpp"

#include <algorithm>
#include <utility>

namespace busbar::site {

bool session_watch::change(const session_change& change, domain::instant heard_at) {
  const bool goes_on = open_ && change.session && open_->id == change.session->id;
  open_ = change.session;
  is_stopping_ = change.is_stopping;
  unsettled_since_.reset();
  if (change.is_unsettled) unsettled_since_ = heard_at;
  bill_waits_ = change.bill_waits;
  return goes_on;
}

void session_watch::restore(session_pointer open) {
  open_ = std::move(open);
  is_stopping_ = open_->stop_waits.has_value();
}

bool session_watch::is_told_of_by(const domain::reading& newest) const {
  return open_ && newest.measured_at >= open_->started_at;
}

domain::connector_state session_watch::state_before(const domain::reading& newest,
                                                    const domain::reading& arrived) const {
  const bool is_known = newest.state != domain::connector_state::unspecified;
  if (!open_ || (is_known && is_told_of_by(newest))) return newest.state;
  const auto seen_wh = std::max(open_->register_now_wh, arrived.energy_wh);
  const bool has_flowed = seen_wh > open_->register_start_wh;
  return has_flowed ? domain::connector_state::activated : newest.state;
}

void session_watch::restore_unsettled(session_pointer billed, domain::instant heard_at) {
  bill_waits_ = std::move(billed);
  unsettled_since_ = heard_at;
}

void session_watch::heard_until(domain::instant heard_at) {
  if (bill_waits_) unsettled_since_ = heard_at;
}

bool session_watch::take_progress(domain::instant now, domain::microseconds every) {
  if (!open_ || now - progress_at_ < every) return false;
  progress_at_ = now;
  return true;
}

bool session_watch::has_energy_wanted(const domain::reading& newest) const {
  return open_ && !is_stopping_ && open_->energy_wanted &&
         taken_wh(newest) >= open_->energy_wanted->count();
}

bool session_watch::take_heard_again(domain::instant heard_at) {
  if (!unsettled_since_ || heard_at <= *unsettled_since_) return false;
  unsettled_since_.reset();
  return true;
}

} // namespace busbar::site
