#include "apps/doors/plan_site.hpp"

#include "control/fairness/policy.hpp"
#include "control/limits/integer_math.hpp"
#include "text/suggestion.hpp"

#include <algorithm>
#include <map>

namespace busbar::apps::doors {

using domain::milliamperes;
using nlohmann::json;

namespace {

constexpr integer_range limit_range{0, 1'000'000'000};
constexpr integer_range power_range{0, 1'000'000'000};
/// Unmanaged load: below zero it is export.
constexpr integer_range unmanaged_range{-1'000'000'000, 1'000'000'000};
constexpr integer_range current_range{0, 2'000'000};
constexpr integer_range rated_range{1, 1'000'000'000};
constexpr integer_range voltage_range{1'000, 100'000'000};
constexpr integer_range permille_range{0, 1000};
constexpr integer_range energy_range{0, 1'000'000'000};
/// The exact split's bound on currents below one node.
constexpr std::int64_t total_max = 8'000'000'000;

constexpr std::array every_kind{domain::node_kind::service, domain::node_kind::transformer,
                                domain::node_kind::feeder, domain::node_kind::panel};

/// A node as it stands in the document, before parents are put first.
struct read_node {
  domain::node node;
  control::node_image image;
  std::optional<std::string> parent;
};

class site_reader {
public:
  site_reader(plan_question& question, fault_list& faults)
      : question_(question), faults_(faults) {}
  void read(const json& value, const std::string& pointer);

private:
  void read_node_object(const json& value, const std::string& pointer);
  void read_kind(json_fields& fields, domain::node& node);
  void read_limits(json_fields& fields, domain::node& node);
  void read_transformer(json_fields& fields, domain::node& node);
  void read_unmanaged(json_fields& fields, read_node& read);
  std::optional<domain::per_line<milliamperes>> lines(json_fields& fields, const char* name,
                                                      const json& value, integer_range range);
  bool put_parents_first(const std::string& pointer);
  void append_node(std::size_t place);
  [[nodiscard]] std::string meant_node(const std::string& id) const;
  void complete_voltages();
  void read_connector(const json& value, const std::string& pointer);
  static std::optional<domain::line_set> used_lines(json_fields& fields,
                                                    const domain::connector& connector);
  void read_wiring(json_fields& fields, domain::connector& connector);
  void read_station(json_fields& fields, domain::station& station);
  void read_knowledge(json_fields& fields, control::connector_image& image);
  void check_total(const std::string& pointer);

  plan_question& question_;
  fault_list& faults_;
  std::shared_ptr<domain::site> site_ = std::make_shared<domain::site>();
  std::vector<read_node> nodes_;
  std::map<std::string, std::size_t> node_places_;
  std::map<std::string, std::size_t> connector_places_;
};

std::vector<std::string> known_policies() {
  std::vector<std::string> names;
  for (const auto& entry : control::fairness::every_policy())
    names.emplace_back(name_of(entry.name));
  return names;
}

std::optional<domain::policy> policy_of(const std::string& name) {
  const auto known = control::fairness::every_policy();
  const auto found = std::ranges::find_if(
      known, [&](const auto& entry) { return name == name_of(entry.name); });
  return found == known.end() ? std::nullopt : std::optional(found->name);
}

/// Of the sources those that an image may state.
std::optional<domain::limit_source> stated_source(const std::string& name) {
  auto known = domain::limit_source_from(name);
  if (known == domain::limit_source::meter_lost) known.reset();
  return known;
}

std::vector<std::string> known_sources() {
  std::vector<std::string> names;
  for (int i = 1; i <= static_cast<int>(domain::limit_source::peak_demand); ++i)
    names.emplace_back(name_of(domain::limit_source(i)));
  return names;
}

void site_reader::read(const json& value, const std::string& pointer) {
  json_fields fields{value, pointer, faults_};
  site_->id = domain::site_id{fields.required_id("id")};
  site_->name = site_->id.text();
  site_->nominal = domain::millivolts{
      fields.thousandths("nominal_v", voltage_range).value_or(230'000)};
  if (const auto name = fields.text("policy")) {
    const auto policy = policy_of(*name);
    if (!policy) fields.fail_choice("policy", *name, known_policies());
    site_->split = policy.value_or(domain::policy::equal);
  }
  const auto& nodes = fields.required_array("nodes", plan_nodes_max);
  for (std::size_t i = 0; i < nodes.size(); ++i)
    read_node_object(nodes[i], pointer + "/nodes/" + std::to_string(i));
  const bool is_tree = put_parents_first(pointer);
  complete_voltages();
  const auto& connectors = fields.required_array("connectors", plan_connectors_max);
  for (std::size_t i = 0; i < connectors.size(); ++i)
    read_connector(connectors[i], pointer + "/connectors/" + std::to_string(i));
  fields.end();
  check_total(pointer);
  seal(*site_);
  if (is_tree) question_.image.topology = site_;
}

void site_reader::read_node_object(const json& value, const std::string& pointer) {
  json_fields fields{value, pointer, faults_};
  read_node read;
  const auto id = fields.required_id("id");
  read.node.id = domain::node_id{id};
  read.node.name = id;
  if (!id.empty() && !node_places_.emplace(id, nodes_.size()).second)
    fields.fail("id", id, "an id that no other node has");
  const auto* parent = fields.find("parent");
  if (parent && !parent->is_null()) read.parent = fields.text("parent");
  read_kind(fields, read.node);
  if (read.node.kind == domain::node_kind::service && read.parent)
    fields.fail("parent", *read.parent, "absent: the service stands at the top");
  const bool needs_parent = read.node.kind != domain::node_kind::service &&
                            read.node.kind != domain::node_kind::unspecified;
  if (needs_parent && !(parent && !parent->is_null()))
    fields.fail_absent("parent", "is required of every node but the service");
  read_limits(fields, read.node);
  read_transformer(fields, read.node);
  read.node.continuous =
      domain::permille{fields.integer("continuous_permille", {1, 1000}).value_or(1000)};
  read_unmanaged(fields, read);
  fields.end();
  nodes_.push_back(std::move(read));
}

void site_reader::read_kind(json_fields& fields, domain::node& node) {
  const auto* value = fields.required("kind");
  if (!value) return;
  for (const auto kind : every_kind)
    if (*value == name_of(kind)) node.kind = kind;
  if (node.kind == domain::node_kind::unspecified)
    fields.fail_choice("kind", *value, {"service", "transformer", "feeder", "panel"});
}

void site_reader::read_limits(json_fields& fields, domain::node& node) {
  if (!fields.find("limits")) return;
  const auto& list = fields.required_array("limits", 64);
  for (std::size_t i = 0; i < list.size(); ++i) {
    json_fields entry{list[i], fields.at("limits") + "/" + std::to_string(i), faults_};
    domain::limit limit;
    if (const auto* source = entry.required("source")) {
      const auto known = source->is_string() ? stated_source(source->get<std::string>())
                                             : std::nullopt;
      if (!known) entry.fail_choice("source", *source, known_sources());
      limit.source = known.value_or(domain::limit_source::unspecified);
    }
    if (const auto* current = entry.find("ma"))
      limit.current = lines(entry, "ma", *current, limit_range);
    if (const auto power = entry.integer("w", power_range)) limit.power = domain::watts{*power};
    entry.end();
    if (limit.current || limit.power) node.limits.push_back(limit);
  }
}

std::optional<domain::per_line<milliamperes>>
site_reader::lines(json_fields& fields, const char* name, const json& value, integer_range range) {
  domain::per_line<milliamperes> read{};
  const bool is_list = value.is_array() && value.size() == 3;
  for (std::size_t i = 0; i < 3; ++i) {
    const auto number = whole(is_list ? value[i] : value, range);
    if (!number) {
      fields.fail(name, value, "one integer for every line or three, each from " +
                                   std::to_string(range.low) + " to " +
                                   std::to_string(range.high));
      return std::nullopt;
    }
    read[i] = milliamperes{*number};
  }
  return read;
}

void site_reader::read_transformer(json_fields& fields, domain::node& node) {
  const auto rated = fields.integer("rated_va", rated_range);
  const auto primary = fields.thousandths("primary_v", voltage_range);
  const auto secondary = fields.thousandths("secondary_v", voltage_range);
  const auto* winding = fields.find("winding");
  const bool is_stated = rated || primary || secondary || winding;
  if (!is_stated) return;
  if (node.kind != domain::node_kind::transformer)
    return fields.fail("kind", name_of(node.kind),
                       "transformer, where rated_va, winding, primary_v or secondary_v stand");
  if (!fields.find("rated_va"))
    fields.fail_absent("rated_va", "is required beside winding, primary_v and secondary_v");
  domain::transformer_data data;
  data.rated = domain::volt_amperes{rated.value_or(1)};
  data.connection = domain::winding::wye_wye;
  if (winding && *winding == "delta-wye") data.connection = domain::winding::delta_wye;
  else if (winding && *winding != "wye-wye")
    fields.fail("winding", *winding, "wye-wye or delta-wye");
  if (primary) data.primary = domain::millivolts{*primary};
  if (secondary) data.secondary = domain::millivolts{*secondary};
  node.transformer = data;
}

void site_reader::read_unmanaged(json_fields& fields, read_node& node) {
  auto& image = node.image;
  if (const auto* most = fields.find("unmanaged_max_ma"))
    node.node.unmanaged_max = lines(fields, "unmanaged_max_ma", *most, limit_range);
  node.node.export_room =
      domain::permille{fields.integer("export_room_permille", {0, 1000}).value_or(0)};
  const auto* value = fields.find("unmanaged_ma");
  if (!value) return;
  if (value->is_null()) {
    image.knowledge = control::unmanaged_knowledge::lost;
    return;
  }
  const auto read = lines(fields, "unmanaged_ma", *value, unmanaged_range);
  if (!read) return;
  image.knowledge = control::unmanaged_knowledge::known;
  image.unmanaged = *read;
}

/// False where the nodes are no tree below one service.
bool site_reader::put_parents_first(const std::string& pointer) {
  const std::string where = pointer + "/nodes";
  std::vector<std::vector<std::size_t>> children(nodes_.size());
  std::vector<std::size_t> roots;
  const std::size_t faults_before = faults_.size();
  // Their own fault is told already.
  bool has_orphans = false;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    const auto& parent = nodes_[i].parent;
    const bool is_service = nodes_[i].node.kind == domain::node_kind::service;
    if (!parent && is_service) roots.push_back(i);
    has_orphans = has_orphans || (!parent && !is_service);
    if (!parent) continue;
    const auto found = node_places_.find(*parent);
    if (found != node_places_.end()) children[found->second].push_back(i);
    else
      faults_.add(where + "/" + std::to_string(i) + "/parent: " + shown(*parent) +
                  ": the id of a node" + meant_node(*parent));
  }
  if (roots.size() != 1 && !has_orphans)
    faults_.add(where + ": " + std::to_string(roots.size()) + " services: exactly one");
  if (faults_.size() != faults_before || roots.size() != 1 || has_orphans) return false;

  question_.node_order.assign(nodes_.size(), 0);
  std::vector<std::size_t> order{roots.front()};
  for (std::size_t next = 0; next < order.size(); ++next) {
    const auto place = order[next];
    question_.node_order[place] = static_cast<std::uint32_t>(next);
    append_node(place);
    order.insert(order.end(), children[place].begin(), children[place].end());
  }
  if (order.size() == nodes_.size()) return true;
  faults_.add(where + ": a circle of parents: a tree below the service");
  return false;
}

std::string site_reader::meant_node(const std::string& id) const {
  return text::did_you_mean(id, node_places_, [](const auto& each) { return each.first; });
}

void site_reader::append_node(std::size_t place) {
  auto& read = nodes_[place];
  if (read.parent)
    read.node.parent =
        domain::node_index{question_.node_order[node_places_.at(*read.parent)]};
  site_->nodes.push_back(read.node);
  question_.image.nodes.push_back(read.image);
}

/// A transformer that states no secondary voltage hands on that of the node above it.
void site_reader::complete_voltages() {
  std::vector<domain::millivolts> line_to_line;
  for (auto& node : site_->nodes) {
    const auto nominal = control::limits::wide{site_->nominal.count()};
    const auto above = node.parent ? line_to_line[node.parent->value()]
                                   : domain::millivolts{control::limits::root_ceil(
                                         3 * nominal * nominal)};
    if (node.transformer && node.transformer->secondary.is_zero())
      node.transformer->secondary = node.transformer->primary.value_or(above);
    line_to_line.push_back(node.transformer ? node.transformer->secondary : above);
  }
}

void site_reader::read_connector(const json& value, const std::string& pointer) {
  json_fields fields{value, pointer, faults_};
  domain::connector connector;
  domain::station station;
  const auto place = site_->connectors.size();
  const auto id = fields.required_id("id");
  if (!id.empty() && !connector_places_.emplace(id, place).second)
    fields.fail("id", id, "an id that no other connector has");
  connector.id = domain::connector_id{id};
  connector.station = domain::station_index{place};
  station.id = domain::station_id{id};
  station.name = id;
  station.first_connector = domain::connector_index{place};
  const auto node = fields.required_id("node");
  const auto found = node_places_.find(node);
  if (found == node_places_.end() && !node.empty())
    fields.fail("node", node, "the id of a node" + meant_node(node));
  else if (!node.empty() && !question_.node_order.empty())
    station.parent = domain::node_index{question_.node_order[found->second]};
  read_wiring(fields, connector);
  read_station(fields, station);
  read_knowledge(fields, question_.image.connectors.emplace_back());
  question_.image.connectors.back().used_lines = used_lines(fields, connector);
  fields.end();
  site_->connectors.push_back(std::move(connector));
  site_->stations.push_back(std::move(station));
}

void site_reader::read_wiring(json_fields& fields, domain::connector& connector) {
  constexpr const char* lines_allowed = "one to three different ones of \"L1\", \"L2\", \"L3\"";
  connector.line_count = 0;
  if (const auto* phases = fields.required("phases")) {
    std::set<domain::line> seen;
    for (const auto& phase : phases->is_array() ? *phases : json::array())
      for (const auto line : domain::all_lines)
        if (phase == name_of(line) && seen.insert(line).second)
          connector.lines[connector.line_count++] = line;
    if (!phases->is_array() || phases->empty() || phases->size() != connector.line_count)
      fields.fail("phases", *phases, lines_allowed);
  }
  if (const auto* wiring = fields.find("connection")) {
    if (*wiring == "delta") connector.wiring = domain::connection::delta;
    else if (*wiring != "wye") fields.fail("connection", *wiring, "wye or delta");
  }
  const auto* phases = fields.find("phases");
  if (connector.wiring == domain::connection::delta && phases && connector.line_count != 2)
    fields.fail("phases", *phases, "the two lines between which a delta load lies");
  connector.current_max = milliamperes{fields.required_integer("max_ma", current_range)};
  connector.current_min = milliamperes{fields.integer("min_ma", current_range).value_or(0)};
  connector.step = milliamperes{fields.integer("step_ma", {1, 2'000'000}).value_or(1)};
  const auto* least = fields.find("min_ma");
  const auto* most = fields.find("max_ma");
  const bool is_stated = least && most && whole(*most, current_range);
  if (is_stated && connector.current_min > connector.current_max)
    fields.fail("min_ma", *least,
                "at most max_ma, " + std::to_string(connector.current_max.count()));
}

std::optional<domain::line_set> site_reader::used_lines(json_fields& fields,
                                                        const domain::connector& connector) {
  const auto* stated = fields.find("used_lines");
  if (stated == nullptr || stated->is_null()) return std::nullopt;
  domain::line_set lines;
  for (const auto& each : stated->is_array() ? *stated : json::array())
    for (const auto line : domain::all_lines)
      if (each == name_of(line)) lines.add(line);
  const bool is_whole = connector.line_count == 3 && connector.wiring == domain::connection::wye;
  if (!stated->is_array() || stated->empty() || stated->size() != lines.count() || !is_whole)
    fields.fail("used_lines", *stated,
                "one to three different ones of \"L1\", \"L2\", \"L3\", of a wye connector "
                "that has all three");
  return lines;
}

void site_reader::read_station(json_fields& fields, domain::station& station) {
  station.weight =
      static_cast<std::uint32_t>(fields.integer("weight", {1, 65'535}).value_or(1));
  station.priority = static_cast<std::uint8_t>(fields.integer("priority", {1, 10}).value_or(5));
  station.when_lost.current =
      milliamperes{fields.integer("fallback_ma", current_range).value_or(0)};
}

void site_reader::read_knowledge(json_fields& fields, control::connector_image& image) {
  const auto current = [&](const char* name) {
    return milliamperes{fields.integer(name, current_range).value_or(0)};
  };
  const auto permille = [&](const char* name) -> std::optional<domain::permille> {
    const auto value = fields.integer(name, permille_range);
    return value ? std::optional(domain::permille{*value}) : std::nullopt;
  };
  image.wants = fields.boolean("wants").value_or(true);
  image.is_reachable = fields.boolean("reachable").value_or(true);
  image.drawn = current("drawn_ma");
  image.told = current("told_ma");
  image.acknowledged = current("acknowledged_ma");
  image.soc = permille("soc_permille");
  image.soc_target = permille("target_soc_permille");
  image.soc_reserve = permille("reserve_soc_permille");
  if (const auto energy = fields.integer("energy_needed_wh", energy_range))
    image.energy_needed = domain::watt_hours{*energy};
  image.departs_at = fields.time("departs_at");
  image.arrived_at = fields.time("arrived_at");
}

void site_reader::check_total(const std::string& pointer) {
  std::int64_t total = 0;
  for (std::size_t i = 0; i < site_->connectors.size(); ++i) {
    const auto& image = question_.image.connectors[i];
    total += std::max({site_->connectors[i].current_max, image.told, image.drawn,
                       image.acknowledged, site_->stations[i].when_lost.current})
                 .count();
  }
  if (total > total_max)
    faults_.add(pointer + "/connectors: " + std::to_string(total) +
                      " mA in all: at most " + std::to_string(total_max));
}

} // namespace

void read_plan_site(const json& site, const std::string& pointer, plan_question& question,
                    fault_list& faults) {
  site_reader{question, faults}.read(site, pointer);
}

} // namespace busbar::apps::doors
