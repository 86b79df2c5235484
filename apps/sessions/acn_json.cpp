// ACN-Data's own JSON: {"_items": [{"connectionTime": "Wed, 25 Apr 2018 11:08:04 GMT",
// "disconnectTime", "kWhDelivered", "spaceID", "stationID",
// "userInputs": [{"requestedDeparture"}]}]}.

#include "apps/sessions/session_formats.hpp"
#include "domain/time_text.hpp"
#include "text/json_text.hpp"

#include <nlohmann/json.hpp>

#include <array>
#include <cmath>
#include <cstdio>
#include <string_view>

namespace busbar::apps {
namespace {

using text::shown;
using nlohmann::json;

constexpr const char* a_time = "a time, \"Wed, 25 Apr 2018 11:08:04 GMT\"";

/// "Wed, 25 Apr 2018 11:08:04 GMT" or RFC 3339.
std::optional<domain::instant> time_from(const std::string& text) {
  static constexpr std::string_view months = "JanFebMarAprMayJunJulAugSepOctNovDec";
  using namespace std::chrono;
  int day = 0, year_number = 0, hour = 0, minute = 0, second = 0, end = 0;
  std::array<char, 4> month{};
  const int found = std::sscanf(text.c_str(), "%*3[A-Za-z], %2d %3[A-Za-z] %4d %2d:%2d:%2d GMT%n",
                                &day, month.data(), &year_number, &hour, &minute, &second, &end);
  const auto place = months.find(month.data());
  if (found != 6 || end != static_cast<int>(text.size())) return domain::instant_from(text);
  if (place == std::string_view::npos || place % 3 != 0 || hour > 23 || minute > 59 || second > 59)
    return std::nullopt;
  const year_month_day date{year{year_number},
                            std::chrono::month{static_cast<unsigned>(place / 3 + 1)},
                            std::chrono::day{static_cast<unsigned>(day)}};
  if (!date.ok()) return std::nullopt;
  return domain::instant{sys_days{date}} + hours{hour} + minutes{minute} + seconds{second};
}

/// Reads one item; faults go to the list.
class item_reader {
public:
  item_reader(const json& item, std::string place, domain::fault_list& faults)
      : item_(item), place_(std::move(place)), faults_(faults) {}

  std::optional<recorded_visit> read() {
    if (!item_.is_object()) return fail("", item_, "an object"), std::nullopt;
    const auto comes = time("connectionTime");
    const auto goes = time("disconnectTime");
    const auto wh = energy();
    auto places = names();
    if (!comes || !goes || !wh || places.empty()) return std::nullopt;
    if (*goes <= *comes)
      return fail("/disconnectTime", item_["disconnectTime"],
                  "after connectionTime " + shown(item_["connectionTime"])),
             std::nullopt;
    const char* name = item_.contains("spaceID") ? "/spaceID" : "/stationID";
    const auto announced = said_departure(*comes, *goes);
    if (!announced) return std::nullopt;
    return recorded_visit{.where = place_ + name,
                          .places = std::move(places),
                          .arrives = *comes,
                          .departs = *goes,
                          .announced = *announced,
                          .requested_wh = *wh,
                          .takes_wh = *wh};
  }

private:
  void fail(const std::string& name, const json& value, const std::string& allowed) {
    faults_.add(place_ + name + ": " + shown(value) + ": allowed is " + allowed);
  }

  std::optional<domain::instant> time(const char* name) {
    const auto& value = item_.value(name, json());
    const auto at = value.is_string() ? time_from(value.get<std::string>()) : std::nullopt;
    if (!at) fail("/" + std::string(name), value, a_time);
    return at;
  }

  std::optional<std::int64_t> energy() {
    const auto& value = item_.value("kWhDelivered", json());
    if (value.is_number() && value >= 0 && value <= 2'000)
      return std::llround(value.get<double>() * 1000);
    fail("/kWhDelivered", value, "a number, 0..2000");
    return std::nullopt;
  }

  std::vector<std::string> names() {
    std::vector<std::string> found;
    for (const auto* name : {"spaceID", "stationID"}) {
      const auto& value = item_.value(name, json());
      if (value.is_string() && value != "") found.push_back(value);
    }
    if (found.empty()) fail("/spaceID", item_.value("spaceID", json()), "the name of a place");
    return found;
  }

  /// What the driver said last, never before the arrival; `goes` where nothing was said.
  std::optional<domain::instant> said_departure(domain::instant comes, domain::instant goes) {
    const auto& inputs = item_.value("userInputs", json());
    if (!inputs.is_array() || inputs.empty()) return goes;
    const auto& last = inputs.back();
    if (!last.is_object() || !last.contains("requestedDeparture")) return goes;
    const auto& value = last["requestedDeparture"];
    const auto at = value.is_string() ? time_from(value.get<std::string>()) : std::nullopt;
    if (at) return std::max(*at, comes);
    fail("/userInputs/" + std::to_string(inputs.size() - 1) + "/requestedDeparture", value, a_time);
    return std::nullopt;
  }

  const json& item_;
  std::string place_;
  domain::fault_list& faults_;
};

} // namespace

recorded_file read_acn_json(const std::string& path, const std::string& text) {
  recorded_file read;
  read.is_utc = true;
  domain::fault_list unreadable;
  const auto parsed = text::parse_json(
      text.starts_with("\xef\xbb\xbf") ? text.substr(3) : text, unreadable);
  for (const auto& fault : unreadable.kept()) read.faults.add(path + ": " + fault);
  if (!parsed) return read;
  const bool is_list = parsed->is_array();
  const json items = is_list ? *parsed : parsed->value("_items", json());
  const std::string prefix = path + ": " + (is_list ? "/" : "/_items/");
  if (!items.is_array())
    return read.faults.add(path + ": /_items: " + shown(items) +
                           ": allowed is ACN-Data's list of sessions"),
           read;
  for (std::size_t i = 0; i < items.size(); ++i)
    if (auto visit = item_reader(items[i], prefix + std::to_string(i), read.faults).read())
      read.visits.push_back(std::move(*visit));
  return read;
}

} // namespace busbar::apps
