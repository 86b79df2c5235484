// What is configured at a running site on top of its file: a new revision of it, in place of the
// one before.

#include "apps/engine/engine_parts.hpp"
#include "apps/engine/unknown_place.hpp"
#include "control/operators/configuration.hpp"
#include "control/operators/tree_revision.hpp"
#include "domain/epochs.hpp"
#include "domain/events/site_changes.hpp"

#include <algorithm>
#include <utility>

namespace busbar::apps {

namespace {

namespace operators = control::operators;
namespace events = domain::events;

/// Changes of one site that are taken and not in place yet. Each is a whole context.
constexpr std::ptrdiff_t changes_waiting_max = 16;

/// A station counts with what it was told to fall back to before.
bool has_told(const domain::site& site) {
  return std::ranges::any_of(site.configured->stations,
                             [](const auto& each) { return each.told_max.has_value(); });
}

/// By station: each of its connectors has accepted a grant of this revision.
std::vector<bool> accepted_fallbacks(const domain::site_view& view) {
  std::vector<bool> accepted(view.topology->stations.size(), true);
  for (const auto& seen : view.connectors)
    if (!seen.is_fallback_accepted)
      accepted[view.topology->connectors[seen.connector.value()].station.value()] = false;
  return accepted;
}

/// What a grant has told it goes on to count, whatever is told from now on.
void remember_told(domain::site_configuration& change, const domain::site& now) {
  for (auto& each : change.stations)
    for (const auto& station : now.stations)
      if (station.id == each.station && station.told_when_lost)
        each.told_max = station.told_when_lost->current;
}

} // namespace

domain::result<engine::parts::context_place>
engine::parts::changeable(const domain::site_id& id) {
  const auto found = std::find_if(sites_.begin(), sites_.end(), [&](const auto& site) {
    return site->layout->site->id == id;
  });
  if (found == sites_.end()) return unknown_site(id);
  std::erase_if(waiting_, [](const auto& each) {
    const auto context = each.lock();
    return !context || context->is_in_place.load(std::memory_order_acquire);
  });
  const auto ahead = std::ranges::count_if(waiting_, [&](const auto& each) {
    const auto context = each.lock();
    return context && context->layout->site->id == id;
  });
  if (ahead >= changes_waiting_max)
    return domain::error{domain::errc::conflict,
                         "site: " + std::to_string(changes_waiting_max) +
                             " changes before this one are still under way; try again"};
  return found;
}

bool engine::parts::is_changing(const domain::site_id& site) {
  const std::unique_lock one_at_a_time{reloading_, std::try_to_lock};
  if (!one_at_a_time) return true;
  const auto found = changeable(site);
  return !found || !(*found.value())->is_in_place.load(std::memory_order_acquire);
}

void engine::parts::put_in_place(context_place of, std::shared_ptr<const domain::site> next) {
  put_in_place(of, std::move(next), domain::next_epoch((*of)->terms.owner));
}

void engine::parts::put_in_place(context_place of, std::shared_ptr<const domain::site> next,
                                 domain::epoch owner) {
  views_->revise(next->id, next);
  auto context = make_context(std::move(next), owner);
  context->predecessor = *of;
  context->is_in_place.store(false, std::memory_order_relaxed);
  waiting_.push_back(context);
  const std::lock_guard lock{guard_};
  *of = context;
  node_context_->replacements.put(std::move(context));
}

domain::result<domain::site_configuration>
engine::parts::moves_of(const domain::site_id& id, const domain::tree_wish& wish) const {
  // On top of changes that are still under way.
  const std::lock_guard lock{guard_};
  const auto found = std::ranges::find(sites_, id, [](const auto& site) {
    return site->layout->site->id;
  });
  if (found == sites_.end()) return unknown_site(id);
  return operators::moves_of(*(*found)->layout->site, wish);
}

domain::result<void> engine::parts::configure(const domain::site_id& id,
                                              const domain::site_configuration& change,
                                              const domain::cause& by) {
  const std::lock_guard one_at_a_time{reloading_};
  const auto found = changeable(id);
  if (!found) return found.failure();
  const auto& now = *(*found.value())->layout->site;
  auto wanted = change;
  remember_told(wanted, now);
  auto all = now.configured ? *now.configured : domain::site_configuration{};
  for (const auto& each : wanted.nodes) operators::merge(all, each);
  for (const auto& each : wanted.stations) operators::merge(all, each);
  auto next = operators::configured_site(*files_.at(id), all);
  if (!next) return next.failure();
  if (next.value().revision == now.revision) return {};
  put_in_place(found.value(), std::make_shared<const domain::site>(std::move(next.value())));
  for (const auto& each : wanted.nodes)
    publish(events::site_configured({id, wall_clock()}, each.node.text(),
                                    operators::text_of(each), by));
  for (const auto& each : wanted.stations)
    publish(events::site_configured({id, wall_clock()}, each.station.text(),
                                    operators::text_of(each), by));
  return {};
}

void engine::parts::forget_fallbacks(const domain::site_id& id) {
  const auto view = views_->view(id);
  if (!view || !view->topology->configured || !has_told(*view->topology)) return;
  const std::unique_lock one_at_a_time{reloading_, std::try_to_lock};
  if (!one_at_a_time) return;
  const auto found = changeable(id);
  // A view of the revision before tells nothing of what this one states.
  if (!found || (*found.value())->terms.owner != view->owner) return;
  if ((*found.value())->layout->site != view->topology) return;
  const auto accepted = accepted_fallbacks(*view);
  auto next = operators::forget_told(*files_.at(id), *view->topology, accepted);
  if (!next) return;
  put_in_place(found.value(), std::make_shared<const domain::site>(std::move(*next)));
  publish(events::fallback_accepted({id, wall_clock()}));
}

std::shared_ptr<const domain::site>
engine::parts::with_configuration(std::shared_ptr<const domain::site> file,
                                  const domain::site_configuration& configured) {
  const auto fitting = operators::keep_what_fits(*file, configured);
  for (const auto& each : fitting.left_out)
    publish(events::configuration_left_out({file->id, wall_clock()}, each));
  auto next = operators::configured_site(*file, fitting.kept);
  if (!next) return file;
  return std::make_shared<const domain::site>(std::move(next.value()));
}

void engine::parts::publish(const domain::event& event) {
  static_cast<void>(out_->send(event));
}

} // namespace busbar::apps
