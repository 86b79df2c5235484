#include "messages/site_configuration_codec.hpp"

namespace busbar::messages::configuration_state {

namespace {

using namespace border;

constexpr std::int64_t permille_max = 10'000;
constexpr std::int64_t mhz_max = 100'000;

template <class Number, class Quantity>
flatbuffers::Optional<Number> put_quantity(const std::optional<Quantity>& value) {
  if (!value) return flatbuffers::nullopt;
  return static_cast<Number>(value->count());
}

template <class Number, class Value>
flatbuffers::Optional<Number> put_number(const std::optional<Value>& value) {
  if (!value) return flatbuffers::nullopt;
  return static_cast<Number>(*value);
}

template <class Quantity, class Number>
std::optional<Quantity> take_quantity(const flatbuffers::Optional<Number>& value) {
  if (!value) return std::nullopt;
  return Quantity{*value};
}

std::optional<domain::node_id> take_parent(const flatbuffers::String* from) {
  if (text_of(from).empty()) return std::nullopt;
  return id_of<domain::node_id>(from);
}

template <class Number>
bool is_within(const char* field, const flatbuffers::Optional<Number>& value, std::int64_t lowest,
               std::int64_t highest, field_check& check) {
  return !value || check.in_range(field, *value, lowest, highest);
}

bool is_right(const schema::NodeConfiguration& from, field_check& check) {
  using namespace bounds;
  return check.is_name("node", text_of(from.node()), id_bytes_max) &&
         check.is_name_or_empty("name", text_of(from.name()), subject_bytes_max) &&
         is_within("current_max_ma", from.current_max_ma(), 0, site_ma_max, check) &&
         is_within("power_max_w", from.power_max_w(), 0, node_w_max, check) &&
         is_within("lines", from.lines(), 1, 3, check) &&
         is_within("continuous_permille", from.continuous_permille(), 0, permille_max, check) &&
         is_within("breaker_ma", from.breaker_ma(), 0, site_ma_max, check) &&
         is_within("cable_ma", from.cable_ma(), 0, site_ma_max, check) &&
         is_within("rated_va", from.rated_va(), 0, node_w_max, check) &&
         is_within("load_max_permille", from.load_max_permille(), 0, permille_max, check) &&
         is_within("oil_max_mc", from.oil_max_mc(), temperature_mc_min, temperature_mc_max,
                   check) &&
         check.in_range("cooling", from.cooling(), 0, 3) &&
         is_within("imbalance_max_permille", from.imbalance_max_permille(), 0, permille_max,
                   check) &&
         is_within("power_factor_min_permille", from.power_factor_min_permille(), 0, permille_max,
                   check) &&
         is_within("voltage_deviation_permille", from.voltage_deviation_permille(), 0,
                   permille_max, check) &&
         is_within("frequency_mhz", from.frequency_mhz(), 0, mhz_max, check) &&
         is_within("frequency_deviation_mhz", from.frequency_deviation_mhz(), 0, mhz_max, check) &&
         check.in_range("kind", from.kind(), 0, 4) &&
         check.is_name_or_empty("parent", text_of(from.parent()), id_bytes_max);
}

domain::node_configuration take_one(const schema::NodeConfiguration& from) {
  using domain::milliamperes;
  using domain::permille;
  domain::node_configuration to;
  to.node = id_of<domain::node_id>(from.node());
  if (const auto name = text_of(from.name()); !name.empty()) to.name = std::string{name};
  to.current_max = take_quantity<milliamperes>(from.current_max_ma());
  to.power_max = take_quantity<domain::watts>(from.power_max_w());
  if (const auto lines = from.lines()) to.lines = *lines;
  to.continuous = take_quantity<permille>(from.continuous_permille());
  to.breaker = take_quantity<milliamperes>(from.breaker_ma());
  to.cable = take_quantity<milliamperes>(from.cable_ma());
  to.rated = take_quantity<domain::volt_amperes>(from.rated_va());
  to.load_max = take_quantity<permille>(from.load_max_permille());
  to.oil_max = take_quantity<domain::millidegrees_celsius>(from.oil_max_mc());
  if (from.cooling() != 0) to.cooled = static_cast<domain::cooling>(from.cooling());
  to.imbalance_max = take_quantity<permille>(from.imbalance_max_permille());
  to.power_factor_min = take_quantity<permille>(from.power_factor_min_permille());
  to.voltage_deviation = take_quantity<permille>(from.voltage_deviation_permille());
  if (const auto mhz = from.frequency_mhz()) to.frequency_mhz = *mhz;
  if (const auto mhz = from.frequency_deviation_mhz()) to.frequency_deviation_mhz = *mhz;
  if (from.kind() != 0) to.kind = static_cast<domain::node_kind>(from.kind());
  to.parent = take_parent(from.parent());
  return to;
}

bool is_right(const schema::FoundCapability& from, field_check& check) {
  using namespace bounds;
  return check.is_name("found.name", text_of(from.name()), subject_bytes_max) &&
         check.is_name_or_empty("found.standard", text_of(from.standard()), subject_bytes_max) &&
         check.in_range("found.line_count", from.line_count(), 1, 3) &&
         check.in_range("found.min_mv", from.min_mv(), 0, connector_mv_max) &&
         check.in_range("found.max_mv", from.max_mv(), from.min_mv(), connector_mv_max) &&
         check.in_range("found.min_ma", from.min_ma(), 0, site_ma_max) &&
         check.in_range("found.max_ma", from.max_ma(), from.min_ma(), site_ma_max) &&
         check.in_range("found.min_w", from.min_w(), 0, node_w_max) &&
         check.in_range("found.max_w", from.max_w(), from.min_w(), node_w_max) &&
         check.in_range("found.step_ma", from.step_ma(), 1, site_ma_max) &&
         check.in_range("found.taper_start_permille", from.taper_start_permille(), 0, 1'000) &&
         check.in_range("found.taper_permille_per_percent", from.taper_permille_per_percent(), 0,
                        1'000) &&
         check.in_range("found.taper_floor_permille", from.taper_floor_permille(), 0, 1'000);
}

bool is_right(const schema::StationConfiguration& from, field_check& check) {
  using namespace bounds;
  return check.is_name("station", text_of(from.station()), id_bytes_max) &&
         check.in_range("action", from.action(), 0, 3) &&
         is_within("safe_power_w", from.safe_power_w(), 0, node_w_max, check) &&
         is_within("timeout_s", from.timeout_s(), 0, lease_s_max, check) &&
         is_within("told_max_ma", from.told_max_ma(), 0, site_ma_max, check) &&
         check.is_name_or_empty("parent", text_of(from.parent()), id_bytes_max) &&
         (from.found() == nullptr || is_right(*from.found(), check));
}

domain::capability take_found(const schema::FoundCapability& from) {
  domain::capability to;
  to.name = std::string{text_of(from.name())};
  to.standard = std::string{text_of(from.standard())};
  to.kind = from.is_dc() ? domain::current_kind::dc : domain::current_kind::ac;
  to.line_count = from.line_count();
  to.voltage_min = domain::millivolts{from.min_mv()};
  to.voltage_max = domain::millivolts{from.max_mv()};
  to.current_min = domain::milliamperes{from.min_ma()};
  to.current_max = domain::milliamperes{from.max_ma()};
  to.power_min = domain::watts{from.min_w()};
  to.power_max = domain::watts{from.max_w()};
  to.step = domain::milliamperes{from.step_ma()};
  to.is_bidirectional = from.is_bidirectional();
  to.can_switch_phases = from.can_switch_phases();
  to.has_smart_charging = from.has_smart_charging();
  to.taper.start = domain::permille{from.taper_start_permille()};
  to.taper.permille_per_percent = domain::permille{from.taper_permille_per_percent()};
  to.taper.floor = domain::permille{from.taper_floor_permille()};
  return to;
}

domain::station_configuration take_one(const schema::StationConfiguration& from) {
  domain::station_configuration to;
  to.station = id_of<domain::station_id>(from.station());
  if (from.action() != 0) to.action = static_cast<domain::fallback_action>(from.action());
  to.safe_power = take_quantity<domain::watts>(from.safe_power_w());
  if (const auto timeout = from.timeout_s()) to.timeout = domain::seconds{*timeout};
  to.told_max = take_quantity<domain::milliamperes>(from.told_max_ma());
  if (from.found() != nullptr) to.found = take_found(*from.found());
  to.parent = take_parent(from.parent());
  return to;
}

template <class Table, class Value>
domain::result<void> take_all(const char* name, const operator_state::table_vector<Table>* from,
                              std::vector<Value>& to) {
  field_check check;
  const std::size_t size = size_of(from);
  if (!check.is_size(name, size, bounds::batch_entries_max)) return check.failure();
  for (std::size_t place = 0; place < size; ++place) {
    const auto& entry = *from->Get(static_cast<flatbuffers::uoffset_t>(place));
    if (!is_right(entry, check)) return check.failure(name, place);
    to.push_back(take_one(entry));
  }
  return {};
}

flatbuffers::Offset<flatbuffers::String>
put_parent(flatbuffers::FlatBufferBuilder& builder, const std::optional<domain::node_id>& from) {
  if (!from) return 0;
  return builder.CreateString(from->text());
}

flatbuffers::Offset<schema::FoundCapability>
put_found(flatbuffers::FlatBufferBuilder& builder, const std::optional<domain::capability>& from) {
  if (!from) return 0;
  const auto name = builder.CreateString(from->name);
  const auto standard = builder.CreateString(from->standard);
  return schema::CreateFoundCapability(
      builder, name, standard, from->kind == domain::current_kind::dc,
      static_cast<std::uint8_t>(from->line_count), from->voltage_min.count(),
      from->voltage_max.count(), from->current_min.count(), from->current_max.count(),
      from->power_min.count(), from->power_max.count(), from->step.count(),
      from->is_bidirectional, from->can_switch_phases, from->has_smart_charging,
      static_cast<std::int32_t>(from->taper.start.count()),
      static_cast<std::int32_t>(from->taper.permille_per_percent.count()),
      static_cast<std::int32_t>(from->taper.floor.count()));
}

} // namespace

table_vector_offset<schema::NodeConfiguration>
put(flatbuffers::FlatBufferBuilder& builder, const std::vector<domain::node_configuration>& from) {
  if (from.empty()) return 0;
  std::vector<flatbuffers::Offset<schema::NodeConfiguration>> tables;
  for (const auto& each : from) {
    const auto node = builder.CreateString(each.node.text());
    const auto name = builder.CreateString(each.name.value_or(""));
    const auto parent = put_parent(builder, each.parent);
    tables.push_back(schema::CreateNodeConfiguration(
        builder, node, name, put_quantity<std::int64_t>(each.current_max),
        put_quantity<std::int64_t>(each.power_max), put_number<std::uint8_t>(each.lines),
        put_quantity<std::int32_t>(each.continuous), put_quantity<std::int64_t>(each.breaker),
        put_quantity<std::int64_t>(each.cable), put_quantity<std::int64_t>(each.rated),
        put_quantity<std::int32_t>(each.load_max), put_quantity<std::int32_t>(each.oil_max),
        static_cast<std::uint8_t>(each.cooled.value_or(domain::cooling::unspecified)),
        put_quantity<std::int32_t>(each.imbalance_max),
        put_quantity<std::int32_t>(each.power_factor_min),
        put_quantity<std::int32_t>(each.voltage_deviation),
        put_number<std::int64_t>(each.frequency_mhz),
        put_number<std::int64_t>(each.frequency_deviation_mhz),
        static_cast<std::uint8_t>(each.kind.value_or(domain::node_kind::unspecified)), parent));
  }
  return builder.CreateVector(tables);
}

table_vector_offset<schema::StationConfiguration>
put(flatbuffers::FlatBufferBuilder& builder,
    const std::vector<domain::station_configuration>& from) {
  if (from.empty()) return 0;
  std::vector<flatbuffers::Offset<schema::StationConfiguration>> tables;
  for (const auto& each : from) {
    const auto station = builder.CreateString(each.station.text());
    const auto found = put_found(builder, each.found);
    const auto parent = put_parent(builder, each.parent);
    tables.push_back(schema::CreateStationConfiguration(
        builder, station,
        static_cast<std::uint8_t>(each.action.value_or(domain::fallback_action::unspecified)),
        put_quantity<std::int64_t>(each.safe_power), put_quantity<std::int64_t>(each.timeout),
        found, put_quantity<std::int64_t>(each.told_max), parent));
  }
  return builder.CreateVector(tables);
}

domain::result<void> take(const schema::SiteState& from, domain::site_configuration& to) {
  auto nodes = take_all("node_configurations", from.node_configurations(), to.nodes);
  if (!nodes) return nodes;
  return take_all("station_configurations", from.station_configurations(), to.stations);
}

} // namespace busbar::messages::configuration_state
