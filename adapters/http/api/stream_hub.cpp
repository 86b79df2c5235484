#include "adapters/http/api/stream_hub.hpp"

#include "adapters/http/json/view_json.hpp"
#include "domain/time_text.hpp"

#include <algorithm>
#include <utility>

namespace busbar::adapters::http::api {

using namespace json;
using namespace server;

namespace {

/// Entries read from the journal at once.
constexpr std::size_t window = 500;

bool contains(const std::vector<domain::site_id>& sites, const domain::site_id& site) {
  return std::find(sites.begin(), sites.end(), site) != sites.end();
}

bool wants(const subscription& wanted, const ports::journal_entry& entry) {
  const auto& sites = wanted.terms.sites;
  const bool is_shown = !sites || contains(*sites, entry.event.site);
  return is_shown && wanted.wants_journal && entry.number > wanted.after.value_or(0) &&
         (!wanted.speaker || *wanted.speaker == entry.event.speaker);
}

shared_text journal_text(const ports::journal_entry& entry) {
  text::json_writer json{512};
  write_journal_entry(json, entry);
  return event_text("journal", json.text(), entry.number);
}

shared_text gap_text(std::uint64_t after, std::uint64_t first) {
  text::json_writer json;
  json.begin_object().member("after", after).member("first", first).end_object();
  return event_text("gap", json.text());
}

} // namespace

stream_hub::stream_hub(const ports::engine_node& engine, unsent_bytes& unsent,
                       std::shared_ptr<const stream_relay> relay)
    : engine_(engine), unsent_(unsent), relay_(std::move(relay)),
      journal_sent_(engine.journal_end()) {}

shared_text stream_hub::counted(shared_text text) const {
  if (text == nullptr) return text;
  unsent_.take(text->size());
  const auto* plain = text.get();
  return {plain, [&unsent = unsent_, text = std::move(text)](const std::string*) {
            unsent.give_back(text->size());
          }};
}

const shared_text& stream_hub::whole_of(watched_site& site) const {
  const auto whole = site.feed.whole();
  if (site.whole != whole) site.counted_whole = counted(whole);
  site.whole = whole;
  return site.counted_whole;
}

bool stream_hub::open(const subscription& wanted, const std::shared_ptr<stream_reader>& reader,
                      domain::instant now, std::size_t readers_max) {
  const std::lock_guard lock{mutex_};
  if (members_.size() >= readers_max) return false;
  members_.push_back({wanted, reader, reader.get(), {}});
  for (const domain::site_id& site : wanted.sites) ++sites_[site].readers;
  greet(members_.back(), now);
  if (relay_ && !wanted.relayed.empty())
    members_.back().followed = relay_->follow(
        wanted, reader, door_, [this](shared_text text) { return counted(std::move(text)); });
  return true;
}

void stream_hub::close(const stream_reader& reader) {
  const std::lock_guard lock{mutex_};
  const auto hit = std::find_if(members_.begin(), members_.end(),
                                [&](const member& each) { return each.key == &reader; });
  if (hit == members_.end()) return;
  for (const domain::site_id& site : hit->wanted.sites) --sites_[site].readers;
  members_.erase(hit);
  std::erase_if(sites_, [](const auto& each) { return each.second.readers == 0; });
}

std::size_t stream_hub::reader_count() const {
  const std::lock_guard lock{mutex_};
  return members_.size();
}

void stream_hub::greet(member& newcomer, domain::instant now) {
  const auto reader = newcomer.reader.lock();
  if (reader == nullptr) return;
  static_cast<void>(look_at_health(now));
  reader->deliver(heartbeat(now));
  for (const domain::site_id& site : newcomer.wanted.sites) {
    auto& watched = sites_[site];
    auto& feed = watched.feed;
    // The first reader of a site begins its feed here; later ones join at what was sent last.
    if (feed.whole() == nullptr && feed.advance(engine_.view(site)) == nullptr) continue;
    reader->deliver(whole_of(watched));
  }
  if (newcomer.wanted.wants_journal && newcomer.wanted.after) replay(newcomer, *reader);
}

void stream_hub::replay(member& newcomer, stream_reader& reader) {
  const std::uint64_t asked = *newcomer.wanted.after;
  // A number from before a restart that began the numbering anew: everything is news.
  const bool is_anew = asked > engine_.journal_end();
  if (is_anew) newcomer.wanted.after = 0;
  auto batch = engine_.journal_before(journal_sent_ + 1, replay_max);
  const std::uint64_t after = *newcomer.wanted.after;
  std::erase_if(batch, [&](const auto& entry) { return entry.number <= after; });
  if (batch.empty()) return;
  // Of what lies before it only a part is there: what its severity kept, or nothing.
  auto first = std::max(engine_.journal_whole_from(), is_anew ? batch.back().number : after + 1);
  if (batch.size() == replay_max) first = std::max(first, batch.back().number);
  if (is_anew || first > after + 1) reader.deliver(gap_text(asked, first));
  for (auto entry = batch.rbegin(); entry != batch.rend(); ++entry)
    if (wants(newcomer.wanted, *entry)) reader.deliver(counted(journal_text(*entry)));
}

void stream_hub::pulse(domain::instant now) {
  const std::lock_guard lock{mutex_};
  end_revoked(now);
  pulse_journal();
  pulse_sites();
  pulse_heartbeat(now);
}

/// Those whose terms are over hear nothing of this pulse any more.
void stream_hub::end_revoked(domain::instant now) {
  if (now - last_admission_ < admission_every && now >= last_admission_) return;
  last_admission_ = now;
  for (member& each : members_) {
    if (!each.wanted.terms.may_go_on || each.wanted.terms.may_go_on()) continue;
    if (const auto reader = each.reader.lock()) reader->deliver(nullptr);
    each.reader.reset();
  }
}

void stream_hub::pulse_journal() {
  if (members_.empty()) {
    journal_sent_ = engine_.journal_end();
    return;
  }
  const auto deliver = [this](const ports::journal_entry& entry) {
    const shared_text text = counted(journal_text(entry));
    for (const member& each : members_) {
      const auto reader = each.reader.lock();
      if (reader != nullptr && wants(each.wanted, entry)) reader->deliver(text);
    }
    journal_sent_ = entry.number;
  };
  for (auto batch = engine_.journal(journal_sent_, window); !batch.empty();
       batch = engine_.journal(journal_sent_, window))
    for (const ports::journal_entry& entry : batch) deliver(entry);
}

void stream_hub::pulse_sites() {
  for (auto& [site, watched] : sites_) {
    const auto view = engine_.view(site);
    // Another node holds it by now: who comes back finds it there.
    if (view == nullptr && watched.feed.whole() != nullptr) end_readers_of(site);
    shared_text text = watched.feed.advance(view);
    if (text == nullptr) continue;
    text = text == watched.feed.whole() ? whole_of(watched) : counted(std::move(text));
    for (const member& each : members_) {
      const auto reader = each.reader.lock();
      if (reader != nullptr && contains(each.wanted.sites, site)) reader->deliver(text);
    }
  }
}

void stream_hub::end_readers_of(const domain::site_id& site) {
  for (member& each : members_) {
    if (!contains(each.wanted.sites, site)) continue;
    if (const auto reader = each.reader.lock()) reader->deliver(nullptr);
    each.reader.reset();
  }
}

void stream_hub::pulse_heartbeat(domain::instant now) {
  const bool is_news = look_at_health(now);
  if (!is_news && now - last_heartbeat_ < heartbeat_every && now >= last_heartbeat_) return;
  last_heartbeat_ = now;
  const shared_text text = counted(heartbeat(now));
  for (const member& each : members_)
    if (const auto reader = each.reader.lock()) reader->deliver(text);
}

bool stream_hub::look_at_health(domain::instant now) {
  if (members_.empty() || (now - last_health_ < health_every && now >= last_health_)) return false;
  last_health_ = now;
  std::vector<std::string> failing;
  for (const auto& check : engine_.health_checks())
    if (check.is_critical && !check.is_passing) failing.push_back(check.name);
  return std::exchange(failing_, failing) != failing;
}

shared_text stream_hub::heartbeat(domain::instant now) const {
  text::json_writer json;
  json.begin_object().member("at", domain::text_of(now));
  json.member("journal_end", engine_.journal_end()).key("failing").begin_array();
  for (const auto& name : failing_) json.value(name);
  json.end_array().end_object();
  return event_text("heartbeat", json.text());
}

} // namespace busbar::adapters::http::api
