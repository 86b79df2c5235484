#include "node/site_recovery.hpp"

#include "control/carry_over/site_outline.hpp"
#include "messages/codec.hpp"
#include "messages/fact_gate.hpp"
#include "messages/record_decoder.hpp"
#include "messages/shard_codec.hpp"
#include "messages/topics.hpp"
#include "node/command_gate.hpp"
#include "node/shard_fencing.hpp"
#include "site/catch_up.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>

namespace busbar::node {

namespace {

using ports::partition_id;
using position = std::optional<std::int64_t> domain::log_positions::*;

struct topic_position {
  const char* topic;
  position member;
};

const std::array<topic_position, 4>& positions_of_topics() {
  static const std::array<topic_position, 4> all{
      {{messages::commands_topic, &domain::log_positions::commands},
       {messages::results_topic, &domain::log_positions::results},
       {messages::sessions_topic, &domain::log_positions::sessions},
       {messages::requests_topic, &domain::log_positions::requests}}};
  return all;
}

using place_map = std::map<partition_id, std::optional<std::int64_t>>;

/// As `places`, and of requests those before, too, for their ids.
place_map with_known_requests(place_map places) {
  for (auto& [place, from] : places)
    if (from && place.topic == messages::requests_topic)
      from = std::max<std::int64_t>(*from - requests_known_max, 0);
  return places;
}

/// Of each partition the earliest position that any of its sites names.
place_map places_of(const node_frame& frame, const std::vector<site_to_recover>& sites) {
  place_map places;
  for (const auto& each : sites)
    for (const auto& [topic, member] : positions_of_topics()) {
      auto& from = places[frame.positions->place_of(topic, each.file->id)];
      const auto own = each.snapshot != nullptr ? each.snapshot->positions.*member : std::nullopt;
      if (own) from = from ? std::min(*from, *own) : *own;
    }
  return places;
}

/// One site's records, as they are read.
class site_records {
public:
  explicit site_records(const site_to_recover& of) : of_(of) {
    if (of.snapshot != nullptr) from_ = of.snapshot->positions;
  }

  void take(const ports::record& record) {
    const auto& topic = record.place.topic;
    if (topic == messages::sessions_topic) {
      add(record, from_.sessions, messages::decode_session_fact, since_.facts);
    } else if (topic == messages::commands_topic)
      add(record, from_.commands, messages::decode_commands, since_.commands);
    else if (topic == messages::results_topic && is_after(record, from_.results)) {
      add(record, from_.results, messages::decode_results, since_.results);
      waiting_.push_back(record);
    } else if (topic == messages::requests_topic) {
      if (is_after(record, from_.requests)) waiting_.push_back(record);
      else if (from_.requests) note_taken(record);
    }
  }

  [[nodiscard]] recovered_site finish() {
    recovered_site found;
    if (of_.snapshot != nullptr) found.state = *of_.snapshot;
    else found.state.topology_hash = of_.file->topology_hash;
    found.state.site = of_.file->id;
    for (const auto& fact : since_.facts)
      if (!fact.request.is_empty()) taken_.push_back(fact.request);
    drop_answered();
    found.answered = std::move(taken_);
    found.waiting = std::move(waiting_);
    const auto outline = tree_of(found.state);
    site::catch_up(found.state, since_, finder_of(outline));
    return found;
  }

private:
  static bool is_after(const ports::record& record, const std::optional<std::int64_t>& from) {
    return from && record.offset >= *from;
  }

  template <class Decode, class Value>
  static void add(const ports::record& record, const std::optional<std::int64_t>& from,
                  Decode decode, std::vector<Value>& to) {
    if (!is_after(record, from)) return;
    auto value = messages::decode_record(record, decode);
    // One that cannot be read was put aside when it was written or taken.
    if (value) to.push_back(std::move(value.value()));
  }

  [[nodiscard]] control::carry_over::site_outline tree_of(const domain::site_state& state) const {
    const auto& bytes = state.outline.bytes;
    if (state.topology_hash != of_.file->topology_hash && bytes)
      if (auto kept = control::carry_over::decode(*bytes)) return std::move(*kept);
    return control::carry_over::outline_of(*of_.file);
  }

  static std::optional<domain::connector_index>
  find(const control::carry_over::site_outline& tree, const domain::station_id& station,
       const domain::connector_id& connector) {
    for (std::size_t i = 0; i < tree.connectors.size(); ++i) {
      const auto& each = tree.connectors[i];
      if (each.id == connector && tree.stations[each.station.value()].id == station)
        return domain::connector_index{i};
    }
    return std::nullopt;
  }

  /// `tree` must outlive it.
  static site::place_finder finder_of(const control::carry_over::site_outline& tree) {
    return {[&tree](const auto& station, const auto& connector) {
              return find(tree, station, connector);
            },
            [&tree](const auto& station) -> std::optional<domain::station_index> {
              for (std::size_t i = 0; i < tree.stations.size(); ++i)
                if (tree.stations[i].id == station) return domain::station_index{i};
              return std::nullopt;
            }};
  }

  void note_taken(const ports::record& record) {
    const auto request = messages::decode_record(record, messages::decode_request);
    if (request) taken_.push_back(request.value().id);
  }

  /// A stop has no answer of its own: the end of its session is it. One that reports the register
  /// settles the bill of a session that is over, too.
  [[nodiscard]] bool is_over(const domain::driver_request& request) const {
    if (request.kind != domain::request_kind::stop) return false;
    return std::ranges::any_of(since_.facts, [&](const auto& fact) {
      const bool is_settled = fact.kind == domain::session_fact_kind::settled;
      if (!is_settled && fact.kind != domain::session_fact_kind::completed) return false;
      if (request.reported && fact.is_bill_open) return false;
      if (!request.begun_by.is_empty()) return fact.request == request.begun_by;
      if (!request.session.is_empty()) return fact.session == request.session;
      return fact.driver == request.driver && fact.station == request.station &&
             fact.at >= request.asked_at;
    });
  }

  void drop_answered() {
    const std::set<domain::request_id> known{taken_.begin(), taken_.end()};
    std::erase_if(waiting_, [&](const auto& record) {
      if (record.place.topic != messages::requests_topic) return false;
      const auto request = messages::decode_record(record, messages::decode_request);
      if (!request || known.contains(request.value().id)) return true;
      const bool ends_nothing = is_over(request.value());
      if (ends_nothing) taken_.push_back(request.value().id);
      return ends_nothing;
    });
  }

  site_to_recover of_;
  domain::log_positions from_;
  site::records_since since_;
  std::vector<ports::record> waiting_;
  /// Requests that the state includes, or that have an answer.
  std::vector<domain::request_id> taken_;
};

/// Also the rows of the shards' owners.
place_map with_owners(place_map places, const node_frame& frame,
                      const std::vector<site_to_recover>& sites) {
  for (const auto& each : sites)
    places[{messages::owners_topic, frame.shards->shard_of(each.file->id)}] = 0;
  return places;
}

/// Absent: it is none, or cannot be read; those that follow the topics put such a record aside.
std::optional<domain::shard_owner> owner_in(const ports::record& record) {
  const auto& topic = record.place.topic;
  const bool is_mark = topic == messages::sessions_topic && messages::is_owner_mark(record);
  if (!is_mark && topic != messages::owners_topic) return std::nullopt;
  const auto owner = messages::owner_of(record);
  return owner ? std::optional{owner.value()} : std::nullopt;
}

/// Of each shard the newest owner before this node, where its mark stands before the span: it is
/// in the owners' table alone.
std::map<std::int32_t, domain::shard_owner> owners_before(const node_frame& frame,
                                                          const ports::read_span& span) {
  std::map<std::int32_t, domain::shard_owner> newest;
  for (const auto& record : span.records) {
    const auto row = owner_in(record);
    if (!row || record.place.topic != messages::owners_topic) continue;
    auto& of = newest[row->shard];
    const bool is_newer = row->owner > of.owner;
    // A row of a later owner than this node is forged.
    if (is_newer && row->owner < frame.shards->epoch_of(row->shard)) of = *row;
  }
  for (const auto& record : span.records) {
    const auto mark = owner_in(record);
    if (!mark || record.place.topic != messages::sessions_topic) continue;
    const auto of = newest.find(mark->shard);
    if (of != newest.end() && of->second.owner == mark->owner) newest.erase(of);
  }
  return newest;
}

/// OWN-2: what readers have dropped was not commanded, and is no fact. Before the span's first
/// fence all commands count.
class span_gates {
public:
  span_gates(const node_frame& frame, const ports::read_span& span) {
    for (const auto& [shard, owner] : owners_before(frame, span)) facts_.take_mark(owner);
  }
  void take_mark(const ports::record& record) {
    const auto& topic = record.place.topic;
    if (topic == messages::commands_topic && messages::is_fence(record))
      commands_.take_fence(record.place.partition, record.offset);
    if (topic != messages::sessions_topic) return;
    if (const auto mark = owner_in(record)) facts_.take_mark(*mark);
  }
  [[nodiscard]] bool admits(const ports::record& record) {
    if (record.place.topic == messages::sessions_topic) return facts_.admits(record);
    if (record.place.topic != messages::commands_topic) return true;
    return commands_.admits(record.place.partition, messages::fence_named_by(record));
  }

private:
  command_gate commands_;
  messages::fact_gate facts_;
};

void note_ends(const node_frame& frame, const std::map<partition_id, std::int64_t>& ends,
               const domain::site_id& site, domain::log_positions& to) {
  for (const auto& [topic, member] : positions_of_topics()) {
    const auto end = ends.find(frame.positions->place_of(topic, site));
    if (end != ends.end()) to.*member = end->second;
  }
}

} // namespace

std::map<partition_id, std::int64_t> read_ends(const node_frame& frame,
                                               const recovered_site& site) {
  std::map<partition_id, std::int64_t> ends;
  const auto& id = site.state.site;
  const auto& of = *frame.positions;
  if (site.ends.results) ends[of.place_of(messages::results_topic, id)] = *site.ends.results;
  if (site.ends.requests) ends[of.place_of(messages::requests_topic, id)] = *site.ends.requests;
  return ends;
}

domain::result<std::map<domain::site_id, recovered_site>>
recover(const node_frame& frame, const std::vector<site_to_recover>& sites,
        domain::microseconds patience) {
  const auto places = places_of(frame, sites);
  auto span =
      frame.log->read_from(with_owners(with_known_requests(places), frame, sites), patience);
  if (!span) return span.failure();
  std::map<domain::site_id, site_records> records;
  for (const auto& each : sites) records.emplace(each.file->id, site_records{each});
  span_gates gates{frame, span.value()};
  for (const auto& record : span.value().records) {
    gates.take_mark(record);
    const auto own = records.find(domain::site_id{record.key});
    if (own != records.end() && gates.admits(record)) own->second.take(record);
  }
  take_fences_of(frame, span.value());
  std::map<domain::site_id, recovered_site> found;
  for (auto& [id, own] : records) {
    auto& site = found.emplace(id, own.finish()).first->second;
    note_ends(frame, span.value().ends, id, site.ends);
    for (const auto& [topic, member] : positions_of_topics())
      if (auto& named = site.state.positions.*member; !named) named = site.ends.*member;
  }
  // A node that is killed before the sites have taken what waits reads it once more.
  for (const auto& [place, named] : places) {
    const auto end = span.value().ends.at(place);
    const auto from = named.value_or(end);
    frame.positions->begin(place, from);
    if (from < end) frame.positions->passed(place, end - 1, position_ledger::clock::now());
  }
  return found;
}

} // namespace busbar::node
