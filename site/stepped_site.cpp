#include "site/stepped_site.hpp"

#include "control/carry_over/place_match.hpp"
#include "control/carry_over/site_outline.hpp"
#include "site/node_sums.hpp"
#include "site/operator_orders.hpp"
#include "site/report_writer.hpp"

#include <algorithm>
#include <iterator>
#include <span>
#include <utility>

namespace busbar::site {

namespace {

/// Ticks whose plan or reports may still be on their way.
constexpr std::uint64_t ticks_kept = 64;
constexpr std::size_t reports_kept = 8;

template <class Value> void keep_newest(std::map<std::uint64_t, Value>& from, std::uint64_t tick) {
  while (!from.empty() && from.begin()->first + ticks_kept < tick) from.erase(from.begin());
}

} // namespace

void tell_effects(effect_listener& to, site_desk& desk, domain::epoch owner,
                  domain::seconds decision_every, domain::instant now) {
  if (const auto record = desk.decision(owner, decision_every)) to.effect(*record);
  if (const auto state = desk.changelog(owner, now)) to.effect(*state);
  for (const auto& event : desk.take_events()) to.effect(desk_source{}, event);
}

stepped_site::stepped_site(const site_beginning& start, stepped_site* before)
    : layout_(start.layout), start_(start), stations_(start), desk_(layout_, start.breaker),
      reports_(layout_->bays.size()) {
  if (start.restored) desk_.restore(*start.restored);
  if (before != nullptr) {
    using namespace control::carry_over;
    const auto places = match(outline_of(*before->layout_->site), *layout_->site);
    stations_.tables().take_over(before->stations_.tables(), places);
    desk_.take_nodes(before->desk_, places.nodes);
  }
  if (start.claims) desk_.claim();
}

void stepped_site::take(const site_step& step, effect_listener& out) {
  out_ = &out;
  stations_.tell_to(out);
  const auto take_one = [this]<class Step>(const Step& each) {
    if constexpr (requires { stations_.take(each); }) stations_.take(each);
    else take(each);
  };
  std::visit(take_one, step);
}

stepped_site::report_pointer stepped_site::report_way::unused() {
  // The desk reads the newest report of a bay until it takes another one.
  const auto is_read = [](const report_pointer& each) { return each.use_count() > 1; };
  const auto found = std::ranges::find_if_not(spare, is_read);
  if (found == spare.end()) return std::make_shared<bay_report>();
  auto made = std::move(*found);
  spare.erase(found);
  return made;
}

void stepped_site::take(const step::report& step) {
  const auto sampled = sampled_.find(step.tick);
  if (sampled == sampled_.end()) ++strays_;
  const auto sampled_at = sampled == sampled_.end() ? domain::instant::max() : sampled->second;
  auto filled = reports_[step.bay].unused();
  write_report(*filled, stations_.tables().tables()[step.bay],
               {step.tick, step.now, false, sampled_at});
  filled->awaits_plan = filled->awaits_plan || step.has_commands;
  auto& waiting = reports_[step.bay].sent;
  waiting.push_back(std::move(filled));
  if (waiting.size() > reports_kept) waiting.erase(waiting.begin());
}

void stepped_site::take(const step::order& step) {
  const auto plan = plans_.find(step.tick);
  if (plan == plans_.end()) {
    ++strays_;
    return;
  }
  stations_.order(step.bay, *plan->second);
}

void stepped_site::take(const step::round& step) {
  if (desk_.mode().has_failed()) desk_.mode().recover();
  sampled_[step.tick] = desk_.meters().sampled_at(step.now);
  keep_newest(sampled_, step.tick);
}

void stepped_site::take(const step::reported& step) {
  for (const auto& named : step.bays) {
    auto& waiting = reports_[named->bay].sent;
    // Of two of one tick the newer one: the desk's actor before sent for the other one.
    const auto from_end = std::ranges::find(waiting.rbegin(), waiting.rend(), named->tick,
                                            &bay_report::tick);
    if (from_end == waiting.rend()) {
      ++strays_;
      continue;
    }
    desk_.take(*from_end);
    // Of each bay the newest report counts.
    const auto older = std::ranges::find(taken_, named->bay, &bay_report::bay);
    if (older == taken_.end()) taken_.push_back(std::move(*from_end));
    else *older = std::move(*from_end);
    waiting.erase(std::prev(from_end.base()));
  }
}

void stepped_site::take(const step::meters& step) {
  for (const auto& meter : step.meters) desk_.meters().take(meter, step.received_at);
}

void stepped_site::take(const step::operators& step) {
  desk_.take(*step.order);
  out_->effect(desk_source{}, event_of(*step.order, *layout_->site, {*step.by, step.now}));
}

void stepped_site::take(const step::decide& step) {
  if (step.has_every_report) desk_.meters().take(sums_of_site(taken_, *layout_));
  else desk_.meters().take(std::vector<node_sum>(step.sums.begin(), step.sums.end()));
  for (branch_index i = 0; step.has_every_branch && i < layout_->branches.size(); ++i)
    desk_.meters().guards().take(i, false);
  for (const auto& each : step.branches)
    desk_.meters().guards().take(each.branch, each.is_overdue);
  desk_.decide(step.now);
  plans_[step.tick] = desk_.orders(step.tick, step.now);
  keep_newest(plans_, step.tick);
  spare_taken();
  tell_effects(*out_, desk_, start_.owner, start_.decision_every, step.now);
}

void stepped_site::spare_taken() {
  for (const auto& each : taken_)
    reports_[each->bay].spare.push_back(std::const_pointer_cast<bay_report>(each));
  taken_.clear();
}

void stepped_site::take(const step::desk_begun&) { spare_taken(); }

void stepped_site::take(const step::safe_orders& step) {
  auto& mode = desk_.mode();
  if (!mode.has_failed()) mode.fail({}, step.now);
  // Also due where a bay could not be told before.
  if (step.are_due) mode.tell_again();
  safe_ = desk_.orders(step.tick, step.now);
}

void stepped_site::take(const step::safe_bay& step) {
  if (safe_) stations_.order_safely(step.bay, *safe_);
  else ++strays_;
}

} // namespace busbar::site
