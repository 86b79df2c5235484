#include "actors/driver_group.hpp"

#include "actors/driver_actor.hpp"
#include "actors/fact_counters.hpp"

#include <caf/send.hpp>

namespace busbar::actors {

namespace {

std::string name_of(const domain::driver_id& id) { return "driver:" + id.text(); }

} // namespace

driver_group::~driver_group() {
  if (book_ == nullptr) return;
  for (auto& [id, driver] : book_->drivers) {
    if (driver.actor) caf::anon_send_exit(driver.actor, caf::exit_reason::kill);
    driver.actor = nullptr;
  }
}

void driver_group::open(caf::local_actor* self, std::shared_ptr<node_context> context,
                        node_book& book) {
  self_ = self;
  context_ = std::move(context);
  book_ = &book;
}

void driver_group::begin(const domain::driver_id& id, driver_entry& entry, domain::instant now) {
  entry.is_condemned = false;
  entry.watch = watch_of(*context_, name_of(id));
  entry.actor = self_->spawn(run_driver, driver_config{context_, entry.record,
                                                       entry.mail.begin(now), entry.restarts,
                                                       now});
  self_->monitor(entry.actor);
  if constexpr (has_test_doors) context_->supervision->doors.place(name_of(id), entry.actor);
}

driver_entry& driver_group::entry_of(const domain::driver_id& id, domain::instant now) {
  auto& entry = book_->drivers[id];
  if (!entry.record) entry.record = std::make_shared<lendable<driver_record>>(id);
  if (may_begin(entry, now)) begin(id, entry, now);
  entry.active_at = now;
  return entry;
}

void driver_group::restore(const site_context& site) {
  const auto& data = *site.layout->site;
  for (const auto& notes : site.notes) {
    if (!notes.session) continue;
    const auto& session = *notes.session->state;
    const auto station = data.connectors[session.connector.value()].station;
    auto& entry = book_->drivers[session.driver];
    if (!entry.record) entry.record = std::make_shared<lendable<driver_record>>(session.driver);
    // One with two sessions has been taken up already.
    if (const auto record = entry.record->borrow())
      record->restore(data.id, data.stations[station.value()].id, session);
    entry.sessions.insert(session.id);
    entry_of(session.driver, session.started_at);
  }
}

void driver_group::forget(const site_context& site, domain::instant now) {
  for (auto& [id, entry] : book_->drivers) {
    for (const auto& notes : site.notes)
      if (notes.session) entry.sessions.erase(notes.session->state->id);
    if (entry.actor) {
      entry.mail.sent(now);
      caf::anon_send(entry.actor, site_left{site.layout->site->id});
    } else if (const auto record = entry.record->borrow()) {
      record->forget(site.layout->site->id);
    }
  }
}

void driver_group::deny(const driver_request_message& message, const char* why) {
  auto fact = denied(message.request, message.received_at, why);
  static_cast<void>(context_->out->send(fact));
  count(*context_->counters, fact);
}

void driver_group::pass(const driver_request_message& message) {
  auto& entry = entry_of(message.request.driver, message.received_at);
  if (!is_at_work(entry)) return deny(message, "driver is restarting");
  entry.mail.sent(message.received_at);
  caf::anon_send(entry.actor, message);
}

void driver_group::pass(const driver_notice& notice) {
  auto& entry = entry_of(notice.fact.driver, notice.fact.at);
  using domain::session_fact_kind;
  const auto& session = notice.fact.session;
  if (notice.fact.kind == session_fact_kind::accepted && !session.is_empty())
    entry.sessions.insert(session);
  if (notice.fact.kind == session_fact_kind::completed) entry.sessions.erase(session);
  if (!entry.actor) return;
  entry.mail.sent(notice.fact.at);
  caf::anon_send(entry.actor, notice);
}

void driver_group::pass(const pulse& pulse) {
  for (auto& [id, entry] : book_->drivers) {
    if (may_begin(entry, pulse.now)) begin(id, entry, pulse.now);
    if (watch_child(*context_, entry, name_of(id), pulse.now) || !is_at_work(entry)) continue;
    // Pulses do not pile up where none is taken.
    if (entry.mail.is_waiting()) continue;
    entry.mail.sent(pulse.now);
    caf::anon_send(entry.actor, pulse);
  }
  passivate_idle(pulse.now);
}

bool driver_group::took_down(const caf::down_msg& down, domain::instant now) {
  for (auto& [id, entry] : book_->drivers) {
    if (!entry.actor || entry.actor.address() != down.source) continue;
    lose_child(*context_, entry, name_of(id), now);
    if (may_begin(entry, now)) begin(id, entry, now);
    return true;
  }
  return false;
}

void driver_group::passivate_idle(domain::instant now) {
  const auto idle_for = context_->settings.driver.idle_for;
  for (auto entry = book_->drivers.begin(); entry != book_->drivers.end();) {
    if (!entry->second.sessions.empty() || now - entry->second.active_at <= idle_for) {
      ++entry;
      continue;
    }
    if (entry->second.actor) caf::anon_send_exit(entry->second.actor, caf::exit_reason::kill);
    context_->views->remove(entry->first);
    context_->views->remove_node_part(name_of(entry->first));
    entry = book_->drivers.erase(entry);
  }
}

} // namespace busbar::actors
