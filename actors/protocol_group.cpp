#include "actors/protocol_group.hpp"

#include "actors/protocol_driver.hpp"

#include <caf/send.hpp>

namespace busbar::actors {

protocol_group::~protocol_group() {
  if (book_ == nullptr) return;
  for (auto& [protocol, entry] : book_->protocols) {
    if (entry.actor) caf::anon_send_exit(entry.actor, caf::exit_reason::kill);
    entry.actor = nullptr;
  }
}

void protocol_group::open(caf::local_actor* self, std::shared_ptr<node_context> context,
                          node_book& book) {
  self_ = self;
  context_ = std::move(context);
  book_ = &book;
  for (const auto& protocol : context_->settings.protocols) {
    auto& entry = book_->protocols[protocol];
    if (!entry.record) entry.record = std::make_shared<lendable<connection_record>>();
    if (entry.record->is_free()) begin(protocol, entry, {});
  }
}

void protocol_group::begin(const std::string& protocol, protocol_entry& entry,
                           domain::instant now) {
  entry.is_condemned = false;
  entry.watch = watch_of(*context_, "protocol:" + protocol);
  entry.actor = self_->spawn(run_protocol_driver,
                             protocol_driver_config{context_, protocol, entry.record,
                                                    entry.mail.begin(now), entry.restarts,
                                                       now});
  self_->monitor(entry.actor);
  if constexpr (has_test_doors)
    context_->supervision->doors.place("protocol:" + protocol, entry.actor);
}

void protocol_group::pass(const connection_report& report) {
  const auto found = book_->protocols.find(report.protocol);
  if (found == book_->protocols.end() || !is_at_work(found->second)) return;
  found->second.mail.sent(report.now);
  caf::anon_send(found->second.actor, report);
}

void protocol_group::pass(const pulse& pulse) {
  for (auto& [protocol, entry] : book_->protocols) {
    if (may_begin(entry, pulse.now)) begin(protocol, entry, pulse.now);
    const bool is_stalled = watch_child(*context_, entry, "protocol:" + protocol, pulse.now);
    if (is_stalled || !is_at_work(entry) || entry.mail.is_waiting()) continue;
    entry.mail.sent(pulse.now);
    caf::anon_send(entry.actor, pulse);
  }
}

bool protocol_group::took_down(const caf::down_msg& down, domain::instant now) {
  for (auto& [protocol, entry] : book_->protocols) {
    if (!entry.actor || entry.actor.address() != down.source) continue;
    lose_child(*context_, entry, "protocol:" + protocol, now);
    if (may_begin(entry, now)) begin(protocol, entry, now);
    return true;
  }
  return false;
}

} // namespace busbar::actors
