// [supervision], its table of each kind and [[supervision.actor]].

#include "adapters/config/site_tables.hpp"
#include "domain/supervision_settings.hpp"
#include "text/suggestion.hpp"

#include <algorithm>
#include <array>
#include <set>

namespace busbar::adapters::config {

namespace {

constexpr std::array kinds{"station", "feeder", "panel",  "transformer", "service",
                           "site",    "driver", "protocol", "engine"};
/// Actors of the engine node: nothing of theirs can fall back, and their ids are not the site's.
constexpr std::array kinds_of_node{"driver", "protocol", "engine"};

bool is_of_node(const std::string& name) {
  const auto kind = name.substr(0, name.find(':'));
  return std::ranges::find(kinds_of_node, kind) != kinds_of_node.end();
}

std::optional<domain::microseconds> duration(table_reader& reader, const char* key, range allowed) {
  const auto ms = reader.thousandths(key, allowed);
  if (!ms) return std::nullopt;
  return std::chrono::milliseconds{*ms};
}

template <class Value>
void put_small(std::optional<Value>& place, const std::optional<std::int64_t>& read) {
  if (read) place = static_cast<Value>(*read);
}

domain::supervision_terms read_terms(table_reader& reader, const std::string& actor) {
  domain::supervision_terms terms;
  put_small(terms.failure_threshold, reader.integer("failure_threshold", {1, 16, "calls"}));
  put_small(terms.success_threshold, reader.integer("success_threshold", {1, 32, "calls"}));
  terms.reset_timeout = duration(reader, "reset_timeout_s", {1, 3'600, "s"});
  terms.call_timeout = duration(reader, "call_timeout_s", {1, 60, "s"});
  put_small(terms.retries, reader.integer("retries", {0, 10, "times"}));
  terms.retry_after = duration(reader, "retry_after_s", {0.5, 60, "s"});
  terms.watchdog = duration(reader, "watchdog_s", {2, 300, "s"});
  using enum domain::watchdog_action;
  terms.action = is_of_node(actor) ? reader.one_of("watchdog_action", {restart, event})
                                   : reader.one_of("watchdog_action", {restart, fall_back, event});
  return terms;
}

/// The names that actors of the site have.
std::set<std::string> actors_of(const domain::site& site) {
  std::set<std::string> all{"site:" + site.id.text()};
  for (const auto& node : site.nodes)
    all.insert(std::string{domain::name_of(node.kind)} + ":" + node.id.text());
  for (const auto& station : site.stations) all.insert("station:" + station.id.text());
  return all;
}

/// "driver:Alice": any driver may have that name.
bool has_own_id(const std::string& name) {
  return is_of_node(name) && name.find(':') < name.size() - 1;
}

void read_actors(table_reader& parent, domain::site& site, fault_list& faults) {
  const auto known = actors_of(site);
  for (const auto* table : parent.tables("actor")) {
    table_reader reader{*table, "supervision actor", faults};
    const auto name = reader.text("name", 80).value_or("");
    const auto terms = read_terms(reader, name);
    const bool is_new = site.supervision.by_actor.emplace(name, terms).second;
    if (!reader.has("name"))
      reader.fail_absent("name",
                         "is missing: allowed is the name of an actor, as \"station:CP-001\"");
    else if (!name.empty() && !known.contains(name) && !has_own_id(name))
      reader.fail("name", "is \"" + name + "\": allowed is the kind and the id of an actor of "
                          "this site, as station:ID, feeder:ID, panel:ID, transformer:ID, "
                          "service:ID or site:ID, or driver:ID, protocol:log, engine:NAME" +
                              text::did_you_mean(name, known));
    else if (!is_new) reader.fail("name", "is \"" + name + "\": it has a table already");
    reader.finish();
  }
}

} // namespace

void read_supervision(const toml::table& table, domain::site& site, fault_list& faults) {
  table_reader reader{table, "supervision", faults};
  site.supervision.all = read_terms(reader, "");
  for (const std::string kind : kinds) {
    const auto* own = reader.table(kind);
    if (!own) continue;
    table_reader of_kind{*own, "supervision " + kind, faults};
    site.supervision.by_kind.emplace(kind, read_terms(of_kind, kind));
    of_kind.finish();
  }
  read_actors(reader, site, faults);
  reader.finish();
}

} // namespace busbar::adapters::config
