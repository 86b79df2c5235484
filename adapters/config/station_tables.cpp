// [[station]] and [[station.connector]].

#include "adapters/config/site_tables.hpp"
#include "control/stations/capability.hpp"
#include "domain/current_text.hpp"
#include "ocpp/v16/configuration_key.hpp"
#include "text/suggestion.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace busbar::adapters::config {

namespace {

using domain::milliamperes;

constexpr range amperes{0, 10'000, "A"};
/// The exact split takes no more below one node (control/distribution/split.hpp).
constexpr std::int64_t site_amperes_max = 8'000'000;

/// How often a station table is repeated and how its copies are named.
struct repetition {
  std::int64_t count = 1;
  std::int64_t first = 1;
  std::int64_t digits = 3;
  bool is_rotated = false;
};

/// A station table, read once; its copies differ in id and rotation only.
struct station_template {
  std::string id;
  std::string name;
  repetition repeat;
  domain::station station;
  std::vector<domain::connector> connectors;
  std::vector<std::string> connector_ids;
  /// With {n}; its station is each copy's.
  std::optional<station_ocpp> ocpp;
};

std::string numbered(const std::string& pattern, std::int64_t number, std::int64_t digits) {
  auto text = std::to_string(number);
  while (static_cast<std::int64_t>(text.size()) < digits) text.insert(text.begin(), '0');
  auto result = pattern;
  if (const auto place = result.find("{n}"); place != std::string::npos)
    result.replace(place, 3, text);
  return result;
}

repetition read_repetition(table_reader& reader) {
  repetition repeat;
  repeat.count = reader.integer("count", {1, 100'000, "stations"}).value_or(1);
  repeat.first = reader.integer("first", {0, 1'000'000, ""}).value_or(1);
  repeat.digits = reader.integer("digits", {1, 9, ""}).value_or(3);
  repeat.is_rotated = reader.boolean("rotate").value_or(false);
  return repeat;
}

domain::fallback read_fallback(const toml::table* table, const std::string& what,
                               const std::vector<domain::connector>& connectors,
                               fault_list& faults) {
  domain::fallback fallback;
  milliamperes lowest{}, highest{};
  for (const auto& one : connectors) {
    highest = std::max(highest, one.current_max);
    lowest = std::max(lowest, one.current_min);
  }
  fallback.current = lowest;
  if (!table) return fallback;
  table_reader reader{*table, what + " fallback", faults};
  const auto action = reader.choice("action", {"maintain", "reduce", "stop"});
  const auto current = reader.thousandths("current_a", amperes);
  const auto timeout = reader.integer("timeout_s", {5, 86'400, "s"});
  reader.finish();
  if (connectors.empty()) return fallback;
  if (timeout) fallback.timeout = domain::seconds{*timeout};
  if (action == "stop") {
    fallback.action = domain::fallback_action::stop;
    fallback.current = milliamperes{};
  } else if (action == "maintain") {
    fallback.action = domain::fallback_action::maintain;
    fallback.current = highest;
  } else if (current) {
    fallback.current = milliamperes{*current};
  }
  if (current && fallback.action != domain::fallback_action::reduce)
    reader.fail("current_a", "is for action \"reduce\" only");
  if (fallback.current > highest)
    reader.fail("current_a", "is " + domain::text_of(fallback.current) +
                                 ": allowed is at most the connectors' maximum, " +
                                 domain::text_of(highest));
  // FAIR-2: nothing, or at least what every connector can charge with.
  if (!fallback.current.is_zero() && fallback.current < lowest)
    reader.fail("current_a", "is " + domain::text_of(fallback.current) +
                                 ": allowed is 0, or at least the connectors' minimum, " +
                                 domain::text_of(lowest));
  return fallback;
}

void read_identity(table_reader& reader, const toml::table& table, station_template& read) {
  read.id = reader.text("id", id_bytes_max).value_or("");
  read.name = reader.text("name", 128).value_or("");
  read.repeat = read_repetition(reader);
  const std::string allowed = "1 to 64 letters, digits, '-', '_', '.', ':', and {n} with `count`";
  if (!table.contains("id"))
    reader.fail_absent("id", "is missing: " + allowed);
  else if (!read.id.empty() && !is_id(numbered(read.id, 1, 3)))
    reader.fail("id", "is '" + read.id + "': allowed are " + allowed);
  if (read.repeat.count > 1 && read.id.find("{n}") == std::string::npos)
    reader.fail("id", "is '" + read.id + "': with `count` above 1 it needs {n} for the number");
}

/// The profile that the station names; null where it names none.
const domain::capability* read_profile(table_reader& reader, const domain::site& site,
                                       domain::station& station) {
  std::vector<std::string> names;
  for (const auto& each : control::stations::built_in_capabilities()) names.push_back(each.name);
  for (const auto& each : site.capabilities) names.push_back(each.name);
  station.capability = reader.choice("capability", names).value_or("");
  const auto* found = control::stations::find_capability(site, station.capability);
  // One that was refused already is not held against every connector as well.
  const bool is_sound = found && found->kind != domain::current_kind::unspecified;
  return is_sound ? found : nullptr;
}

/// A station whose memory bears no more than the renewals of its leases would never be raised:
/// those are sent a sixth of the lease apart at the soonest (site/connector_table.cpp).
void check_writes(table_reader& reader, const domain::capability& profile, domain::seconds lease,
                  std::size_t connectors) {
  const auto hold = [&](const char* field, std::uint32_t writes, domain::seconds period) {
    const auto renewals = static_cast<std::int64_t>(connectors) * 6 * period / lease;
    if (writes == 0 || writes > renewals) return;
    reader.fail("capability", "is " + profile.name + ", whose `" + field + "` is " +
                                  std::to_string(writes) + ": renewing leases of " +
                                  std::to_string(lease.count()) + " s takes " +
                                  std::to_string(renewals) +
                                  ": allowed are more writes than that, or a longer `lease_s`");
  };
  hold("writes_per_minute", profile.writes_per_minute, std::chrono::minutes{1});
  hold("writes_per_day", profile.writes_per_day, std::chrono::hours{24});
}

void read_share(table_reader& reader, domain::station& station) {
  put(station.priority, reader.integer("priority", {1, 10, ""}));
  put(station.weight, reader.integer("weight", {1, 1'000, ""}));
  put(station.price_per_kwh, reader.millionths("price_per_kwh", {0, 1'000, "per kWh"}));
}

void read_connectors(table_reader& reader, const connector_frame& frame, station_template& read,
                     fault_list& faults) {
  const auto tables = reader.tables("connector");
  const auto wrong = "stands " + std::to_string(tables.size()) +
                     " times: a station has 1 to 16 [[station.connector]] tables";
  if (!reader.has("connector")) reader.fail_absent("connector", wrong);
  else if (tables.empty() || tables.size() > 16) reader.fail("connector", wrong);
  for (const auto* one : tables) {
    read.connector_ids.emplace_back();
    read.connectors.push_back(read_connector(*one, frame, read.connector_ids.back(), faults));
  }
}

/// 1 to 64 printable ASCII bytes without a slash, which ends a path's part.
bool is_identity(std::string_view text) {
  return !text.empty() && text.size() <= id_bytes_max &&
         std::ranges::all_of(text, [](char c) { return c >= 0x20 && c < 0x7f && c != '/'; });
}

/// All where nothing is stated.
ocpp::v16::tolerance_set read_tolerances(table_reader& reader) {
  std::vector<std::string> names;
  std::string allowed = "allowed are different ones of";
  for (const auto& row : ocpp::v16::all_tolerances()) {
    allowed += (names.empty() ? " " : ", ") + std::string{row.name};
    names.emplace_back(row.name);
  }
  const bool is_strict = reader.boolean("strict").value_or(false);
  const auto stated = reader.choices("tolerate", names, 0, allowed);
  if (is_strict && stated)
    reader.fail("tolerate", "stands beside `strict = true`, which tolerates nothing: allowed is "
                            "one of both");
  if (is_strict) return ocpp::v16::tolerance_set::none();
  if (!stated) return ocpp::v16::tolerance_set::all();
  ocpp::v16::tolerance_set taken;
  for (const auto& name : *stated) taken.add(*ocpp::v16::tolerance_from(name));
  return taken;
}

/// Keys that have ways of their own to be set, with these.
const char* other_way_of(std::string_view standard) {
  if (standard == "AuthorizationKey") return "busbar ocpp key set";
  return standard == "SecurityProfile" ? "`profile`" : nullptr;
}

void check_setting(table_reader& reader, const std::string& key, std::string_view value) {
  const auto* standard = ocpp::v16::standard_key(key);
  if (key.empty() || key.size() > 50)
    return reader.fail(key, "is a configuration key of 1 to 50 bytes at most");
  if (value.size() > 500) return reader.fail(key, "has at most 500 bytes");
  if (standard == nullptr) return;
  if (const auto* way = other_way_of(standard->name))
    return reader.fail(key, std::string{"is none of the settings: it is stated by "} + way);
  if (standard->access == ocpp::v16::key_access::read_only)
    return reader.fail(key, "is read-only: allowed are keys that can be set");
  if (const auto why = ocpp::v16::fault_of(*standard, value)) reader.fail(key, "is " + *why);
}

/// OCPP 1.6: names of keys are compared without case.
bool is_same_key(std::string_view one, std::string_view other) {
  return std::ranges::equal(one, other, [](char a, char b) {
    const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
    return lower(a) == lower(b);
  });
}

std::vector<station_setting> read_settings(table_reader& reader, const std::string& what,
                                           fault_list& faults) {
  std::vector<station_setting> made;
  const auto* table = reader.table("settings");
  if (table == nullptr) return made;
  table_reader keys{*table, what + " ocpp settings", faults};
  for (const auto& [name, node] : *table) {
    const std::string key{name.str()};
    const auto value = keys.text(key, 500);
    if (!value) continue;
    const auto same = std::ranges::find_if(
        made, [&](const station_setting& each) { return is_same_key(each.key, key); });
    if (same != made.end())
      keys.fail(key, "is `" + same->key + "`: names of keys are the same in capitals");
    check_setting(keys, key, *value);
    made.push_back({key, *value});
  }
  keys.finish();
  if (made.size() > station_settings_max)
    reader.fail("settings", "are " + std::to_string(made.size()) + ": allowed are at most " +
                                std::to_string(station_settings_max));
  return made;
}

void check_tag(table_reader& reader, std::string_view key, const std::string& tag) {
  if (!control::sessions::is_tag(tag))
    reader.fail(key, "is '" + tag.substr(0, 40) + "': allowed are 1 to 20 printable ASCII "
                         "characters without blanks and commas");
}

/// `tags`, `free_tag`, `tag_group`, `tags_offline`.
control::sessions::tag_rules read_tag_rules(table_reader& reader) {
  using control::sessions::tag_policy;
  control::sessions::tag_rules stated;
  put(stated.policy,
      reader.one_of("tags", {tag_policy::all, tag_policy::listed, tag_policy::free,
                             tag_policy::external}));
  const bool is_free = stated.policy == tag_policy::free;
  if (const auto tag = reader.text("free_tag", 200)) {
    stated.free_tag = *tag;
    check_tag(reader, "free_tag", *tag);
    if (!is_free) reader.fail("free_tag", "is there: it goes with tags = \"free\" alone");
  } else if (is_free && !reader.has("free_tag")) {
    reader.fail_absent("free_tag", "is missing: tags = \"free\" needs the tag that the station "
                                   "states for every vehicle that is plugged in");
  }
  using control::sessions::offline_rule;
  put(stated.offline, reader.one_of("tags_offline", {offline_rule::cached, offline_rule::listed,
                                                     offline_rule::refuse}));
  if (reader.has("tags_offline") && stated.policy != tag_policy::external)
    reader.fail("tags_offline", "is there: it goes with tags = \"external\" alone");
  if (const auto group = reader.text("tag_group", 200)) {
    stated.group = *group;
    check_tag(reader, "tag_group", *group);
  }
  return stated;
}

void read_ocpp(const toml::table* table, const std::string& what, station_template& read,
               fault_list& faults) {
  if (!table) return;
  table_reader reader{*table, what + " ocpp", faults};
  station_ocpp stated;
  stated.identity = reader.text("identity", id_bytes_max).value_or(read.id);
  if (const auto profile = reader.integer("profile", {0, 3, ""}))
    stated.profile = static_cast<std::uint8_t>(*profile);
  stated.tolerances = read_tolerances(reader);
  stated.settings = read_settings(reader, what, faults);
  stated.tags = read_tag_rules(reader);
  put(stated.keeps_list, reader.boolean("local_list"));
  reader.finish();
  if (table->contains("identity") && !is_identity(numbered(stated.identity, 1, 1)))
    reader.fail("identity", "is '" + stated.identity +
                                "': allowed are 1 to 64 printable characters without '/'");
  else if (read.repeat.count > 1 && stated.identity.find("{n}") == std::string::npos)
    reader.fail("identity", "is '" + stated.identity +
                                "': with `count` above 1 it needs {n} for the number");
  read.ocpp = std::move(stated);
}

station_template read_station(const toml::table& table, const domain::site& site,
                              const site_places& places, fault_list& faults) {
  const std::string what = "station " + table["id"].value<std::string>().value_or("?");
  table_reader reader{table, what, faults};
  station_template read;
  read_identity(reader, table, read);
  const auto parent = reader.required_id("node");
  const auto found = places.nodes.find(parent);
  if (found != places.nodes.end())
    read.station.parent = found->second;
  else if (!parent.empty() && !places.nodes.empty())
    reader.fail("node", "is " + parent + ": allowed is the id of a [[node]]" +
                            text::did_you_mean(parent, ids_of_nodes(site)));
  read_share(reader, read.station);
  const auto volts =
      site.nodes.empty() ? site.nominal : line_to_neutral(site, read.station.parent);
  const auto* profile = read_profile(reader, site, read.station);
  read_connectors(reader, {what, volts, profile}, read, faults);
  if (profile) check_writes(reader, *profile, site.lease, read.connectors.size());
  read.station.when_lost = read_fallback(reader.table("fallback"), what, read.connectors, faults);
  read_ocpp(reader.table("ocpp"), what, read, faults);
  reader.finish();
  return read;
}

void rotate(domain::connector& connector, std::int64_t by) {
  for (auto& which : connector.lines)
    which = domain::all_lines[(index_of(which) + static_cast<std::size_t>(by % 3)) % 3];
}

void add_copies(const station_template& read, const toml::source_region& place, domain::site& site,
                site_places& places) {
  for (std::int64_t copy = 0; copy < read.repeat.count; ++copy) {
    const auto number = read.repeat.first + copy;
    auto station = read.station;
    const auto id = numbered(read.id, number, read.repeat.digits);
    station.id = domain::station_id{id};
    station.name = read.name.empty() ? id : numbered(read.name, number, read.repeat.digits);
    station.first_connector = domain::connector_index{site.connectors.size()};
    station.connector_count = static_cast<std::uint32_t>(read.connectors.size());
    for (std::size_t i = 0; i < read.connectors.size(); ++i) {
      auto connector = read.connectors[i];
      const auto& own = read.connector_ids[i];
      connector.id = domain::connector_id{own.empty() ? id + "-" + std::to_string(i + 1)
                                                      : numbered(own, number, read.repeat.digits)};
      connector.station = domain::station_index{site.stations.size()};
      if (read.repeat.is_rotated) rotate(connector, copy);
      site.connectors.push_back(std::move(connector));
    }
    if (read.ocpp)
      places.ocpp.push_back({station.id, numbered(read.ocpp->identity, number, read.repeat.digits),
                             read.ocpp->profile, read.ocpp->tolerances, read.ocpp->tags,
                             read.ocpp->settings, read.ocpp->keeps_list});
    site.stations.push_back(std::move(station));
    places.station_places.push_back(place);
  }
}

/// The path of this identity would be that of orders to many stations.
constexpr std::string_view bulk_name = "bulk";

void check_bulk_name(const domain::station_id& id, const std::string& identity,
                     const toml::source_region& place, fault_list& faults) {
  if (identity != bulk_name) return;
  faults.add(place, "station " + id.text() + " ocpp: `identity` is '" + identity +
                        (id.text() == identity ? "', which is its id" : "'") +
                        ": allowed is any other, because /api/v1/chargepoints/bulk is where "
                        "orders to many stations go");
}

/// A station without a table of its own is known by its id.
void check_identities(const domain::site& site, const site_places& places, fault_list& faults) {
  std::map<std::string, std::string> owners;
  std::map<domain::station_id, const station_ocpp*> stated;
  for (const auto& each : places.ocpp) stated.emplace(each.station, &each);
  for (std::size_t i = 0; i < site.stations.size(); ++i) {
    const auto& id = site.stations[i].id;
    const auto own = stated.find(id);
    const bool comes_by_id = stated.empty();
    if (comes_by_id) check_bulk_name(id, id.text(), places.station_places[i], faults);
    if (own == stated.end()) continue;
    check_bulk_name(id, own->second->identity, places.station_places[i], faults);
    const auto [other, is_new] = owners.emplace(own->second->identity, id.text());
    if (!is_new)
      faults.add(places.station_places[i], "station " + id.text() + " ocpp: `identity` " +
                                               other->first + " is that of station " +
                                               other->second);
  }
}

void check_unique(const domain::site& site, const site_places& places, fault_list& faults) {
  std::set<std::string> stations, connectors;
  for (std::size_t i = 0; i < site.stations.size(); ++i) {
    const auto& station = site.stations[i];
    if (!stations.insert(station.id.text()).second)
      faults.add(places.station_places[i],
                 "station " + station.id.text() + ": `id` is there already");
    for (std::uint32_t c = 0; c < station.connector_count; ++c) {
      const auto& id = site.connectors[station.first_connector.value() + c].id.text();
      if (!is_id(id) || !connectors.insert(id).second)
        faults.add(places.station_places[i],
                   "station " + station.id.text() + ": connector `id` " + id +
                       (is_id(id) ? " is there already" : " is not an id"));
    }
  }
}

} // namespace

void read_stations(const std::vector<const toml::table*>& tables, domain::site& site,
                   site_places& places, fault_list& faults) {
  milliamperes total;
  for (const auto* table : tables) {
    const auto read = read_station(*table, site, places, faults);
    const auto count = static_cast<std::size_t>(read.repeat.count);
    if (site.stations.size() + count > stations_max ||
        site.connectors.size() + count * read.connectors.size() > connectors_max) {
      faults.add(table->source(), "file: more than " + std::to_string(stations_max) +
                                      " stations or " + std::to_string(connectors_max) +
                                      " connectors");
      return;
    }
    for (const auto& one : read.connectors) total += one.current_max * read.repeat.count;
    if (total > milliamperes{1'000 * site_amperes_max}) {
      faults.add(table->source(),
                 "file: the connectors up to this station add up to " +
                     std::to_string(total.count() / 1'000) + " A: allowed are at most " +
                     std::to_string(site_amperes_max) + " A");
      return;
    }
    add_copies(read, table->source(), site, places);
  }
  check_unique(site, places, faults);
  check_identities(site, places, faults);
}

} // namespace busbar::adapters::config
