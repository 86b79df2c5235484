#include "site/shedding_watch.hpp"

#include "domain/events/limits.hpp"

#include <utility>

namespace busbar::site {

shedding_watch::shedding_watch(std::shared_ptr<const site_layout> layout)
    : layout_(std::move(layout)), unexplained_(*layout_->site) {}

bool shedding_watch::observe(const domain::configure_shedding& wanted, control::image& image,
                             const std::vector<control::limits::node_flow>& flows,
                             const control::plan* plan) {
  load_ = plan == nullptr ? std::nullopt
                          : unexplained_.observe(wanted.settings, image, flows, *plan);
  auto change = moved(wanted, image.now);
  image.shedding_level = level_.level();
  if (change) untold_ = change;
  return change.has_value();
}

std::optional<control::safety::shedding_change>
shedding_watch::moved(const domain::configure_shedding& wanted, domain::instant now) {
  if (wanted.forced_level) {
    if (!before_hand_) before_hand_ = level_.level();
    return level_.force(*wanted.forced_level, now);
  }
  const auto load = control::safety::load_to_shed(wanted.settings, load_);
  const auto before = std::exchange(before_hand_, std::nullopt);
  return before ? level_.release(*before, wanted.settings, now, load)
                : level_.observe(wanted.settings, now, load);
}

void shedding_watch::tell(const domain::configure_shedding& wanted, const control::plan& plan,
                          site_events& events) {
  const auto change = std::exchange(untold_, std::nullopt);
  if (!change) return;
  domain::events::shedding_words words{change->from, change->to, wanted.forced_level.has_value(),
                                       {}, plan.connectors_shed, plan.shed};
  if (load_)
    words.load = {layout_->site->nodes[load_->node.value()].id, load_->load, load_->unexplained};
  events.add(domain::events::load_shedding(events.here(), words));
}

domain::shedding_view shedding_watch::view(const domain::configure_shedding& wanted,
                                           const control::plan* plan) const {
  domain::shedding_view view;
  view.settings = wanted.settings;
  view.is_forced = wanted.forced_level.has_value();
  // A level by hand that no plan has taken up yet holds for what is ordered next.
  view.level = wanted.forced_level.value_or(level_.level());
  view.changed_at = level_.changed_at();
  if (load_) {
    view.load = load_->load;
    view.unexplained = load_->unexplained;
    view.node = load_->node;
  }
  if (plan == nullptr) return view;
  view.connectors_reduced = plan->connectors_shed;
  view.reduced_by = plan->shed;
  return view;
}

} // namespace busbar::site
