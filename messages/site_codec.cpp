// busbar.sites.v1

#include "messages/border.hpp"
#include "messages/export_marks.hpp"
#include "messages/operator_state.hpp"
#include "messages/schema/sites_generated.h"
#include "messages/site_configuration_codec.hpp"

#include <algorithm>
#include <limits>

namespace busbar::messages {

namespace {

using namespace border;
using operator_state::table_vector;
using operator_state::table_vector_offset;
using session_vector = flatbuffers::Vector<flatbuffers::Offset<schema::SessionState>>;

schema::ToldState put_told(const domain::told_state& from) {
  return {from.number, std::min(from.told.count(), bounds::site_ma_max),
          std::min(from.acknowledged.count(), bounds::site_ma_max), from.connector.value()};
}

bool told_is_right(const schema::ToldState& from, field_check& check) {
  return check.in_range("told_ma", from.told_ma(), 0, bounds::site_ma_max) &&
         check.in_range("acknowledged_ma", from.acknowledged_ma(), 0, bounds::site_ma_max);
}

domain::told_state take_told(const schema::ToldState& from) {
  return {domain::connector_index{from.connector()}, from.number(),
          domain::milliamperes{from.told_ma()}, domain::milliamperes{from.acknowledged_ma()}};
}

constexpr std::int64_t ppm_max = 1'000'000'000;
constexpr std::int32_t mc_min = -100'000, mc_max = 1'000'000;

std::int32_t celsius_of(domain::millidegrees_celsius from) {
  return static_cast<std::int32_t>(std::clamp<std::int64_t>(from.count(), mc_min, mc_max));
}

schema::LeftLoad put_left(const domain::left_load& from) {
  const auto ma = [](domain::milliamperes of) { return std::min(of.count(), bounds::site_ma_max); };
  return {ma(from.line[0]), ma(from.line[1]), ma(from.line[2]), from.node.value()};
}

bool left_is_right(const schema::LeftLoad& from, field_check& check) {
  return check.in_range("l1_ma", from.l1_ma(), 0, bounds::site_ma_max) &&
         check.in_range("l2_ma", from.l2_ma(), 0, bounds::site_ma_max) &&
         check.in_range("l3_ma", from.l3_ma(), 0, bounds::site_ma_max);
}

domain::left_load take_left(const schema::LeftLoad& from) {
  using domain::milliamperes;
  return {domain::node_index{from.node()},
          {milliamperes{from.l1_ma()}, milliamperes{from.l2_ma()}, milliamperes{from.l3_ma()}},
          std::nullopt};
}

table_vector_offset<schema::LeftOwner> put_owners(flatbuffers::FlatBufferBuilder& builder,
                                                  const std::vector<domain::left_load>& from) {
  std::vector<flatbuffers::Offset<schema::LeftOwner>> tables;
  for (std::size_t place = 0; place < from.size(); ++place) {
    if (!from[place].of) continue;
    const auto& owner = *from[place].of;
    const auto station = builder.CreateString(owner.station.text());
    const auto connector = builder.CreateString(owner.connector.text());
    schema::LeftOwnerBuilder table(builder);
    table.add_load(static_cast<std::uint32_t>(place));
    table.add_station(station);
    table.add_connector(connector);
    table.add_wiring(owner.wiring);
    table.add_until_us(to_us(owner.until));
    if (owner.ends_below) table.add_ends_below(owner.ends_below->value());
    tables.push_back(table.Finish());
  }
  if (tables.empty()) return 0;
  return builder.CreateVector(tables);
}

domain::result<void> take_owners(const table_vector<schema::LeftOwner>* from,
                                 std::vector<domain::left_load>& to) {
  field_check check;
  if (!check.is_size("left_owners", size_of(from), bounds::nodes_max)) return check.failure();
  for (std::size_t place = 0; place < size_of(from); ++place) {
    const auto& entry = *from->Get(static_cast<flatbuffers::uoffset_t>(place));
    const auto last = static_cast<std::int64_t>(to.size()) - 1;
    if (!check.in_range("load", entry.load(), 0, last) ||
        !check.is_name("station", text_of(entry.station()), bounds::id_bytes_max) ||
        !check.is_name("connector", text_of(entry.connector()), bounds::id_bytes_max) ||
        !check.in_range("until_us", entry.until_us(), 0, bounds::time_us_max))
      return check.failure("left_owners", place);
    auto& owner = to[entry.load()].of.emplace();
    owner.station = id_of<domain::station_id>(entry.station());
    owner.connector = id_of<domain::connector_id>(entry.connector());
    owner.wiring = entry.wiring();
    owner.until = to_instant(entry.until_us());
    if (const auto end = entry.ends_below()) owner.ends_below = domain::node_index{*end};
  }
  return {};
}

table_vector_offset<schema::NodeWarmth> put_warmth(flatbuffers::FlatBufferBuilder& builder,
                                                  const std::vector<domain::node_warmth>& from) {
  if (from.empty()) return 0;
  std::vector<flatbuffers::Offset<schema::NodeWarmth>> tables;
  for (const auto& each : from) {
    schema::NodeWarmthBuilder table(builder);
    table.add_node(each.node.value());
    if (const auto& heat = each.breaker_ppm) {
      const auto ppm = [&](std::size_t line) {
        return std::clamp<std::int64_t>((*heat)[line], 0, ppm_max);
      };
      table.add_breaker_l1_ppm(ppm(0));
      table.add_breaker_l2_ppm(ppm(1));
      table.add_breaker_l3_ppm(ppm(2));
    }
    if (const auto& own = each.transformer) {
      table.add_oil_mc(celsius_of(own->oil));
      table.add_fast_rise_mc(celsius_of(own->fast_rise));
      table.add_slow_rise_mc(celsius_of(own->slow_rise));
    }
    if (each.breaker_rule) table.add_breaker_rule(*each.breaker_rule);
    if (each.transformer_rule) table.add_transformer_rule(*each.transformer_rule);
    tables.push_back(table.Finish());
  }
  return builder.CreateVector(tables);
}

bool warmth_is_right(const schema::NodeWarmth& from, field_check& check) {
  return check.in_range("breaker_l1_ppm", from.breaker_l1_ppm().value_or(0), 0, ppm_max) &&
         check.in_range("breaker_l2_ppm", from.breaker_l2_ppm(), 0, ppm_max) &&
         check.in_range("breaker_l3_ppm", from.breaker_l3_ppm(), 0, ppm_max) &&
         check.in_range("oil_mc", from.oil_mc().value_or(0), mc_min, mc_max) &&
         check.in_range("fast_rise_mc", from.fast_rise_mc(), mc_min, mc_max) &&
         check.in_range("slow_rise_mc", from.slow_rise_mc(), mc_min, mc_max);
}

domain::result<void> take_warmth(const table_vector<schema::NodeWarmth>* from,
                                 std::vector<domain::node_warmth>& to) {
  field_check check;
  if (!check.is_size("warmth", size_of(from), bounds::nodes_max)) return check.failure();
  for (std::size_t place = 0; place < size_of(from); ++place) {
    const auto& entry = *from->Get(static_cast<flatbuffers::uoffset_t>(place));
    if (!warmth_is_right(entry, check)) return check.failure("warmth", place);
    auto& own = to.emplace_back();
    own.node = domain::node_index{entry.node()};
    if (const auto first = entry.breaker_l1_ppm())
      own.breaker_ppm = {{*first, entry.breaker_l2_ppm(), entry.breaker_l3_ppm()}};
    if (const auto oil = entry.oil_mc())
      own.transformer = domain::node_warmth::temperatures{
          domain::millidegrees_celsius{*oil}, domain::millidegrees_celsius{entry.fast_rise_mc()},
          domain::millidegrees_celsius{entry.slow_rise_mc()}};
    if (const auto rule = entry.breaker_rule()) own.breaker_rule = *rule;
    if (const auto rule = entry.transformer_rule()) own.transformer_rule = *rule;
  }
  return {};
}

domain::result<void> take_tree(const schema::SiteState& root, domain::site_state& to) {
  field_check check;
  if (!check.is_size("outline", size_of(root.outline()), domain::site_state::outline_bytes_max) ||
      !check.in_range("left_until_us", root.left_until_us(), 0, bounds::time_us_max))
    return check.failure();
  if (size_of(root.outline()) > 0)
    to.outline.bytes = std::make_shared<const std::vector<std::uint8_t>>(root.outline()->begin(),
                                                                         root.outline()->end());
  to.left_until = to_instant(root.left_until_us());
  if (auto taken = take_structs("left_behind", root.left_behind(), to.left_behind, left_is_right,
                                take_left, bounds::nodes_max);
      !taken)
    return taken;
  return take_owners(root.left_owners(), to.left_behind);
}

flatbuffers::Offset<schema::SessionState> put_session(flatbuffers::FlatBufferBuilder& builder,
                                                      const domain::session_state& from) {
  const auto session = builder.CreateString(from.id.text());
  const auto request = put_id(builder, from.request);
  const auto driver = put_id(builder, from.driver);
  const auto stopping = put_text(builder, from.stopping_because, bounds::text_bytes_max);
  schema::SessionStateBuilder table(builder);
  table.add_session(session);
  table.add_request(request);
  table.add_driver(driver);
  table.add_connector(from.connector.value());
  table.add_started_at_us(to_us(from.started_at));
  table.add_register_start_wh(from.register_start_wh);
  table.add_register_now_wh(from.register_now_wh);
  if (from.energy_wanted) table.add_energy_wanted_wh(from.energy_wanted->count());
  if (from.departs_at) table.add_departs_at_us(to_us(*from.departs_at));
  if (from.start_waits) table.add_start_waits(*from.start_waits);
  if (from.stop_waits) table.add_stop_waits(*from.stop_waits);
  table.add_stopping_because(stopping);
  table.add_is_reported(from.is_reported);
  if (from.register_begun_wh) table.add_register_begun_wh(*from.register_begun_wh);
  return table.Finish();
}

bool session_is_right(const schema::SessionState& from, field_check& check) {
  using namespace bounds;
  return check.is_name("session", text_of(from.session()), id_bytes_max) &&
         check.is_name_or_empty("request", text_of(from.request()), id_bytes_max) &&
         check.is_name_or_empty("driver", text_of(from.driver()), id_bytes_max) &&
         check.in_range("started_at_us", from.started_at_us(), 0, time_us_max) &&
         check.in_range("register_start_wh", from.register_start_wh(), 0, register_wh_max) &&
         check.in_range("register_now_wh", from.register_now_wh(), 0, register_wh_max) &&
         check.in_range("register_begun_wh", from.register_begun_wh().value_or(0), 0,
                        register_wh_max) &&
         check.in_range("energy_wanted_wh", from.energy_wanted_wh().value_or(0), 0,
                        wanted_wh_max) &&
         check.in_range("departs_at_us", from.departs_at_us().value_or(0), 0, time_us_max) &&
         check.is_text("stopping_because", text_of(from.stopping_because()), text_bytes_max);
}

domain::session_state take_session(const schema::SessionState& from) {
  domain::session_state to;
  to.id = id_of<domain::session_id>(from.session());
  to.request = id_of<domain::request_id>(from.request());
  to.driver = id_of<domain::driver_id>(from.driver());
  to.connector = domain::connector_index{from.connector()};
  to.started_at = to_instant(from.started_at_us());
  to.register_start_wh = from.register_start_wh();
  to.register_now_wh = from.register_now_wh();
  if (const auto energy = from.energy_wanted_wh()) to.energy_wanted = domain::watt_hours{*energy};
  if (const auto departs = from.departs_at_us()) to.departs_at = to_instant(*departs);
  if (const auto number = from.start_waits()) to.start_waits = *number;
  if (const auto number = from.stop_waits()) to.stop_waits = *number;
  to.stopping_because = text_of(from.stopping_because());
  to.is_reported = from.is_reported();
  if (const auto begun = from.register_begun_wh()) to.register_begun_wh = *begun;
  return to;
}

domain::result<void> take_sessions(const char* name, const session_vector* from,
                                   std::vector<domain::session_state>& to) {
  field_check check;
  const std::size_t size = size_of(from);
  if (!check.is_size(name, size, bounds::batch_entries_max)) return check.failure();
  to.reserve(size);
  for (std::size_t place = 0; place < size; ++place) {
    const auto& entry = *from->Get(static_cast<flatbuffers::uoffset_t>(place));
    if (!session_is_right(entry, check)) return check.failure(name, place);
    to.push_back(take_session(entry));
  }
  return {};
}

flatbuffers::Offset<session_vector>
put_unsettled(flatbuffers::FlatBufferBuilder& builder,
              const std::vector<domain::session_state>& from) {
  if (from.empty()) return 0;
  std::vector<flatbuffers::Offset<schema::SessionState>> tables;
  for (const auto& each : from) tables.push_back(put_session(builder, each));
  return builder.CreateVector(tables);
}

table_vector_offset<schema::StationProfiles>
put_profiles(flatbuffers::FlatBufferBuilder& builder,
             const std::vector<domain::station_profiles>& from) {
  if (from.empty()) return 0;
  std::vector<flatbuffers::Offset<schema::StationProfiles>> tables;
  for (const auto& each : from) {
    const auto memory = builder.CreateVector(*each.memory);
    tables.push_back(schema::CreateStationProfiles(builder, each.station.value(), memory));
  }
  return builder.CreateVector(tables);
}

domain::result<void> take_profiles(const table_vector<schema::StationProfiles>* from,
                                   std::vector<domain::station_profiles>& to) {
  field_check check;
  const std::size_t size = size_of(from);
  if (!check.is_size("profiles", size, domain::site_state::profile_stations_max))
    return check.failure();
  std::size_t bytes = 0;
  for (std::size_t place = 0; place < size; ++place) {
    const auto& entry = *from->Get(static_cast<flatbuffers::uoffset_t>(place));
    bytes += entry.memory()->size();
    if (!check.in_range("memory size", entry.memory()->size(), 1,
                        bounds::profile_memory_bytes_max) ||
        !check.in_range("memory size of all", static_cast<std::int64_t>(bytes), 1,
                        domain::site_state::profile_bytes_max))
      return check.failure("profiles", place);
    to.push_back({domain::station_index{entry.station()},
                  std::make_shared<const std::vector<std::uint8_t>>(entry.memory()->begin(),
                                                                    entry.memory()->end())});
  }
  return {};
}

flatbuffers::Offset<flatbuffers::Vector<std::uint8_t>>
put_bytes(flatbuffers::FlatBufferBuilder& builder, const std::vector<std::uint8_t>& from) {
  if (from.empty()) return {};
  return builder.CreateVector(from);
}

table_vector_offset<schema::Reservation>
put_reservations(flatbuffers::FlatBufferBuilder& builder,
                 const std::vector<domain::reservation_state>& from) {
  if (from.empty()) return 0;
  std::vector<flatbuffers::Offset<schema::Reservation>> tables;
  for (const auto& each : from) {
    const auto driver = builder.CreateString(each.driver.text());
    tables.push_back(schema::CreateReservation(builder, each.station.value(), driver,
                                               to_us(each.until)));
  }
  return builder.CreateVector(tables);
}

domain::result<void> take_reservations(const table_vector<schema::Reservation>* from,
                                       std::vector<domain::reservation_state>& to) {
  field_check check;
  if (!check.is_size("reservations", size_of(from), bounds::batch_entries_max))
    return check.failure();
  for (std::size_t place = 0; place < size_of(from); ++place) {
    const auto& entry = *from->Get(static_cast<flatbuffers::uoffset_t>(place));
    if (!check.is_name("driver", text_of(entry.driver()), bounds::id_bytes_max) ||
        !check.in_range("until_us", entry.until_us(), 0, bounds::time_us_max))
      return check.failure("reservations", place);
    to.push_back({domain::station_index{entry.station()},
                  id_of<domain::driver_id>(entry.driver()), to_instant(entry.until_us())});
  }
  return {};
}

flatbuffers::Optional<std::int64_t> put_position(const std::optional<std::int64_t>& from) {
  return from ? flatbuffers::Optional<std::int64_t>{*from} : flatbuffers::nullopt;
}

bool position_is_right(const char* name, flatbuffers::Optional<std::int64_t> from,
                       field_check& check) {
  return check.in_range(name, from.value_or(0), 0, std::numeric_limits<std::int64_t>::max());
}

std::optional<std::int64_t> take_position(flatbuffers::Optional<std::int64_t> from) {
  return from ? std::optional{*from} : std::nullopt;
}

domain::result<void> take_rest(const schema::SiteState& root, domain::site_state& to) {
  field_check check;
  if (!position_is_right("commands_position", root.commands_position(), check) ||
      !position_is_right("results_position", root.results_position(), check) ||
      !position_is_right("sessions_position", root.sessions_position(), check) ||
      !position_is_right("requests_position", root.requests_position(), check) ||
      !check.is_size("part_memory", size_of(root.part_memory()),
                     domain::site_state::part_memory_bytes_max))
    return check.failure();
  to.positions = {take_position(root.commands_position()), take_position(root.results_position()),
                  take_position(root.sessions_position()),
                  take_position(root.requests_position())};
  if (root.part_memory() != nullptr)
    to.part_memory.assign(root.part_memory()->begin(), root.part_memory()->end());
  return take_reservations(root.reservations(), to.reservations);
}

} // namespace

ports::shared_bytes encode(const domain::site_state& state) {
  auto& builder = empty_builder();
  const auto site = builder.CreateString(state.site.text());
  const auto told = put_structs<schema::ToldState>(builder, state.told, put_told);
  std::vector<flatbuffers::Offset<schema::SessionState>> sessions;
  for (const auto& session : state.sessions) sessions.push_back(put_session(builder, session));
  const auto session_places = builder.CreateVector(sessions);
  const auto unsettled = put_unsettled(builder, state.unsettled);
  const auto memory = builder.CreateVector(state.planner_memory);
  const auto nodes = operator_state::put(builder, state.node_constraints);
  const auto connectors = operator_state::put(builder, state.connector_constraints);
  const auto shedding = operator_state::put(builder, state.shedding);
  const auto profiles = put_profiles(builder, state.profiles);
  const auto exporting = put_export_marks(builder, state.told);
  const auto configured_nodes = configuration_state::put(builder, state.configured.nodes);
  const auto configured_stations = configuration_state::put(builder, state.configured.stations);
  const auto outline =
      state.outline.bytes ? builder.CreateVector(*state.outline.bytes)
                          : flatbuffers::Offset<flatbuffers::Vector<std::uint8_t>>{};
  const auto left = put_structs<schema::LeftLoad>(builder, state.left_behind, put_left);
  const auto owners = put_owners(builder, state.left_behind);
  const auto warmth = put_warmth(builder, state.warmth);
  const auto parts = put_bytes(builder, state.part_memory);
  const auto reservations = put_reservations(builder, state.reservations);
  const auto& from = state.positions;
  schema::FinishSiteStateBuffer(
      builder,
      schema::CreateSiteState(builder, site, state.topology_hash, state.owner, to_us(state.at),
                              state.plan_number, told, session_places, memory, nodes, connectors,
                              shedding, profiles, exporting, configured_nodes,
                              configured_stations, outline, left, to_us(state.left_until),
                              warmth, unsettled, owners, put_position(from.commands),
                              put_position(from.results), put_position(from.sessions),
                              put_position(from.requests), parts, reservations));
  return finished_bytes(builder);
}

domain::result<domain::site_state> decode_site_state(bytes_view bytes) {
  auto message = open<schema::SiteState>(bytes, schema::SiteStateIdentifier());
  if (!message) return message.failure();
  const schema::SiteState& root = *message.value().root;
  field_check check;
  const std::size_t memory_size = size_of(root.planner_memory());
  if (!check.is_name("site", text_of(root.site()), bounds::id_bytes_max) ||
      !check.in_range("at_us", root.at_us(), 0, bounds::time_us_max) ||
      !check.is_size("planner_memory", memory_size, bounds::planner_memory_bytes_max))
    return check.failure();
  domain::site_state state;
  state.site = id_of<domain::site_id>(root.site());
  state.topology_hash = root.topology_hash();
  state.owner = root.owner();
  state.at = to_instant(root.at_us());
  state.plan_number = root.plan_number();
  if (memory_size > 0)
    state.planner_memory.assign(root.planner_memory()->begin(), root.planner_memory()->end());
  auto told = take_structs("told", root.told(), state.told, told_is_right, take_told,
                           bounds::told_entries_max);
  if (!told) return told.failure();
  if (auto marks = take_export_marks(root.exporting(), state.told); !marks) return marks.failure();
  auto taken_sessions = take_sessions("sessions", root.sessions(), state.sessions);
  if (!taken_sessions) return taken_sessions.failure();
  taken_sessions = take_sessions("unsettled", root.unsettled(), state.unsettled);
  if (!taken_sessions) return taken_sessions.failure();
  if (auto taken = operator_state::take(root, state); !taken) return taken.failure();
  if (auto taken = configuration_state::take(root, state.configured); !taken)
    return taken.failure();
  if (auto taken = take_profiles(root.profiles(), state.profiles); !taken) return taken.failure();
  if (auto taken = take_tree(root, state); !taken) return taken.failure();
  if (auto taken = take_warmth(root.warmth(), state.warmth); !taken) return taken.failure();
  if (auto taken = take_rest(root, state); !taken) return taken.failure();
  return state;
}

} // namespace busbar::messages
