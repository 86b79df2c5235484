// [[node]]: the tree.

#include "adapters/config/site_tables.hpp"
#include "control/limits/node_limits.hpp"
#include "text/suggestion.hpp"

#include <algorithm>
#include <cmath>

namespace busbar::adapters::config {

namespace {

using domain::milliamperes;
using domain::millivolts;

constexpr range amperes{0, 100'000, "A"};
constexpr range power_watts{0, 100'000'000, "W"};
constexpr range line_volts{50, 100'000, "V"};

struct raw_node {
  domain::node node;
  std::string parent;
  toml::source_region place;
  toml::source_region parent_place;
};

domain::per_line<milliamperes> currents(const std::array<std::int64_t, 3>& values) {
  return {milliamperes{values[0]}, milliamperes{values[1]}, milliamperes{values[2]}};
}

std::optional<domain::limit> read_limit(const toml::table& table, const std::string& what,
                                        fault_list& faults) {
  table_reader reader{table, what + " limit", faults};
  const auto source = reader.choice("source", {"rating", "breaker", "cable", "service_power",
                                               "service_current", "operator"});
  if (!source && !table.contains("source")) reader.fail_absent("source", "is missing");
  const auto current = reader.per_line_thousandths("a", amperes);
  const auto power = reader.thousandths("w", power_watts);
  if (!table.contains("a") && !table.contains("w"))
    reader.fail_absent("a", "and `w` are both missing: a limit states amperes, watts or both",
                       {"w"});
  reader.finish();
  if (!source || (!current && !power)) return std::nullopt;
  domain::limit limit;
  limit.source = *domain::limit_source_from(*source);
  if (current) limit.current = currents(*current);
  if (power) limit.power = domain::watts{*power / 1'000};
  return limit;
}

void read_transformer(table_reader& reader, domain::node& node) {
  const auto rated = reader.integer("rated_va", {1, 100'000'000, "VA"});
  const auto winding = reader.choice("winding", {"wye-wye", "delta-wye"});
  const auto primary = reader.thousandths("primary_v", line_volts);
  const auto secondary = reader.thousandths("secondary_v", line_volts);
  if (node.kind != domain::node_kind::transformer) {
    if (rated || winding || primary || secondary)
      reader.fail("rated_va", "and windings belong to nodes of kind \"transformer\" only");
    return;
  }
  if (!reader.has("rated_va"))
    reader.fail_absent("rated_va", "is missing for a transformer: 1 to 100000000 VA");
  if (!reader.has("secondary_v"))
    reader.fail_absent("secondary_v", "is missing for a transformer: 50 to 100000 V");
  domain::transformer_data data;
  const bool is_delta_wye = winding == "delta-wye";
  data.connection = is_delta_wye ? domain::winding::delta_wye : domain::winding::wye_wye;
  // The thermal model counts load in parts of the rated current.
  if (rated && secondary &&
      control::limits::rated_current(domain::volt_amperes{*rated}, millivolts{*secondary}) <
          milliamperes{1})
    reader.fail("rated_va", "is " + std::to_string(*rated) +
                                " VA: allowed is at least 0.001 A of line current at "
                                "`secondary_v`");
  if (is_delta_wye && !reader.has("primary_v"))
    reader.fail_absent("primary_v", "is missing for a delta-wye transformer");
  data.rated = domain::volt_amperes{rated.value_or(1)};
  if (primary) data.primary = millivolts{*primary};
  data.secondary = millivolts{secondary.value_or(400'000)};
  node.transformer = data;
}

void read_unmanaged(table_reader& reader, domain::node& node) {
  node.has_meter = reader.boolean("meter").value_or(false);
  if (const auto load = reader.per_line_thousandths("unmanaged_a", amperes))
    node.unmanaged = currents(*load);
  if (const auto most = reader.per_line_thousandths("unmanaged_max_a", amperes))
    node.unmanaged_max = currents(*most);
  put(node.export_room, reader.integer("export_room_permille", {0, 1'000, "permille"}));
  if (node.has_meter && node.unmanaged)
    reader.fail("unmanaged_a", "and `meter = true` exclude each other: a meter measures that load");
  if (node.has_meter && !reader.has("unmanaged_max_a"))
    reader.fail_absent("unmanaged_max_a",
                       "is missing beside `meter = true`: the most that is drawn beside the "
                       "connectors, 0 to 100000 A; it counts while the meter is lost");
  for (const auto* key : {"unmanaged_max_a", "export_room_permille"})
    if (!node.has_meter && reader.has(key))
      reader.fail(key, "needs `meter = true`: it is about what the meter measures");
}

domain::node_kind kind_from(const std::string& name) {
  using enum domain::node_kind;
  for (const auto kind : {service, transformer, feeder, panel})
    if (name == domain::name_of(kind)) return kind;
  return unspecified;
}

/// Permille on the rating: as stated, else 0.80 where load is continuous (NEC 625.41, 210.20).
domain::permille read_continuous(table_reader& reader, bool is_continuous_site) {
  const bool is_continuous = reader.boolean("continuous").value_or(is_continuous_site);
  const auto stated = reader.integer("continuous_permille", {1, 1'000, "permille"});
  return domain::permille{stated.value_or(is_continuous ? 800 : 1'000)};
}

raw_node read_node(const toml::table& table, std::size_t number, bool is_continuous_site,
                   fault_list& faults) {
  const auto label = table["id"].value<std::string>().value_or(std::to_string(number + 1));
  const std::string what = "node " + label;
  table_reader reader{table, what, faults};
  raw_node raw;
  raw.node.id = domain::node_id{reader.required_id("id")};
  raw.node.name = reader.text("name", 128).value_or(raw.node.id.text());
  const auto kind = reader.choice("kind", {"service", "transformer", "feeder", "panel"});
  if (!kind && !table.contains("kind"))
    reader.fail_absent("kind", "is missing: allowed are service, transformer, feeder, panel");
  raw.node.kind = kind_from(kind.value_or(""));
  raw.parent = reader.text("parent", id_bytes_max).value_or("");
  const bool needs_parent = raw.node.kind != domain::node_kind::service &&
                            raw.node.kind != domain::node_kind::unspecified;
  if (needs_parent && raw.parent.empty())
    reader.fail_absent("parent", "is missing: every node but the service has one");
  raw.place = table.source();
  raw.parent_place = reader.place("parent");
  for (const auto* limit : reader.tables("limits"))
    if (auto read = read_limit(*limit, what, faults)) raw.node.limits.push_back(*read);
  raw.node.continuous = read_continuous(reader, is_continuous_site);
  read_transformer(reader, raw.node);
  read_unmanaged(reader, raw.node);
  read_protection(reader, what, raw.node, faults);
  reader.finish();
  return raw;
}

void check_service(const std::vector<raw_node>& raw, fault_list& faults) {
  const auto is_service = [](const raw_node& one) {
    return one.node.kind == domain::node_kind::service;
  };
  // What is no kind at all may be meant to be the service.
  const bool is_clear = std::ranges::none_of(raw, [](const raw_node& one) {
    return one.node.kind == domain::node_kind::unspecified;
  });
  const auto count = std::ranges::count_if(raw, is_service);
  if (!raw.empty() && (count > 1 || (count == 0 && is_clear)))
    faults.add(raw.front().place, "file: has " + std::to_string(count) +
                                      " nodes of kind \"service\": allowed is exactly one");
  for (const auto& one : raw)
    if (is_service(one) && !one.parent.empty())
      faults.add(one.parent_place, "node " + one.node.id.text() + ": `parent` is " + one.parent +
                                       ": a service has none");
}

/// Moves nodes into `site` level by level; what never gets a parent is unknown or in a cycle.
void put_in_order(std::vector<raw_node>& raw, domain::site& site, site_places& places,
                  fault_list& faults) {
  std::vector<bool> is_done(raw.size(), false);
  for (std::size_t level = 0; level < depth_max; ++level) {
    const auto known = places.nodes;
    for (std::size_t i = 0; i < raw.size(); ++i) {
      const auto parent = known.find(raw[i].parent);
      const bool is_root = level == 0 && raw[i].parent.empty();
      if (is_done[i] || (!is_root && parent == known.end())) continue;
      if (!is_root) raw[i].node.parent = parent->second;
      is_done[i] = true;
      const domain::node_index index{site.nodes.size()};
      if (!places.nodes.emplace(raw[i].node.id.text(), index).second)
        faults.add(raw[i].place, "node " + raw[i].node.id.text() + ": `id` is there already");
      places.node_places.push_back(raw[i].place);
      site.nodes.push_back(std::move(raw[i].node));
    }
  }
  for (std::size_t i = 0; i < raw.size(); ++i)
    if (!is_done[i])
      faults.add(raw[i].parent_place,
                 "node " + raw[i].node.id.text() + ": `parent` is " + raw[i].parent +
                     ": allowed is the id of a node that leads to the service in at most " +
                     std::to_string(depth_max) + " steps" +
                     text::did_you_mean(raw[i].parent, ids_of_nodes(site)));
}

} // namespace

std::vector<std::string> ids_of_nodes(const domain::site& site) {
  std::vector<std::string> ids;
  for (const auto& node : site.nodes) ids.push_back(node.id.text());
  return ids;
}

void read_nodes(const std::vector<const toml::table*>& tables, domain::site& site,
                site_places& places, fault_list& faults) {
  if (tables.size() > nodes_max) {
    faults.add(tables[nodes_max]->source(), "file: has " + std::to_string(tables.size()) +
                                                " nodes: allowed are at most " +
                                                std::to_string(nodes_max));
    return;
  }
  std::vector<raw_node> raw;
  for (const auto* table : tables)
    raw.push_back(read_node(*table, raw.size(), places.is_continuous, faults));
  check_service(raw, faults);
  put_in_order(raw, site, places, faults);
}

domain::millivolts line_to_neutral(const domain::site& site, domain::node_index node) {
  for (auto at = std::optional{node}; at; at = site.nodes[at->value()].parent)
    if (const auto& data = site.nodes[at->value()].transformer)
      return millivolts{static_cast<std::int64_t>(
          std::floor(static_cast<double>(data->secondary.count()) / std::sqrt(3.0)))};
  return site.nominal;
}

} // namespace busbar::adapters::config
