#pragma once
// Time-of-use tariffs in the JSON of acnportal's tariff schedules: {"name", "schedule": [{"id",
// "effective_start": "mm-dd", "effective_end", "dow_mask": "WEEKDAYS" | "WEEKENDS" | "ALL",
// "times": [hours], "tariffs": [per kWh], "demand_charge": per kW and month}]}.

#include "domain/fault_list.hpp"
#include "domain/time.hpp"

#include <optional>
#include <string>
#include <vector>

namespace busbar::apps::evaluate {

struct tariff_season {
  /// Month * 100 + day, both ends included; an end before its start goes over New Year.
  int first_day = 101;
  int last_day = 1231;
  bool on_weekdays = true;
  bool on_weekends = true;
  /// Hours of the day from which the price beside holds; the first is 0.
  std::vector<double> hours;
  std::vector<double> prices_per_kwh;
  double demand_per_kw = 0;
};

struct tariff {
  std::vector<tariff_season> seasons;

  /// The season of that local time; null: the tariff knows none.
  [[nodiscard]] const tariff_season* season_at(domain::instant local) const;
  /// Price of a kWh at that local time; 0 where the tariff knows none.
  [[nodiscard]] double price_at(domain::instant local) const;
};

struct read_tariff_result {
  std::optional<tariff> found;
  /// "file: /pointer: value: what is allowed".
  domain::fault_list faults;
};

[[nodiscard]] read_tariff_result read_tariff(const std::string& path);

} // namespace busbar::apps::evaluate
