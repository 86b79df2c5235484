#include "messages/operator_state.hpp"

#include <algorithm>
#include <cstdlib>

namespace busbar::messages::operator_state {

namespace {

using namespace border;
using lines = std::optional<domain::per_line<domain::milliamperes>>;

constexpr std::int64_t guaranteed_w_max = 10'000'000;

template <class Builder> void put_lines(Builder& table, const lines& from) {
  if (!from) return;
  const auto bounded = [](domain::milliamperes line) {
    return std::clamp<std::int64_t>(line.count(), 0, bounds::site_ma_max);
  };
  table.add_l1_ma(bounded((*from)[0]));
  table.add_l2_ma(bounded((*from)[1]));
  table.add_l3_ma(bounded((*from)[2]));
}

void put_ramp(schema::ConnectorConstraintBuilder& table,
              const std::optional<domain::limit_ramp>& ramp) {
  if (!ramp) return;
  table.add_ramp_from_ma(ramp->from.count());
  table.add_ramp_step_ma(ramp->step.count());
  table.add_ramp_every_us(ramp->every.count());
  table.add_ramp_begun_at_us(to_us(ramp->begun_at));
}

template <class Table> bool lines_are_right(const Table& from, field_check& check) {
  // All three or none.
  const bool is_there = from.l1_ma().has_value();
  const std::int64_t missing = is_there ? -1 : 0;
  return check.in_range("l1_ma", from.l1_ma().value_or(0), 0, bounds::site_ma_max) &&
         check.in_range("l2_ma", from.l2_ma().value_or(missing), 0, bounds::site_ma_max) &&
         check.in_range("l3_ma", from.l3_ma().value_or(missing), 0, bounds::site_ma_max) &&
         check.in_range("power_w", from.power_w().value_or(0), 0, bounds::node_w_max);
}

template <class Table> lines take_lines(const Table& from) {
  if (!from.l1_ma()) return std::nullopt;
  return domain::per_line<domain::milliamperes>{domain::milliamperes{*from.l1_ma()},
                                                domain::milliamperes{*from.l2_ma()},
                                                domain::milliamperes{*from.l3_ma()}};
}

template <class Table> std::optional<domain::watts> take_power(const Table& from) {
  if (!from.power_w()) return std::nullopt;
  return domain::watts{*from.power_w()};
}

bool is_right(const schema::NodeConstraint& from, field_check& check) {
  using enum schema::LimitSource;
  const bool is_allowed =
      from.source() == site_operator || from.source() == demand_response;
  return check.is_set("source", is_allowed ? from.source() : unspecified,
                      schema::LimitSource::MAX) &&
         lines_are_right(from, check) &&
         check.in_range("from_us", from.from_us(), 0, bounds::time_us_max) &&
         check.in_range("until_us", from.until_us().value_or(0), 0, bounds::time_us_max) &&
         check.in_range("guaranteed_each_w", from.guaranteed_each_w().value_or(0), 0,
                        guaranteed_w_max) &&
         check.in_range("guaranteed_of_rated_permille", from.guaranteed_of_rated_permille(), 0,
                        1'000) &&
         check.in_range("guaranteed_simultaneity_permille",
                        from.guaranteed_simultaneity_permille(), 0, 1'000);
}

bool is_right(const schema::ConnectorConstraint& from, field_check& check) {
  const bool is_ramped = from.ramp_from_ma().has_value();
  return lines_are_right(from, check) &&
         check.in_range("until_us", from.until_us(), 0, bounds::time_us_max) &&
         check.in_range("output_ma", from.output_ma().value_or(0), 0, 2'000'000) &&
         check.in_range("ramp_from_ma", from.ramp_from_ma().value_or(0), 0, bounds::site_ma_max) &&
         check.in_range("ramp_step_ma", from.ramp_step_ma(), is_ramped ? 1 : 0, 2'000'000) &&
         check.in_range("ramp_every_us", from.ramp_every_us(), is_ramped ? 1 : 0,
                        86'400'000'000) &&
         check.in_range("ramp_begun_at_us", from.ramp_begun_at_us(), 0, bounds::time_us_max);
}

domain::node_constraint take_one(const schema::NodeConstraint& from) {
  domain::node_constraint to;
  to.node = domain::node_index{from.node()};
  to.limit = {enum_cast<domain::limit_source>(from.source()), take_lines(from), take_power(from)};
  to.from = to_instant(from.from_us());
  if (const auto until = from.until_us()) to.until = to_instant(*until);
  if (from.counts_chargers()) to.counts = domain::counted_load::chargers;
  if (const auto each = from.guaranteed_each_w())
    to.guaranteed = {domain::watts{*each}, domain::permille{from.guaranteed_of_rated_permille()},
                     domain::permille{from.guaranteed_simultaneity_permille()}};
  return to;
}

domain::connector_constraint take_one(const schema::ConnectorConstraint& from) {
  auto power = take_power(from);
  if (power && from.is_export()) power = -*power;
  domain::connector_constraint to{domain::connector_index{from.connector()}, take_lines(from),
                                  power, to_instant(from.until_us()), {}, {}};
  if (const auto output = from.output_ma()) to.output = domain::milliamperes{*output};
  if (const auto begun_at = from.ramp_from_ma())
    to.ramp = {domain::milliamperes{*begun_at}, domain::milliamperes{from.ramp_step_ma()},
               domain::microseconds{from.ramp_every_us()}, to_instant(from.ramp_begun_at_us())};
  return to;
}

template <class Table, class Value>
domain::result<void> take_all(const char* name, const table_vector<Table>* from,
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

domain::result<void> take_shedding(const schema::Shedding* from,
                                   std::optional<domain::shedding_state>& to) {
  if (from == nullptr) return {};
  constexpr std::int64_t permille_max = 10'000, dwell_max = 86'400'000'000;
  field_check check;
  const bool is_right =
      check.in_range("rise_permille", from->rise_permille(), 0, permille_max) &&
      check.in_range("fall_permille", from->fall_permille(), 0, permille_max) &&
      check.in_range("unexplained_permille", from->unexplained_permille(), 0, permille_max) &&
      check.in_range("dwell_up_us", from->dwell_up_us(), 0, dwell_max) &&
      check.in_range("dwell_down_us", from->dwell_down_us(), 0, dwell_max) &&
      check.in_range("forced_level", from->forced_level().value_or(0), 0, 5) &&
      check.in_range("level", from->level(), 0, 5) &&
      check.in_range("changed_at_us", from->changed_at_us(), 0, bounds::time_us_max);
  if (!is_right) return check.failure();
  auto& made = to.emplace();
  made.chosen.settings = {from->is_enabled(),
                          domain::permille{from->rise_permille()},
                          domain::permille{from->fall_permille()},
                          domain::permille{from->unexplained_permille()},
                          domain::microseconds{from->dwell_up_us()},
                          domain::microseconds{from->dwell_down_us()}};
  if (const auto level = from->forced_level()) made.chosen.forced_level = *level;
  made.level = from->level();
  made.changed_at = to_instant(from->changed_at_us());
  return {};
}

} // namespace

table_vector_offset<schema::NodeConstraint>
put(flatbuffers::FlatBufferBuilder& builder, const std::vector<domain::node_constraint>& from) {
  if (from.empty()) return 0;
  std::vector<flatbuffers::Offset<schema::NodeConstraint>> tables;
  for (const auto& each : from) {
    schema::NodeConstraintBuilder table(builder);
    table.add_node(each.node.value());
    table.add_source(enum_cast<schema::LimitSource>(each.limit.source));
    put_lines(table, each.limit.current);
    if (each.limit.power) table.add_power_w(each.limit.power->count());
    table.add_from_us(to_us(each.from));
    if (each.until) table.add_until_us(to_us(*each.until));
    table.add_counts_chargers(each.counts == domain::counted_load::chargers);
    if (const auto& minimum = each.guaranteed) {
      table.add_guaranteed_each_w(minimum->each.count());
      table.add_guaranteed_of_rated_permille(static_cast<int>(minimum->of_rated.count()));
      table.add_guaranteed_simultaneity_permille(
          static_cast<int>(minimum->simultaneity.count()));
    }
    tables.push_back(table.Finish());
  }
  return builder.CreateVector(tables);
}

table_vector_offset<schema::ConnectorConstraint>
put(flatbuffers::FlatBufferBuilder& builder,
    const std::vector<domain::connector_constraint>& from) {
  if (from.empty()) return 0;
  std::vector<flatbuffers::Offset<schema::ConnectorConstraint>> tables;
  for (const auto& each : from) {
    schema::ConnectorConstraintBuilder table(builder);
    table.add_connector(each.connector.value());
    put_lines(table, each.current);
    if (each.power) table.add_power_w(std::abs(each.power->count()));
    table.add_is_export(each.is_export());
    table.add_until_us(to_us(each.until));
    if (each.output) table.add_output_ma(each.output->count());
    put_ramp(table, each.ramp);
    tables.push_back(table.Finish());
  }
  return builder.CreateVector(tables);
}

flatbuffers::Offset<schema::Shedding>
put(flatbuffers::FlatBufferBuilder& builder, const std::optional<domain::shedding_state>& from) {
  if (!from) return 0;
  const auto number = [](domain::permille value) {
    return static_cast<std::int32_t>(value.count());
  };
  schema::SheddingBuilder table(builder);
  const auto& settings = from->chosen.settings;
  table.add_is_enabled(settings.is_enabled);
  table.add_rise_permille(number(settings.rise));
  table.add_fall_permille(number(settings.fall));
  table.add_unexplained_permille(number(settings.unexplained));
  table.add_dwell_up_us(settings.dwell_up.count());
  table.add_dwell_down_us(settings.dwell_down.count());
  if (from->chosen.forced_level) table.add_forced_level(*from->chosen.forced_level);
  table.add_level(from->level);
  table.add_changed_at_us(to_us(from->changed_at));
  return table.Finish();
}

domain::result<void> take(const schema::SiteState& from, domain::site_state& to) {
  auto nodes = take_all("node_constraints", from.node_constraints(), to.node_constraints);
  if (!nodes) return nodes;
  auto connectors = take_all("connector_constraints", from.connector_constraints(),
                             to.connector_constraints);
  if (!connectors) return connectors;
  return take_shedding(from.shedding(), to.shedding);
}

} // namespace busbar::messages::operator_state
