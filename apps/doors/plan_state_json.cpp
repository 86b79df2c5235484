#include "apps/doors/plan_state_json.hpp"

#include "domain/time_text.hpp"

#include <map>

namespace busbar::apps::doors {

using nlohmann::json;
using nlohmann::ordered_json;

namespace {

constexpr integer_range current_range{0, 8'000'000'000};
constexpr integer_range lines_range{1, 3};
constexpr integer_range deficit_range{-1'000'000'000'000, 1'000'000'000'000};

/// Every field with its name, once for both directions.
template <class Row, class Told, class Visit>
void visit_connector(Row& row, Told& told, Visit visit) {
  visit("waiting_since", row.waiting_since);
  visit("on_since", row.on_since);
  visit("off_since", row.off_since);
  visit("away_since", row.away_since);
  visit("held_until", row.held_until);
  visit("unused_since", row.unused_since);
  visit("probe_at", row.probe_at);
  visit("naps", row.naps);
  visit("asleep_as", row.asleep_as);
  visit("idle_since", row.idle_since);
  visit("reclaimed_to_ma", row.reclaimed_to);
  visit("in_flight_ma", told.in_flight);
  visit("acknowledged_before_ma", told.acknowledged_before);
  visit("in_flight_since", told.in_flight_since);
  visit("lowered_at", told.lowered_at);
  visit("owes_since", told.owes_since);
  visit("overdraws_since", told.overdraws_since);
  visit("exceeds_since", told.exceeds_since);
  visit("raised_at", row.raised_at);
  visit("lines_wanted", row.lines_wanted);
  visit("lines_decided_at", row.lines_decided_at);
  visit("lines_ordered_at", row.lines_ordered_at);
  visit("deficit_ma_s", row.deficit_ma_s);
}

template <class Row, class Visit> void visit_node(Row& row, Visit visit) {
  visit("exceeded_since", row.exceeded_since);
  visit("kept_since", row.kept_since);
}

struct field_reader {
  json_fields& fields;
  void operator()(const char* name, std::optional<domain::instant>& value) const {
    value = fields.time(name);
  }
  void operator()(const char* name, domain::maybe<domain::instant>& value) const {
    value = fields.time(name);
  }
  void operator()(const char* name, domain::maybe<domain::milliamperes>& value) const {
    const auto number = fields.integer(name, current_range);
    if (number) value = domain::milliamperes{*number};
  }
  void operator()(const char* name, std::optional<std::uint8_t>& value) const {
    const auto number = fields.integer(name, lines_range);
    if (number) value = static_cast<std::uint8_t>(*number);
  }
  void operator()(const char* name, domain::milliamperes& value) const {
    value = domain::milliamperes{fields.integer(name, current_range).value_or(0)};
  }
  void operator()(const char* name, std::int64_t& value) const {
    value = fields.integer(name, deficit_range).value_or(0);
  }
};

struct field_writer {
  ordered_json& object;
  void operator()(const char* name, const std::optional<domain::instant>& value) const {
    if (value) object[name] = domain::text_of(*value);
  }
  void operator()(const char* name, const domain::maybe<domain::instant>& value) const {
    if (value) object[name] = domain::text_of(*value);
  }
  void operator()(const char* name, const domain::maybe<domain::milliamperes>& value) const {
    if (value) object[name] = value->count();
  }
  void operator()(const char* name, const std::optional<std::uint8_t>& value) const {
    if (value) object[name] = *value;
  }
  void operator()(const char* name, domain::milliamperes value) const {
    if (!value.is_zero()) object[name] = value.count();
  }
  void operator()(const char* name, std::int64_t value) const {
    if (value != 0) object[name] = value;
  }
};

template <class Things> std::map<std::string, std::size_t> places_of(const Things& things) {
  std::map<std::string, std::size_t> places;
  for (std::size_t i = 0; i < things.size(); ++i) places.emplace(things[i].id.text(), i);
  return places;
}

/// Reads `{id: row}`; rows of unknown ids (no place) are checked and left out.
template <class Things, class ReadRow>
void read_rows(const json* object, const std::string& pointer, const Things& things,
               fault_list& faults, ReadRow read_row) {
  if (!object) return;
  if (!object->is_object()) {
    faults.add(pointer + ": " + shown(*object) + ": an object");
    return;
  }
  const auto places = places_of(things);
  for (const auto& member : object->items()) {
    json_fields fields{member.value(), pointer + "/" + pointer_part(member.key()), faults};
    const auto place = places.find(member.key());
    const auto known = place == places.end() ? std::nullopt : std::optional{place->second};
    read_row(known, field_reader{fields});
    fields.end();
  }
}

/// What belongs together stands together: a current in flight has its time.
void check_row(const control::connector_memory& row, const image_memory& told,
               const std::string& pointer, fault_list& faults) {
  if (told.in_flight.has_value() != told.in_flight_since.has_value())
    faults.add(pointer + "/in_flight_since: " +
                     (told.in_flight_since ? "present" : "absent") +
                     ": stands exactly where in_flight_ma does");
  if (row.lines_wanted == std::uint8_t{2})
    faults.add(pointer + "/lines_wanted: 2: 1 or 3");
  if (row.lines_ordered_at && !row.lines_wanted)
    faults.add(pointer + "/lines_ordered_at: present: stands with lines_wanted only");
}

template <class Things, class WriteRow>
ordered_json write_rows(const Things& things, WriteRow write_row) {
  auto object = ordered_json::object();
  for (std::size_t i = 0; i < things.size(); ++i) {
    auto row = ordered_json::object();
    write_row(i, field_writer{row});
    if (!row.empty()) object[things[i].id.text()] = row;
  }
  return object;
}

} // namespace

door_state read_plan_state(const json& state, const std::string& pointer,
                           const domain::site& site, fault_list& faults) {
  door_state read;
  auto& rows = read.planned.connectors;
  rows.resize(site.connectors.size());
  read.told.resize(site.connectors.size());
  read.planned.nodes.resize(site.nodes.size());
  json_fields fields{state, pointer, faults};
  read.planned.at = fields.time("at");
  read_rows(fields.find("connectors"), pointer + "/connectors", site.connectors, faults,
            [&](std::optional<std::size_t> place, auto visit) {
              control::connector_memory unknown;
              image_memory unknown_told;
              visit_connector(place ? rows[*place] : unknown,
                              place ? read.told[*place] : unknown_told, visit);
            });
  read_rows(fields.find("nodes"), pointer + "/nodes", site.nodes, faults,
            [&](std::optional<std::size_t> place, auto visit) {
              control::node_memory unknown;
              visit_node(place ? read.planned.nodes[*place] : unknown, visit);
            });
  fields.end();
  for (std::size_t i = 0; i < rows.size(); ++i)
    check_row(rows[i], read.told[i],
              pointer + "/connectors/" + pointer_part(site.connectors[i].id.text()), faults);
  return read;
}

ordered_json json_of(const door_state& state, const domain::site& site) {
  auto object = ordered_json::object();
  const auto& planned = state.planned;
  if (planned.at) object["at"] = domain::text_of(*planned.at);
  auto connectors = write_rows(site.connectors, [&](std::size_t i, auto visit) {
    visit_connector(planned.connectors[i], state.told[i], visit);
  });
  if (!connectors.empty()) object["connectors"] = std::move(connectors);
  auto nodes = write_rows(
      site.nodes, [&](std::size_t i, auto visit) { visit_node(planned.nodes[i], visit); });
  if (!nodes.empty()) object["nodes"] = std::move(nodes);
  return object;
}

} // namespace busbar::apps::doors
