#include "adapters/http/api/node_configuration_body.hpp"

#include "adapters/http/api/node_kinds.hpp"
#include "text/suggestion.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <vector>

namespace busbar::adapters::http::api {

using namespace json;
using namespace server;

namespace {

constexpr std::int64_t value_max = 100'000'000;
constexpr std::size_t members_max = 10'000;
constexpr std::array own_fields{
    "maxCurrent",     "maxPower",      "voltage",       "phases",           "maxImbalance",
    "minPowerFactor", "frequency",     "nec625Factor",  "name",             "breakerRating",
    "cableAmpacity",  "ratedPower",    "connectedStations", "continuousFactor", "maxTemp",
    "coolingMethod",  "connectedFeeders", "parent"};
/// Of a limit for a time, which a configuration is told apart from.
constexpr std::array limit_fields{"limit_ma",
                                  "limit_w",
                                  "source",
                                  "counts",
                                  "from",
                                  "until",
                                  "guaranteed_each_w",
                                  "guaranteed_of_rated_permille",
                                  "guaranteed_simultaneity_permille",
                                  "site",
                                  "node",
                                  "id"};
constexpr std::array cooling_methods{"ONAN", "ONAF", "ONAN-distribution"};

using names = std::set<std::string>;

template <class Quantity> std::optional<Quantity> as(const std::optional<std::int64_t>& value) {
  return value ? std::optional{Quantity{*value}} : std::nullopt;
}

/// Ids of the stations that hang on the node or below it.
names stations_below(const domain::site& site, std::size_t node) {
  std::vector<bool> is_below(site.nodes.size());
  is_below[node] = true;
  // Parents stand before children.
  for (std::size_t i = node + 1; i < site.nodes.size(); ++i)
    is_below[i] = site.nodes[i].parent && is_below[site.nodes[i].parent->value()];
  names found;
  for (const auto& station : site.stations)
    if (is_below[station.parent.value()]) found.insert(station.id.text());
  return found;
}

template <class Id>
std::optional<std::vector<Id>> read_members(body_reader& body, const char* field) {
  const auto stated = body.ids(field, members_max);
  if (!stated) return std::nullopt;
  return std::vector<Id>{stated->begin(), stated->end()};
}

/// Within 1 % of the site's, line to line or line to neutral: 400 V is what 230 V is called.
domain::result<void> check_voltage(std::int64_t stated_mv, const domain::site& site) {
  const std::int64_t neutral = site.nominal.count();
  const std::int64_t low = stated_mv * 99 / 100, high = stated_mv * 101 / 100;
  const bool is_neutral = low <= neutral && neutral <= high;
  const bool is_line_to_line = low * low <= 3 * neutral * neutral &&
                               3 * neutral * neutral <= high * high;
  if (is_neutral || is_line_to_line) return {};
  return domain::error{domain::errc::conflict,
                       "voltage is " + std::to_string(stated_mv) + " mV; the site is wired for " +
                           std::to_string(neutral) +
                           " mV line to neutral, or sqrt 3 times that line to line: the voltage "
                           "is changed in the site's file or by the environment variable "
                           "SERVICE_VOLTAGE, and taken with a restart"};
}

std::optional<domain::cooling> read_cooling(body_reader& body) {
  const auto method = body.choice("coolingMethod", cooling_methods);
  if (!method) return std::nullopt;
  if (*method == "ONAN") return domain::cooling::onan;
  return *method == "ONAF" ? domain::cooling::onaf : domain::cooling::onan_distribution;
}

void read_service(body_reader& body, domain::node_configuration& to) {
  to.imbalance_max = as<domain::permille>(body.thousandths("maxImbalance", 1, 1'000));
  to.power_factor_min = as<domain::permille>(body.thousandths("minPowerFactor", 0, 1'000));
  to.frequency_mhz = body.thousandths("frequency", 40'000, 70'000);
  to.continuous = as<domain::permille>(body.thousandths("nec625Factor", 1, 1'000));
}

void read_feeder(body_reader& body, domain::node_configuration& to) {
  to.name = body.text("name", 128);
  to.breaker = as<domain::milliamperes>(body.thousandths("breakerRating", 1, value_max));
  to.cable = as<domain::milliamperes>(body.thousandths("cableAmpacity", 1, value_max));
}

void read_transformer(body_reader& body, domain::node_configuration& to) {
  to.name = body.text("name", 128);
  to.rated = as<domain::volt_amperes>(body.thousandths("ratedPower", 1'000, value_max));
  to.load_max = as<domain::permille>(body.thousandths("continuousFactor", 100, 1'500));
  to.oil_max = as<domain::millidegrees_celsius>(body.thousandths("maxTemp", 40'000, 115'000));
  to.cooled = read_cooling(body);
}

/// The only place of `found` for which `holds`.
template <class Condition>
std::optional<std::size_t> only_one(const std::vector<std::size_t>& found, Condition holds) {
  std::optional<std::size_t> one;
  for (const std::size_t place : found) {
    if (!holds(place)) continue;
    if (one) return std::nullopt;
    one = place;
  }
  return one;
}

/// What stands in a body of either form, or is meant to.
names meant_in(body_reader& body) {
  std::vector<const char*> all{own_fields.begin(), own_fields.end()};
  all.insert(all.end(), limit_fields.begin(), limit_fields.end());
  return body.meant_of(all);
}

} // namespace

bool is_configuration(body_reader& body) {
  const auto meant = meant_in(body);
  return std::ranges::any_of(own_fields,
                             [&](const char* name) { return meant.contains(name); });
}

void refuse_node(body_reader& body, const std::optional<std::string>& named,
                 const std::string& field, const std::vector<std::string>& ids) {
  if (named)
    return refuse_unknown(body, field, *named,
                               ids.empty() ? "there is none of this kind" : "allowed are ", ids);
  std::string allowed = ids.empty() ? "there is none of this kind" : "allowed are ";
  for (const auto& each : ids)
    if (allowed.size() < 400) allowed += (&each == &ids.front() ? "" : ", ") + each;
  if (!body.has(field))
    body.refuse(field, "missing; " + allowed, {field, "name", "connectedStations"});
}

std::optional<configured_node>
read_configured_node(body_reader& body, const domain::site& site, const std::string& kind) {
  std::vector<std::size_t> all;
  names ids;
  for (std::size_t place = 0; place < site.nodes.size(); ++place) {
    if (!is_of_kind(site.nodes[place], kind)) continue;
    all.push_back(place);
    ids.insert(site.nodes[place].id.text());
  }
  const std::string field = body.has("node") ? "node" : "id";
  const auto id = body.id(field);
  const auto find = [&](auto holds) { return only_one(all, holds); };
  std::optional<std::size_t> found = find([](std::size_t) { return true; });
  if (id) found = find([&](std::size_t at) { return site.nodes[at].id.text() == *id; });
  const auto name = id || found ? std::nullopt : body.text("name", 128);
  if (name)
    found = find([&](std::size_t at) {
      return site.nodes[at].name == *name || site.nodes[at].id.text() == *name;
    });
  const auto stations = id || found ? std::nullopt : body.ids("connectedStations", members_max);
  if (stations)
    found = find([&](std::size_t at) {
      return stations_below(site, at) == names{stations->begin(), stations->end()};
    });
  if (found) return configured_node{site.nodes[*found].id, domain::node_index{*found}};
  const auto meant = meant_in(body);
  const bool has_place = meant.contains("connectedStations") ||
                         meant.contains("connectedFeeders") || meant.contains("parent");
  const auto is_named = [&](const domain::node& node) { return id && node.id.text() == *id; };
  if (id && has_place && kind != "service" && std::ranges::none_of(site.nodes, is_named))
    return configured_node{domain::node_id{*id}, std::nullopt};
  refuse_node(body, id, field, {ids.begin(), ids.end()});
  return std::nullopt;
}

domain::node_configuration read_configuration(body_reader& body, const std::string& kind) {
  domain::node_configuration to;
  if (kind != "transformer") {
    to.current_max = as<domain::milliamperes>(body.thousandths("maxCurrent", 1, value_max));
    to.power_max = as<domain::watts>(body.thousandths("maxPower", 1, value_max));
    if (const auto lines = body.number("phases", 1, 3))
      to.lines = static_cast<std::uint8_t>(*lines);
  }
  if (kind == "service") read_service(body, to);
  if (kind == "feeder") read_feeder(body, to);
  if (kind == "transformer") read_transformer(body, to);
  return to;
}

domain::tree_wish read_tree(body_reader& body, const configured_node& node,
                                        const std::string& kind) {
  domain::tree_wish wish;
  wish.node = node.id;
  if (kind == "service") return wish;
  wish.kind = kind == "feeder" ? domain::node_kind::feeder : domain::node_kind::transformer;
  if (const auto parent = body.id("parent")) wish.parent = domain::node_id{*parent};
  if (kind == "feeder")
    wish.stations = read_members<domain::station_id>(body, "connectedStations");
  else wish.children = read_members<domain::node_id>(body, "connectedFeeders");
  return wish;
}

std::string meant_place(const domain::tree_wish& wish, const domain::site& site) {
  const auto of = [](const auto& id, const auto& places) {
    const auto id_of = [](const auto& each) { return each.id.text(); };
    const bool is_known =
        std::ranges::any_of(places, [&](const auto& each) { return each.id == id; });
    return is_known ? std::string{} : text::did_you_mean(id.text(), places, id_of);
  };
  std::string meant;
  for (const auto& id : wish.stations.value_or(std::vector<domain::station_id>{}))
    if (meant.empty()) meant = of(id, site.stations);
  for (const auto& id : wish.children.value_or(std::vector<domain::node_id>{}))
    if (meant.empty()) meant = of(id, site.nodes);
  return meant.empty() && wish.parent ? of(*wish.parent, site.nodes) : meant;
}

void leave_tree_unread(body_reader& body) {
  for (const char* name : {"id", "node", "parent"}) static_cast<void>(body.id(name));
  for (const char* name : {"connectedStations", "connectedFeeders"})
    static_cast<void>(body.ids(name, members_max));
  static_cast<void>(body.thousandths("voltage", 1'000, 2'000'000));
}

domain::result<void> check_supply(body_reader& body, const domain::site& site,
                                  const std::string& kind) {
  if (kind != "service") return {};
  const auto voltage = body.thousandths("voltage", 1'000, 2'000'000);
  return voltage ? check_voltage(*voltage, site) : domain::result<void>{};
}

} // namespace busbar::adapters::http::api
