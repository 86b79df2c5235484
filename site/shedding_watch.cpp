#include "site/shedding_watch.hpp"

#include <string>
#include <utility>

namespace busbar::site {

namespace {

constexpr const char* what_levels_do[]{
    "nothing is shed",
    "priority 3 and below reduced by 20 %",
    "priority 5 and below reduced by 40 %",
    "all reduced by 50 %",
    "priority 5 and below stopped",
    "all but priorities 9 and 10 stopped",
};

} // namespace

shedding_watch::shedding_watch(std::shared_ptr<const site_layout> layout)
    : layout_(std::move(layout)), unexplained_(*layout_->site) {}

bool shedding_watch::observe(const domain::configure_shedding& wanted, control::image& image,
                             const std::vector<control::limits::node_flow>& flows,
                             const control::plan* plan) {
  load_ = plan == nullptr ? std::nullopt
                          : unexplained_.observe(wanted.settings, image, flows, *plan);
  auto change = wanted.forced_level
                    ? level_.force(*wanted.forced_level, image.now)
                    : level_.observe(wanted.settings, image.now,
                                     control::safety::load_to_shed(wanted.settings, load_));
  image.shedding_level = level_.level();
  if (change) untold_ = change;
  return change.has_value();
}

void shedding_watch::tell(const domain::configure_shedding& wanted, const control::plan& plan,
                          site_events& events) {
  const auto change = std::exchange(untold_, std::nullopt);
  if (!change) return;
  std::string text = "level " + std::to_string(change->from) + " to " +
                     std::to_string(change->to) + ": " + what_levels_do[change->to];
  if (wanted.forced_level) text += "; set by hand, until it is released";
  else if (load_)
    text += "; " + layout_->site->nodes[load_->node.value()].id.text() + " at " +
            std::to_string(load_->load.count()) + " permille, " +
            std::to_string(load_->unexplained.count()) + " that no plan knew";
  text += "; " + std::to_string(plan.connectors_shed) + " connectors held down by " +
          std::to_string(plan.shed.count()) + " mA";
  const bool is_up = change->to > change->from;
  events.say(is_up ? domain::severity::warning : domain::severity::info, "load_shedding",
             std::move(text));
}

domain::shedding_view shedding_watch::view(const domain::configure_shedding& wanted,
                                           const control::plan* plan) const {
  domain::shedding_view view;
  view.settings = wanted.settings;
  view.is_forced = wanted.forced_level.has_value();
  view.level = level_.level();
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
