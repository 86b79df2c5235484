#include "apps/sessions/recorded_file.hpp"

#include "apps/input_file.hpp"
#include "apps/sessions/session_formats.hpp"
#include "domain/time_text.hpp"

#include <algorithm>
#include <map>
#include <numeric>

namespace busbar::apps {
namespace {

constexpr std::size_t bytes_max = 64 * 1'048'576;

bool is_json(const std::string& text) {
  std::size_t first = text.starts_with("\xef\xbb\xbf") ? 3 : 0;
  first = text.find_first_not_of(" \t\r\n", first);
  return first != std::string::npos && (text[first] == '{' || text[first] == '[');
}

std::string span_of(const recorded_visit& visit) {
  return domain::text_of(visit.arrives) + " to " + domain::text_of(visit.departs);
}

/// "line 3" of "month.csv:3: station_id"; "/_items/4" of "days.json: /_items/4/spaceID".
std::string short_place(const std::string& where) {
  const auto slash = where.find(": /");
  if (slash != std::string::npos)
    return where.substr(slash + 2, where.rfind('/') - slash - 2);
  const auto end = where.rfind(": ");
  return "line " + where.substr(where.rfind(':', end - 1) + 1, end - where.rfind(':', end - 1) - 1);
}

} // namespace

recorded_file read_recorded_file(const std::string& path) {
  recorded_file read;
  const auto text = read_input(path, bytes_max);
  if (!text) return read.faults.add(path + ": " + text.failure().message), read;
  if (text.value().starts_with("\x1f\x8b"))
    return read.faults.add(path + ": is packed by gzip: allowed is what gunzip makes of it"), read;
  read = is_json(text.value()) ? read_acn_json(path, text.value())
                               : read_session_csv(path, text.value());
  if (read.faults.empty() && read.visits.empty())
    read.faults.add(path + ": no session: allowed is at least one");
  return read;
}

void add_overlaps(const std::vector<recorded_visit>& visits,
                  const std::vector<std::size_t>& connectors, domain::fault_list& faults) {
  std::vector<std::size_t> order(visits.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return visits[a].arrives < visits[b].arrives;
  });
  // By connector: of the visits so far, the one that stays longest.
  std::map<std::size_t, std::size_t> there;
  for (const auto each : order) {
    const auto found = there.try_emplace(connectors[each], each).first;
    const auto& visit = visits[each];
    const auto& other = visits[found->second];
    if (found->second == each) continue;
    if (visit.arrives < other.departs)
      faults.add(visit.where + " '" + visit.places.front() + "': is taken " + span_of(visit) +
                 ", and by the session of " + short_place(other.where) + " " + span_of(other) +
                 ": allowed is one session at a time on a connector");
    if (visit.departs >= other.departs) found->second = each;
  }
}

} // namespace busbar::apps
