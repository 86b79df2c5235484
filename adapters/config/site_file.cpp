#include "adapters/config/site_file.hpp"

#include "adapters/config/regular_file.hpp"
#include "adapters/config/site_tables.hpp"
#include "control/limits/fallback_check.hpp"

#include <algorithm>
#include <optional>

namespace busbar::adapters::config {

namespace {

loaded_site refused_by(fault_list& faults, bool is_unsafe) {
  loaded_site refused{nullptr, faults.take(), 0, is_unsafe, {}};
  refused.more_faults = faults.size() - refused.faults.size();
  return refused;
}

/// LIM-4: a site whose fallbacks do not fit is refused with the node and the numbers.
void check_safety(const domain::site& site, const site_places& places, fault_list& faults) {
  for (const auto& unsafe : control::limits::check_fallbacks(site))
    faults.add(places.node_places[unsafe.node.value()], control::limits::text_of(unsafe, site));
}

/// The line of `text`, from 1, at which the library gives up: that of the shortest beginning that
/// it gives up on.
std::uint32_t line_of_broken_assertion(std::string_view text) {
  std::vector<std::size_t> ends;
  for (std::size_t at = 0; at < text.size(); ++at)
    if (text[at] == '\n' || at + 1 == text.size()) ends.push_back(at + 1);
  const auto is_read = [&](std::size_t end) {
    try {
      (void)toml::parse(text.substr(0, end));
    } catch (const toml::parse_error&) {
    } catch (const broken_assertion&) {
      return false;
    }
    return true;
  };
  return static_cast<std::uint32_t>(std::ranges::partition_point(ends, is_read) - ends.begin()) + 1;
}

/// Absent: a fault says why.
std::optional<toml::table> parse(std::string_view text, const std::string& name,
                                 fault_list& faults) {
  try {
    return toml::parse(text, name);
  } catch (const toml::parse_error& error) {
    faults.add(error.source(), std::string{error.description()});
  } catch (const broken_assertion&) {
    const toml::source_position place{line_of_broken_assertion(text), 1};
    faults.add({place, place, nullptr}, "is no TOML: a key, a value or a bracket is missing here");
  }
  return std::nullopt;
}

/// True where every fault is of LIM-4.
bool read_sections(const toml::table& root, domain::site& site, site_places& places,
                   fault_list& faults) {
  table_reader reader{root, "file", faults};
  places.file = root.source();
  if (const auto* table = reader.table("site"))
    read_site_table(*table, site, places, faults);
  else if (!reader.has("site"))
    reader.fail_absent("site", "is missing: a table with at least `id`");
  read_capabilities(reader.tables("capability"), site, faults);
  if (!reader.has("node"))
    reader.fail_absent("node", "is missing: allowed is exactly one of kind \"service\"");
  read_nodes(reader.tables("node"), site, places, faults);
  read_stations(reader.tables("station"), site, places, faults);
  if (const auto* table = reader.table("supervision")) read_supervision(*table, site, faults);
  reader.finish();
  if (!faults.is_empty()) return false;
  check_safety(site, places, faults);
  return !faults.is_empty();
}

} // namespace

std::string text_of(const fault& fault) {
  return fault.file + ":" + std::to_string(fault.line) + ":" + std::to_string(fault.column) + ": " +
         fault.message;
}

domain::fault_list lines_of(const loaded_site& refused) {
  domain::fault_list lines;
  for (const auto& each : refused.faults) lines.add(text_of(each));
  for (std::size_t i = 0; i < refused.more_faults; ++i) lines.add("");
  return lines;
}

loaded_site load_site(const std::string& path) {
  const auto text = read_regular_file(path, site_bytes_max);
  if (!text) return {nullptr, {{path, 0, 0, text.failure().message}}, 0, false, {}, true};
  return parse_site(text.value(), path);
}

loaded_site parse_site(std::string_view text, const std::string& name) {
  fault_list faults{name};
  const auto parsed = parse(text, name, faults);
  if (!parsed) return refused_by(faults, false);
  auto site = std::make_shared<domain::site>();
  site_places places;
  const bool is_unsafe = read_sections(*parsed, *site, places, faults);
  if (!faults.is_empty()) return refused_by(faults, is_unsafe);
  seal(*site);
  return {std::move(site), {}, 0, false, std::move(places.ocpp)};
}

domain::result<std::shared_ptr<const domain::site>> reload_site(const std::string& path) {
  auto loaded = load_site(path);
  if (loaded.site) return std::move(loaded.site);
  const auto lines = lines_of(loaded);
  std::string text;
  for (const auto& line : lines.kept()) text += (text.empty() ? "" : "; ") + line;
  if (const auto more = lines.more_text(); !more.empty()) text += "; " + more;
  if (loaded.is_unreadable) return domain::error{domain::errc::conflict, std::move(text)};
  return domain::error{loaded.is_unsafe ? domain::errc::unsafe : domain::errc::malformed,
                       std::move(text)};
}

} // namespace busbar::adapters::config
