#include "adapters/config/site_file.hpp"

#include "adapters/config/site_tables.hpp"
#include "control/limits/fallback_check.hpp"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

namespace busbar::adapters::config {

namespace {

/// LIM-4: a site whose fallbacks do not fit is refused with the node and the numbers.
void check_safety(const domain::site& site, const site_places& places, fault_list& faults) {
  for (const auto& unsafe : control::limits::check_fallbacks(site))
    faults.add(places.node_places[unsafe.node.value()], control::limits::text_of(unsafe, site));
}

void read_sections(const toml::table& root, domain::site& site, fault_list& faults) {
  table_reader reader{root, "file", faults};
  site_places places;
  places.file = root.source();
  if (const auto* table = reader.table("site"))
    read_site_table(*table, site, places, faults);
  else
    reader.fail("site", "is missing: a table with at least `id`");
  read_capabilities(reader.tables("capability"), site, faults);
  read_nodes(reader.tables("node"), site, places, faults);
  read_stations(reader.tables("station"), site, places, faults);
  reader.finish();
  if (faults.is_empty()) check_safety(site, places, faults);
}

} // namespace

std::string text_of(const fault& fault) {
  return fault.file + ":" + std::to_string(fault.line) + ":" + std::to_string(fault.column) + ": " +
         fault.message;
}

loaded_site load_site(const std::string& path) {
  std::ifstream file{path, std::ios::binary};
  std::ostringstream text;
  if (file) text << file.rdbuf();
  if (!file || file.bad())
    return {nullptr, {{path, 0, 0, std::string{"cannot be read: "} + std::strerror(errno)}}};
  return parse_site(text.str(), path);
}

loaded_site parse_site(std::string_view text, const std::string& name) {
  fault_list faults{name};
  auto parsed = toml::parse(text, name);
  if (!parsed) {
    faults.add(parsed.error().source(), std::string{parsed.error().description()});
    return {nullptr, faults.take()};
  }
  auto site = std::make_shared<domain::site>();
  read_sections(parsed.table(), *site, faults);
  if (!faults.is_empty()) return {nullptr, faults.take()};
  seal(*site);
  return {std::move(site), {}};
}

} // namespace busbar::adapters::config
