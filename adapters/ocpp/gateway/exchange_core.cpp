#include "adapters/ocpp/gateway/exchange_core.hpp"

#include "adapters/ocpp/gateway/order_rules.hpp"
#include "domain/epochs.hpp"

#include <algorithm>
#include <utility>

namespace busbar::adapters::ocpp::gateway {

namespace {

constexpr domain::microseconds pulse_every = std::chrono::seconds{1};
/// OCPP-3: more than `crowd_max` connections within ten seconds are a storm.
constexpr domain::microseconds crowd_within = std::chrono::seconds{10};
constexpr std::uint32_t crowd_max = 100;
constexpr domain::seconds usual_heartbeat{60};
/// Of a request that the log refuses so often its station is not answered.
constexpr std::uint32_t report_tries_max = 3;
/// Frames of one station that wait for the log; more are dropped.
constexpr std::size_t held_max = 64;
/// Readings are gathered for so long.
constexpr domain::microseconds telemetry_every = std::chrono::milliseconds{100};

void move_on(crowd& of, instant now) {
  if (now - of.begun < crowd_within) return;
  of.before = now - of.begun < 2 * crowd_within ? of.now : 0;
  of.now = 0;
  of.begun = now;
}

/// 45 to 75 s, another one for each connection: the heartbeats after a storm are none.
domain::seconds spread_heartbeat(server::link_id link) {
  const auto mixed = link * 0x9e37'79b9'7f4a'7c15u >> 33;
  return domain::seconds{45 + static_cast<std::int64_t>(mixed % 31)};
}

} // namespace

void exchange::core::add(provisioned_site added) {
  auto& book = sites_[added.site->id.text()];
  book.site = added.site;
  book.said.site = added.site->id.text();
  book.seats.resize(added.site->stations.size());
  for (auto& who : added.stations) {
    const auto found = std::ranges::find(added.site->stations, who.station, &domain::station::id);
    if (found == added.site->stations.end()) continue;
    const domain::station_index index{
        static_cast<std::size_t>(found - added.site->stations.begin())};
    seats_.push_back({station_machine{place_of(*added.site, index, who)}, who, book.said.site});
    book.seats[index.value()] = &seats_.back();
    book.by_station[who.station.text()] = &seats_.back();
    by_identity_[who.identity] = &seats_.back();
  }
}

bool exchange::core::admits(const server::visitor& who) {
  auto* own = find(who.identity);
  const auto judged = judge(own ? &own->who : nullptr, who, settings.keys);
  ++counts_.of_admissions[static_cast<std::size_t>(judged)];
  return judged == admission::admitted;
}

const station::station_house& exchange::core::house_for(server::link_id link, instant now) {
  move_on(counts_.of_connections, now);
  const auto& crowd = counts_.of_connections;
  const bool is_storm = std::max(crowd.now, crowd.before) > crowd_max;
  house_.heartbeat = is_storm ? spread_heartbeat(link) : usual_heartbeat;
  house_.list_revision = settings.tags_revision;
  return house_;
}

std::size_t running_elsewhere(const std::deque<exchange::seat>& seats, const tag_book& tags,
                              const station::stated_tag& tag) {
  const auto* known = tags.find(tag.text);
  if (known == nullptr || known->concurrent_max == 0) return 0;
  const auto key = control::sessions::tag_key(tag.text);
  std::size_t count = 0;
  for (const auto& each : seats) {
    const bool is_here = &each.machine.state().place == &tag.place;
    for (const auto& one : each.machine.state().transactions) {
      if (one.has_ended || control::sessions::tag_key(one.tag) != key) continue;
      // A driver who states the tag where it charges wants to end that.
      if (is_here && !tag.connector) return 0;
      count += !(is_here && one.connector == *tag.connector);
    }
  }
  return count;
}

bool has_open_transaction(const exchange::seat& at) {
  return std::ranges::any_of(at.machine.state().transactions,
                             [](const auto& one) { return !one.has_ended; });
}

namespace {

/// What is acknowledged outlives this process: an answer waits for what its station has reported,
/// and so do the answers after it. What is asked of the station goes at once, unless it follows
/// from that report.
void send(exchange::seat& to, std::vector<std::string> frames, bool has_reported,
          std::vector<server::link_order>& orders) {
  const auto link = to.machine.state().link;
  if (link == 0) return;
  for (auto& frame : frames) {
    const bool waits = to.unwritten > 0 && (has_reported || !frame.starts_with("[2,"));
    // A station that goes on without answers repeats what it was not answered.
    if (waits && to.held.size() >= held_max) continue;
    (waits ? to.held : orders).push_back({link, std::move(frame), std::nullopt});
  }
}

void refuse_all(exchange::site_book& book, const domain::command_batch& batch,
                const std::string& why, instant now) {
  // Places in the answers are those of the commands, whatever tree this gateway has.
  domain::result_batch answers{book.site->id, batch.topology_hash,
                               batch.topology_hash == book.site->topology_hash ? book.newest_owner
                                                                               : batch.owner,
                               {}};
  for (const auto& told : batch.commands)
    answers.results.push_back(
        {told.connector, told.number, domain::outcome::refused, why, now});
  book.said.results.push_back(std::move(answers));
}

} // namespace

void exchange::core::keep(seat& from, station_effects effects, instant now) {
  const auto link = from.machine.state().link;
  const bool has_reported = !effects.requests.empty();
  for (auto& request : effects.requests) report(from, std::move(request), 1);
  for (const auto& frame : effects.frames)
    out.frames.keep(from.who.identity, {now, false, frame});
  send(from, std::move(effects.frames), has_reported, out.orders);
  if (effects.closes && link != 0)
    out.orders.push_back({link, {}, server::close_code::service_restart});
  auto& book = sites_.at(from.site);
  for (const auto& reading : effects.readings) book.readings.push_back(reading);
  for (auto& answer : effects.results) {
    auto& batches = book.said.results;
    if (batches.empty() || batches.back().owner != answer.owner)
      batches.push_back({book.site->id, book.site->topology_hash, answer.owner, {}});
    batches.back().results.push_back(std::move(answer.result));
  }
  for (const auto& each : effects.orders) out.service.settle(each, now);
  for (const auto& each : effects.progress) out.service.note(from.who.identity, each, now);
  for (const auto& each : effects.samples) out.meters.keep(from.who.identity, each, now);
  for (auto& each : effects.notices) out.notices.push_back(std::move(each));
  for (const auto each : effects.counts) ++counts_.of_stations[static_cast<std::size_t>(each)];
}

void exchange::core::note(server::link_id link, std::string_view text, instant now) {
  const auto found = by_link_.find(link);
  if (found != by_link_.end())
    out.frames.keep(found->second->who.identity, {now, true, std::string{text}});
}

void exchange::core::report(seat& from, domain::driver_request request, std::uint32_t tries) {
  ++from.unwritten;
  auto then = [kept = weak_from_this(), &from, request, tries](bool is_there) {
    if (const auto own = kept.lock()) own->written(from, request, tries, is_there);
  };
  sites_.at(from.site).said.requests.push_back({std::move(request), std::move(then)});
}

void exchange::core::written(seat& from, domain::driver_request request, std::uint32_t tries,
                             bool is_there) {
  const std::lock_guard lock{guard};
  --from.unwritten;
  if (!is_there && tries < report_tries_max) return report(from, std::move(request), tries + 1);
  if (!is_there) {
    // Nothing is acknowledged and lost: the station keeps what it is not answered, and repeats it.
    ++counts_.reports_refused;
    from.held.clear();
    from.machine.refused(std::move(request));
    if (const auto link = from.machine.state().link; link != 0)
      out.orders.push_back({link, {}, server::close_code::internal_error});
    return out.wake_server();
  }
  if (from.unwritten > 0 || from.held.empty()) return;
  for (auto& order : std::exchange(from.held, {})) out.orders.push_back(std::move(order));
  out.wake_server();
}

void exchange::core::opened(server::link_id link, const std::string& identity, instant now) {
  const auto found = by_identity_.find(identity);
  if (found == by_identity_.end()) return;
  auto& own = *found->second;
  move_on(counts_.of_connections, now);
  ++counts_.of_connections.now;
  // Of the connection before nothing counts any more.
  by_link_.erase(own.machine.state().link);
  own.held.clear();
  by_link_[link] = &own;
  keep(own, own.machine.opened(link, now), now);
}

void exchange::core::closed(server::link_id link, instant now) {
  const auto found = by_link_.find(link);
  if (found == by_link_.end()) return;
  auto& own = *found->second;
  by_link_.erase(found);
  own.held.clear();
  keep(own, own.machine.closed(), now);
}

void exchange::core::take(const std::string& site, const domain::command_batch& batch,
                          instant now) {
  auto& book = sites_.at(site);
  const auto& tree = *book.site;
  if (batch.topology_hash != tree.topology_hash)
    return refuse_all(book, batch, "made for another topology of the site", now);
  if (!control::ownership::admits_epoch(book.newest_owner, batch.owner))
    return refuse_all(book, batch,
                      control::ownership::older_epoch_text(book.newest_owner, batch.owner), now);
  book.newest_owner = batch.owner;
  for (const auto& told : batch.commands) {
    if (told.connector.value() >= tree.connectors.size()) continue;
    auto* own = book.seats[tree.connectors[told.connector.value()].station.value()];
    if (own == nullptr) continue;
    keep(*own, own->machine.command(told, {batch.owner, batch.issued_at}, now), now);
  }
  out.wake_server();
}

void exchange::core::take(const std::string& site, const domain::session_fact& fact,
                          instant now) {
  // Most facts, and none that is needed here.
  if (fact.kind == domain::session_fact_kind::in_progress) return;
  const auto& known = sites_.at(site).by_station;
  const auto found = known.find(fact.station.text());
  if (found == known.end()) return;
  auto& own = *found->second;
  if (const auto begun = own.machine.begun_by(fact)) restore(own, *begun);
  keep(own, own.machine.fact(fact, now), now);
  out.wake_server();
}

/// A tag that was refused when the transaction began is refused still.
void exchange::core::restore(seat& to, const domain::session_state& open) {
  const bool is_new = to.machine.restore(open, numbers_);
  const auto number = station::transaction_of(open.request);
  if (!is_new || !number) return;
  const station::stated_tag tag{open.driver.text(), to.machine.state().place};
  const auto judged = verdict_of({*settings.tags, *settings.rulings}, tag, 0,
                                 open.started_at);
  if (judged.verdict == control::sessions::tag_verdict::accepted) return;
  keep(to, to.machine.refuse(*number, open.started_at), settings.started_at);
}

/// What was there before this gateway began is taken over; of later states only the sessions that
/// it does not know.
void exchange::core::take(const std::string& site, const domain::site_state& state) {
  auto& book = sites_.at(site);
  if (state.topology_hash != book.site->topology_hash) return;
  const auto& tree = *book.site;
  const auto seat_of = [&](domain::connector_index connector) -> seat* {
    if (connector.value() >= tree.connectors.size()) return nullptr;
    return book.seats[tree.connectors[connector.value()].station.value()];
  };
  const bool is_later = state.at > settings.started_at;
  for (const auto& session : state.sessions) {
    auto* own = seat_of(session.connector);
    // One that was not begun by its station may not have begun yet.
    const bool is_sure = !is_later || station::transaction_of(session.request);
    if (own != nullptr && is_sure) restore(*own, session);
  }
  if (is_later) return;
  if (!domain::is_older(state.owner, book.newest_owner)) book.newest_owner = state.owner;
  for (const auto& told : state.told)
    if (auto* own = seat_of(told.connector)) own->machine.restore(told, state.owner);
}

void exchange::core::follow(std::shared_ptr<const domain::site> site) {
  auto& book = sites_.at(site->id.text());
  std::vector<seat*> seats(site->stations.size());
  for (auto* own : book.seats) {
    if (own == nullptr) continue;
    const auto found = std::ranges::find(site->stations, own->who.station, &domain::station::id);
    if (found == site->stations.end()) continue;
    const domain::station_index index{static_cast<std::size_t>(found - site->stations.begin())};
    auto place = place_of(*site, index, own->who);
    if (place.connectors.size() != own->machine.state().connectors.size()) continue;
    own->machine.move(std::move(place));
    seats[index.value()] = own;
  }
  book.seats = std::move(seats);
  book.site = std::move(site);
  book.readings.clear();
}

std::vector<site_outputs> exchange::core::drain(instant now) {
  if (now >= next_pulse_) {
    next_pulse_ = now + pulse_every;
    for (auto& each : seats_) keep(each, each.machine.pulse(now), now);
    let_orders_pass(*this, now);
    out.meters.let_time_pass(now);
    out.wake_server();
  }
  std::vector<site_outputs> drained;
  for (auto& [key, book] : sites_) {
    auto said = std::exchange(book.said, {key, std::nullopt, {}, {}});
    if (!book.readings.empty() && now >= book.gathered_until) {
      book.gathered_until = now + telemetry_every;
      const auto begun = static_cast<std::uint64_t>(now.time_since_epoch().count());
      book.batch_number = std::max(book.batch_number + 1, begun);
      said.telemetry = domain::telemetry_batch{
          book.site->id, book.site->topology_hash, now, book.batch_number,
          std::exchange(book.readings, {}), {}, {}};
    }
    if (said.telemetry || !said.results.empty() || !said.requests.empty())
      drained.push_back(std::move(said));
  }
  return drained;
}

std::map<std::string, double> exchange::core::statistics() const {
  std::map<std::string, double> made;
  for (std::size_t i = 0; i < station::count_kinds; ++i)
    made[std::string{name_of(static_cast<station::count>(i))} + "_total"] =
        static_cast<double>(counts_.of_stations[i]);
  for (const auto& row : busbar::ocpp::v16::all_tolerances()) {
    double messages = 0;
    for (const auto& each : seats_)
      messages += each.machine.state().tolerated[static_cast<std::size_t>(row.is)];
    made["tolerated_" + std::string{row.name} + "_total"] = messages;
  }
  for (std::size_t i = 1; i < admissions; ++i)
    made[std::string{"refused_"} + name_of(static_cast<admission>(i)) + "_total"] =
        static_cast<double>(counts_.of_admissions[i]);
  double open = 0;
  for (const auto& each : seats_)
    open += static_cast<double>(std::ranges::count_if(
        each.machine.state().transactions, [](const auto& one) { return !one.has_ended; }));
  made["tags_not_looked_up_total"] = static_cast<double>(counts_.of_tags.not_looked_up());
  made["reports_refused_total"] = static_cast<double>(counts_.reports_refused);
  made["stations"] = static_cast<double>(seats_.size());
  made["stations_connected"] = static_cast<double>(by_link_.size());
  made["transactions_open"] = open;
  return made;
}

} // namespace busbar::adapters::ocpp::gateway
