#include "node/site_revisions.hpp"

#include "control/operators/configuration.hpp"
#include "control/operators/tree_revision.hpp"
#include "domain/epochs.hpp"
#include "domain/events/site_changes.hpp"

#include <algorithm>
#include <utility>

namespace busbar::node {

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

domain::error conflict(std::string why) { return {domain::errc::conflict, std::move(why)}; }

/// Nothing is to be kept.
domain::result<void> answer_unchanged(const ports::kept_listener& then) {
  if (then) then({});
  return {};
}

} // namespace

domain::result<shared_context> site_revisions::changeable(const domain::site_id& id) {
  auto found = host_.find(id);
  if (!found) return frame_.directory->missing(id);
  std::erase_if(waiting_, [](const auto& each) {
    const auto context = each.lock();
    return !context || context->is_in_place.load(std::memory_order_acquire);
  });
  const auto ahead = std::ranges::count_if(waiting_, [&](const auto& each) {
    const auto context = each.lock();
    return context && context->layout->site->id == id;
  });
  if (ahead >= changes_waiting_max)
    return conflict("site: " + std::to_string(changes_waiting_max) +
                    " changes before this one are still under way; try again");
  return found;
}

bool site_revisions::is_changing(const domain::site_id& site) {
  const std::unique_lock one_at_a_time{frame_.changing, std::try_to_lock};
  if (!one_at_a_time) return true;
  const auto found = changeable(site);
  return !found || !found.value()->is_in_place.load(std::memory_order_acquire);
}

void site_revisions::put_under(const shared_context& now, domain::epoch owner) {
  put_in_place(now, now->layout->site, owner);
}

void site_revisions::put_in_place(const shared_context& of, shared_site next, domain::epoch owner,
                                  ports::kept_listener then) {
  frame_.views->revise(next->id, next);
  auto context = make_context(frame_, std::move(next), owner);
  // Its first state holds what is changed.
  if (then) context->inbox->promises.add(std::move(then));
  context->predecessor = of;
  // A revision goes on from the ticks before it: it is late where it does not tick in its own time.
  context->signals.alive_at_us.store(of->signals.alive_at_us.load(std::memory_order_relaxed),
                                     std::memory_order_relaxed);
  context->is_in_place.store(false, std::memory_order_relaxed);
  waiting_.push_back(context);
  host_.replace(context);
}

domain::result<domain::site_configuration>
site_revisions::moves_of(const domain::site_id& id, const domain::tree_wish& wish) const {
  const auto found = host_.find(id);
  if (!found) return frame_.directory->missing(id);
  return operators::moves_of(*found->layout->site, wish);
}

domain::result<void> site_revisions::configure(const domain::site_id& id,
                                               const domain::site_configuration& change,
                                               const domain::cause& by,
                                               ports::kept_listener then) {
  const std::lock_guard one_at_a_time{frame_.changing};
  const auto found = changeable(id);
  if (!found) return found.failure();
  const auto& now = *found.value()->layout->site;
  auto wanted = change;
  remember_told(wanted, now);
  auto all = now.configured ? *now.configured : domain::site_configuration{};
  for (const auto& each : wanted.nodes) operators::merge(all, each);
  for (const auto& each : wanted.stations) operators::merge(all, each);
  auto next = operators::configured_site(*host_.file_of(id), all);
  if (!next) return next.failure();
  if (next.value().revision == now.revision) return answer_unchanged(then);
  put_in_place(found.value(), std::make_shared<const domain::site>(std::move(next.value())),
               domain::next_epoch(found.value()->terms.owner), std::move(then));
  for (const auto& each : wanted.nodes)
    publish_event(frame_, events::site_configured({id, wall_clock()}, each.node.text(),
                                                  operators::text_of(each), by));
  for (const auto& each : wanted.stations)
    publish_event(frame_, events::site_configured({id, wall_clock()}, each.station.text(),
                                                  operators::text_of(each), by));
  return {};
}

void site_revisions::forget_fallbacks(const domain::site_id& id) {
  const auto view = frame_.views->view(id);
  if (!view || !view->topology->configured || !has_told(*view->topology)) return;
  const std::unique_lock one_at_a_time{frame_.changing, std::try_to_lock};
  if (!one_at_a_time) return;
  const auto found = changeable(id);
  // A view of the revision before tells nothing of what this one states.
  if (!found || found.value()->terms.owner != view->owner) return;
  if (found.value()->layout->site != view->topology) return;
  const auto accepted = accepted_fallbacks(*view);
  auto next = operators::forget_told(*host_.file_of(id), *view->topology, accepted);
  if (!next) return;
  put_in_place(found.value(), std::make_shared<const domain::site>(std::move(*next)),
               domain::next_epoch(found.value()->terms.owner));
  publish_event(frame_, events::fallback_accepted({id, wall_clock()}));
}

domain::result<shared_site> site_revisions::read_file(const domain::site_id& id) {
  if (!frame_.settings.read_site)
    return conflict("site: \"" + id.text() + "\" was not read from a file");
  auto read = frame_.settings.read_site(id);
  if (read && read.value()->id != id)
    return conflict("site: the file is of \"" + read.value()->id.text() +
                    "\": restart the engine");
  return read;
}

domain::result<void> site_revisions::reload(const domain::site_id& id,
                                            ports::kept_listener then) {
  const std::lock_guard one_at_a_time{frame_.changing};
  const bool is_elsewhere = frame_.directory->find(id) == site_standing::elsewhere;
  domain::result<shared_context> found = shared_context{};
  if (!is_elsewhere) found = changeable(id);
  if (!found) return found.failure();
  auto read = read_file(id);
  if (!read) return read.failure();
  if (!found.value()) {
    host_.set_file(read.value());
    return answer_unchanged(then);
  }
  const auto& now = *found.value()->layout->site;
  auto next = read.value();
  if (now.configured) next = with_configuration(frame_, next, *now.configured);
  if (next->revision == now.revision) return answer_unchanged(then);
  host_.set_file(read.value());
  put_in_place(found.value(), std::move(next), domain::next_epoch(found.value()->terms.owner),
               std::move(then));
  return {};
}

shared_site with_configuration(const node_frame& frame, shared_site file,
                               const domain::site_configuration& configured) {
  const auto fitting = operators::keep_what_fits(*file, configured);
  for (const auto& each : fitting.left_out)
    publish_event(frame, events::configuration_left_out({file->id, wall_clock()}, each));
  auto next = operators::configured_site(*file, fitting.kept);
  if (!next) return file;
  return std::make_shared<const domain::site>(std::move(next.value()));
}

} // namespace busbar::node
