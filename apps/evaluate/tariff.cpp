#include "apps/evaluate/tariff.hpp"

#include "apps/input_file.hpp"
#include "text/json_text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <charconv>

namespace busbar::apps::evaluate {
namespace {

using text::parse_json;
using text::shown;
using nlohmann::json;

constexpr std::size_t bytes_max = 1'048'576;

/// Reads one season; faults go to the list.
class season_reader {
public:
  season_reader(const json& object, std::string place, domain::fault_list& faults)
      : object_(object), place_(std::move(place)), faults_(faults) {}

  tariff_season read() {
    tariff_season season;
    if (!object_.is_object()) {
      fail("", object_, "an object");
      return season;
    }
    season.first_day = day("effective_start");
    season.last_day = day("effective_end");
    const auto& mask = object_.value("dow_mask", json("ALL"));
    season.on_weekdays = mask != "WEEKENDS";
    season.on_weekends = mask != "WEEKDAYS";
    if (mask != "ALL" && mask != "WEEKDAYS" && mask != "WEEKENDS")
      fail("/dow_mask", mask, "ALL, WEEKDAYS or WEEKENDS");
    season.hours = numbers("times", 24);
    season.prices_per_kwh = numbers("tariffs", 1'000'000);
    if (season.hours.empty() || season.hours.size() != season.prices_per_kwh.size())
      fail("/times", object_.value("times", json()), "as many as /tariffs, at least one");
    else if (season.hours.front() != 0 || !std::ranges::is_sorted(season.hours))
      fail("/times", object_["times"], "hours of the day, rising from 0");
    const auto& demand = object_.value("demand_charge", json(0));
    if (demand.is_number() && demand.get<double>() >= 0) season.demand_per_kw = demand;
    else fail("/demand_charge", demand, "a price per kW");
    return season;
  }

private:
  void fail(const std::string& name, const json& value, const std::string& allowed) {
    faults_.add(place_ + name + ": " + shown(value) + ": " + allowed);
  }

  int day(const char* name) {
    const auto& value = object_.value(name, json());
    const std::string text = value.is_string() ? value.get<std::string>() : "";
    int month = 0, of_month = 0;
    const auto* end = text.data() + text.size();
    const auto first = std::from_chars(text.data(), end, month);
    if (first.ptr != end && *first.ptr == '-') std::from_chars(first.ptr + 1, end, of_month);
    const bool is_right = month >= 1 && month <= 12 && of_month >= 1 && of_month <= 31;
    if (!is_right) fail("/" + std::string(name), value, "a month and day, \"06-01\"");
    return month * 100 + of_month;
  }

  std::vector<double> numbers(const char* name, double most) {
    std::vector<double> found;
    const auto& list = object_.value(name, json());
    if (!list.is_array()) return found;
    for (const auto& each : list) {
      const bool is_right = each.is_number() && each >= 0 && each <= most;
      if (is_right) found.push_back(each);
      else fail("/" + std::string(name), each, "a number from 0");
    }
    return found;
  }

  const json& object_;
  std::string place_;
  domain::fault_list& faults_;
};

bool is_inside(int day, const tariff_season& season) {
  if (season.first_day <= season.last_day)
    return day >= season.first_day && day <= season.last_day;
  return day >= season.first_day || day <= season.last_day;
}

} // namespace

const tariff_season* tariff::season_at(domain::instant local) const {
  using namespace std::chrono;
  const auto midnight = floor<days>(local);
  const year_month_day date{midnight};
  const int day = static_cast<int>(unsigned{date.month()} * 100 + unsigned{date.day()});
  const bool is_weekend = weekday{midnight}.iso_encoding() >= 6;
  for (const auto& season : seasons)
    if (is_inside(day, season) && (is_weekend ? season.on_weekends : season.on_weekdays))
      return &season;
  return nullptr;
}

double tariff::price_at(domain::instant local) const {
  using namespace std::chrono;
  const auto* season = season_at(local);
  if (!season) return 0;
  const auto since = local - floor<days>(local);
  const double hour = duration<double, std::ratio<3600>>(since).count();
  const auto later = std::ranges::upper_bound(season->hours, hour);
  return season->prices_per_kwh[static_cast<std::size_t>(later - season->hours.begin()) - 1];
}

read_tariff_result read_tariff(const std::string& path) {
  read_tariff_result result;
  const auto text = read_input(path, bytes_max);
  if (!text) return result.faults.add(path + ": " + text.failure().message), result;
  domain::fault_list unreadable;
  const auto parsed = parse_json(text.value(), unreadable);
  for (const auto& fault : unreadable.kept()) result.faults.add(path + ": " + fault);
  if (!parsed) return result;
  const json& document = *parsed;
  if (!document.is_object() || !document.value("schedule", json()).is_array() ||
      document["schedule"].empty())
    return result.faults.add(path + ": /schedule: absent: a list of seasons"), result;
  tariff read;
  for (std::size_t i = 0; i < document["schedule"].size(); ++i)
    read.seasons.push_back(season_reader(document["schedule"][i],
                                         path + ": /schedule/" + std::to_string(i), result.faults)
                               .read());
  if (result.faults.empty()) result.found = std::move(read);
  return result;
}

} // namespace busbar::apps::evaluate
