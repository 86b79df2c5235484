#include "node/site_host.hpp"

#include "actors/operator_mail.hpp"
#include "domain/epochs.hpp"
#include "domain/events/site_changes.hpp"
#include "messages/record_decoder.hpp"
#include "messages/topics.hpp"
#include "node/awaited_records.hpp"
#include "node/newest_states.hpp"
#include "node/shard_fencing.hpp"
#include "node/site_revisions.hpp"
#include "node/unknown_place.hpp"

#include <algorithm>
#include <chrono>
#include <set>
#include <thread>
#include <utility>

namespace busbar::node {

namespace {

/// A site's actors end within a small part of this; those that do not are left to themselves.
constexpr std::chrono::seconds release_within{3};
/// Between two looks at whether they have.
constexpr std::chrono::milliseconds looks_every{2};
/// Until the log has the checkpoints of what is released.
constexpr domain::microseconds flush_patience = std::chrono::seconds{1};

/// No actor is left that could obey them.
void refuse_orders(const std::vector<actors::operator_message>& waiting, const domain::error& why) {
  for (const auto& message : waiting)
    if (message.ticket) message.ticket->refuse(why);
}

void end_recording(const actors::site_context& context) {
  if (context.recording.to) context.recording.to->end();
}

/// OWN-2: the fence's epoch. Where the site's epochs are ahead of it, because they were counted
/// before there were fences, or because the topic is made anew, the one after the last: epochs of a
/// site rise, and what is commanded under them is told apart by the fence that it names.
domain::epoch epoch_under(domain::epoch fence, domain::epoch last) {
  const auto next = domain::next_epoch(last);
  return domain::is_older(next, fence) ? fence : next;
}

domain::error overtaken_meanwhile(const domain::site_id& site) {
  return {domain::errc::conflict, "another engine node has taken the shard of " + site.text()};
}

/// All of the sites' partitions; `all`: of the topic.
std::map<ports::partition_id, std::optional<std::int64_t>>
places_of_states(const node_frame& frame, const std::vector<domain::site_id>& of, bool all) {
  std::map<ports::partition_id, std::optional<std::int64_t>> places;
  for (const auto& site : of) places[frame.positions->place_of(messages::sites_topic, site)] = 0;
  for (std::int32_t shard = 0; all && shard < frame.shards->count(); ++shard)
    places[{messages::sites_topic, shard}] = 0;
  return places;
}

bool names(const std::vector<domain::site_id>& sites, const std::string& key) {
  return std::ranges::any_of(sites, [&](const auto& each) { return each.text() == key; });
}

} // namespace

shared_context make_context(const node_frame& frame, shared_site site, domain::epoch owner) {
  auto context = std::make_shared<actors::site_context>(site::lay_out(std::move(site)), owner,
                                                        frame.settings.site);
  if (frame.settings.recorder_of)
    context->recording.to = frame.settings.recorder_of(context->layout->site->id);
  context->out = frame.out;
  context->views = frame.views;
  context->routes = frame.routes;
  context->counters = frame.counters;
  context->supervision = frame.context->supervision;
  context->watches.allow_site(frame.settings.node.site_silence_max);
  return context;
}

site_host::site_host(node_frame& frame, const std::vector<shared_site>& files) : frame_(frame) {
  for (const auto& file : files) files_.emplace(file->id, file);
}

domain::result<site_host::states_by_site>
site_host::read_checkpoints(const sites& of, domain::microseconds patience) {
  const bool is_first = !std::exchange(has_read_, true);
  const auto span = frame_.log->read_from(places_of_states(frame_, of, is_first), patience);
  if (!span) return span.failure();
  newest_states newest{files_};
  const std::lock_guard lock{guard_};
  for (const auto& record : span.value().records)
    if (is_first || names(of, record.key)) newest.take(record);
  for (const auto& [record, why] : newest.unusable()) refuse(frame_, *record, why);
  return newest.all();
}

domain::result<void> site_host::acquire(const sites& wanted, domain::microseconds patience) {
  if (wanted.empty()) return {};
  const auto deadline = std::chrono::steady_clock::now() + patience;
  const auto left = [deadline] {
    return std::chrono::duration_cast<domain::microseconds>(deadline -
                                                            std::chrono::steady_clock::now());
  };
  shard_register::shards shards;
  for (const auto& id : wanted) shards.insert(frame_.shards->shard_of(id));
  // First, so that all that was commanded before is read (OWN-3).
  if (auto fenced = fence(frame_, shards, left()); !fenced) return fenced;
  if (auto marked = mark_facts(frame_, shards, left()); !marked) return marked;
  const auto states = read_checkpoints(wanted, left());
  if (!states) return states.failure();
  auto found = recover_all(wanted, states.value(), left());
  if (!found) return found.failure();
  if (auto claimed = claim(found.value(), left()); !claimed) return claimed.failure();
  publish_ownership(frame_, shards);
  const std::lock_guard one_at_a_time{frame_.changing};
  for (const auto& id : wanted)
    build(std::move(found.value().at(id)), states.value().contains(id));
  return {};
}

domain::result<site_host::recovered_by_site>
site_host::recover_all(const sites& wanted, const states_by_site& states,
                       domain::microseconds patience) {
  std::vector<site_to_recover> all;
  for (const auto& id : wanted) {
    const auto known = states.find(id);
    all.push_back({file_of(id), known == states.end() ? nullptr : &known->second});
  }
  return recover(frame_, all, patience);
}

/// An epoch that was not written down would be taken twice by a node that is killed twice.
domain::result<void> site_host::claim(recovered_by_site& found, domain::microseconds patience) {
  const auto claims = std::make_shared<awaited_records>();
  for (auto& [id, site] : found) {
    const auto fence = frame_.shards->epoch_of(frame_.shards->shard_of(id));
    if (fence == 0) return overtaken_meanwhile(id);
    site.state.owner = epoch_under(fence, site.state.owner);
    site.state.at = wall_clock();
    claims->begin();
    auto sent = frame_.out->claim(site.state, [claims](const auto& kept) { claims->end(kept); });
    if (!sent) return sent;
  }
  return claims->wait(patience, "claims of sites");
}

void site_host::build(recovered_site found, bool is_known) {
  const auto& state = found.state;
  const auto id = state.site;
  auto site = file_of(id);
  if (is_known && !state.configured.is_empty())
    site = with_configuration(frame_, site, state.configured);
  const auto context = make_context(frame_, std::move(site), state.owner);
  frame_.views->add(id);
  if (is_known) restore(*context, state);
  // The first plan writes what it has decided.
  context->desk.borrow()->claim();
  context->begin_recording(wall_clock(), true);
  frame_.routes->add(id, context->layout, state.owner, context->inbox,
                     actors::site_traffic::opening);
  {
    const std::lock_guard lock{guard_};
    sites_.insert_or_assign(id, context);
  }
  frame_.context->arrivals.put(context);
  recovered_.push_back(std::move(found));
}

void site_host::restore(actors::site_context& context, const domain::site_state& state) {
  if (context.go_on(state, wall_clock())) return;
  // Every station counts as in its fallback until it acknowledges (LIM-3).
  publish_event(frame_, domain::events::state_not_carried({state.site, wall_clock()},
                                                          state.sessions.size(),
                                                          state.node_constraints.size()));
}

domain::result<site_host::sites> site_host::overtaken(const sites& held,
                                                      domain::microseconds patience) {
  sites newer;
  if (held.empty()) return newer;
  const auto states = read_checkpoints(held, patience);
  if (!states) return states.failure();
  for (const auto& id : held) {
    const auto own = find(id);
    const auto state = states.value().find(id);
    const bool is_newer = own && state != states.value().end() &&
                          domain::is_older(own->terms.owner, state->second.owner);
    if (is_newer) newer.push_back(id);
  }
  return newer;
}

void site_host::release(const sites& leaving) {
  if (leaving.empty()) return;
  const std::lock_guard one_at_a_time{frame_.changing};
  std::vector<shared_context> contexts;
  for (const auto& id : leaving)
    if (auto context = find(id)) contexts.push_back(std::move(context));
  see_out(contexts);
  for (const auto& context : contexts) {
    // A caller that finds the site no longer is refused; an order in the inbox by then is obeyed.
    remove(context);
    write_checkpoint(context);
    end_recording(*context);
  }
  static_cast<void>(frame_.out->flush(flush_patience));
}

void site_host::forget(const sites& gone) {
  if (gone.empty()) return;
  const std::lock_guard one_at_a_time{frame_.changing};
  std::vector<shared_context> contexts;
  for (const auto& id : gone)
    if (auto context = find(id)) contexts.push_back(std::move(context));
  see_out(contexts);
  for (const auto& context : contexts) {
    remove(context);
    refuse_orders(context->inbox->close(), is_elsewhere(context->layout->site->id));
    context->inbox->promises.give_up(is_elsewhere(context->layout->site->id));
    frame_.out->drop_kept(context->layout->site->id.text());
    end_recording(*context);
  }
}

void site_host::see_out(const std::vector<shared_context>& leaving) {
  for (const auto& context : leaving) frame_.context->departures.put(context);
  // One that took longer than its time, once, is among them, too.
  std::set<shared_context> still{leaving.begin(), leaving.end()};
  const auto deadline = std::chrono::steady_clock::now() + release_within;
  while (!still.empty() && std::chrono::steady_clock::now() < deadline) {
    std::this_thread::sleep_for(looks_every);
    for (const auto& context : frame_.context->departed.take()) still.erase(context);
  }
}

void site_host::remove(const shared_context& context) {
  const auto& id = context->layout->site->id;
  frame_.routes->remove(id);
  frame_.views->remove(id);
  const std::lock_guard lock{guard_};
  sites_.erase(id);
}

bool site_host::write_checkpoints() {
  for (const auto& own : contexts()) write_checkpoint(own);
  return frame_.out->flush(flush_patience).has_value();
}

void site_host::write_checkpoint(const shared_context& own) {
  // A site that was about to go on under another file: its state is still with the one before.
  if (own->predecessor) own->inbox->promises.give_up(not_controlling());
  const auto& site = own->predecessor ? own->predecessor : own;
  const auto desk = site->desk.borrow();
  const auto waiting = site->inbox->close();
  // An actor that never returned keeps it: the newest state in the log stands.
  if (!desk) return refuse_orders(waiting, not_controlling());
  desk->claim();
  actors::obey(*site, waiting, *desk);
  const auto state = desk->changelog(site->terms.owner, wall_clock());
  if (state) frame_.out->keep(*state, site->inbox->promises.take());
}

std::vector<shared_context> site_host::contexts() const {
  const std::lock_guard lock{guard_};
  std::vector<shared_context> all;
  for (const auto& [id, context] : sites_) all.push_back(context);
  return all;
}

shared_context site_host::find(const domain::site_id& site) const {
  const std::lock_guard lock{guard_};
  const auto found = sites_.find(site);
  return found == sites_.end() ? nullptr : found->second;
}

void site_host::replace(const shared_context& next) {
  const std::lock_guard lock{guard_};
  sites_.insert_or_assign(next->layout->site->id, next);
  frame_.context->replacements.put(next);
}

shared_site site_host::file_of(const domain::site_id& site) const {
  const std::lock_guard lock{guard_};
  const auto found = files_.find(site);
  return found == files_.end() ? nullptr : found->second;
}

void site_host::set_file(shared_site file) {
  const std::lock_guard lock{guard_};
  files_.insert_or_assign(file->id, std::move(file));
}

} // namespace busbar::node
