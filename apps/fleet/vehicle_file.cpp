// Vehicles from JSON.

#include "apps/fleet/input_files.hpp"
#include "apps/input_file.hpp"
#include "text/json_text.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <optional>

namespace busbar::apps {

namespace {

using text::parse_json;
using text::pointer_part;
using text::shown;
using nlohmann::json;
using simulator::vehicle_model;

constexpr std::size_t bytes_max = 64 * 1'048'576;

/// One vehicle's members, and what is wrong with them.
class member_reader {
public:
  member_reader(std::string where, domain::fault_list& faults)
      : where_(std::move(where)), faults_(faults) {}

  void fail(const std::string& pointer, const std::string& what) {
    faults_.add(where_ + pointer + ": " + what);
    is_good_ = false;
  }

  /// Kilo-units as whole units; a fault when it is no number within 0..high.
  std::int64_t kilo(const json& object, const std::string& pointer, const char* name,
                    std::int64_t high) {
    const std::string place = pointer + "/" + name;
    const auto found = object.find(name);
    if (found == object.end()) return fail(place, "is missing"), 0;
    const double value = found->is_number() ? found->get<double>() : -1;
    if (value >= 0 && value * 1000 <= static_cast<double>(high)) return std::llround(value * 1000);
    fail(place, shown(*found) + ": allowed is a number, 0.." + std::to_string(high / 1000));
    return 0;
  }

  [[nodiscard]] bool is_good() const { return is_good_; }

private:
  std::string where_;
  domain::fault_list& faults_;
  bool is_good_ = true;
};

void read_curve(const json& charger, member_reader& reader, vehicle_model& model) {
  const auto curve = charger.find("charging_curve");
  if (curve == charger.end() || !curve->is_array())
    return reader.fail("/dc_charger/charging_curve", "is missing: allowed is a list of points");
  for (std::size_t n = 0; n < curve->size(); ++n) {
    const std::string place = "/dc_charger/charging_curve/" + std::to_string(n);
    if (!(*curve)[n].is_object()) return reader.fail(place, "allowed is percentage and power");
    const std::int64_t soc = reader.kilo((*curve)[n], place, "percentage", 100'000) / 100;
    const std::int64_t power = reader.kilo((*curve)[n], place, "power", 2'000'000);
    model.dc_curve.push_back({domain::permille{soc}, domain::watts{power}});
  }
  // Some files list points out of order; two at one state of charge are one.
  const auto by_soc = [](const auto& a, const auto& b) { return a.soc < b.soc; };
  const auto same_soc = [](const auto& a, const auto& b) { return a.soc == b.soc; };
  auto& points = model.dc_curve;
  std::stable_sort(points.begin(), points.end(), by_soc);
  points.erase(std::unique(points.begin(), points.end(), same_soc), points.end());
}

std::string text_in(const json& entry, const char* name) {
  const auto found = entry.find(name);
  return found != entry.end() && found->is_string() ? found->get<std::string>() : std::string{};
}

vehicle_model read_open_ev(const json& entry, member_reader& reader) {
  vehicle_model model;
  model.name = text_in(entry, "brand") + " " + text_in(entry, "model");
  model.battery = domain::watt_hours{reader.kilo(entry, "", "usable_battery_size", 2'000'000)};
  model.ac_phases = 0;
  if (const auto ac = entry.find("ac_charger"); ac != entry.end() && ac->is_object()) {
    const std::int64_t phases = reader.kilo(*ac, "/ac_charger", "usable_phases", 3'000) / 1000;
    model.ac_phases = static_cast<std::uint8_t>(phases);
    model.ac_power = domain::watts{reader.kilo(*ac, "/ac_charger", "max_power", 100'000)};
  }
  if (const auto dc = entry.find("dc_charger"); dc != entry.end() && dc->is_object())
    read_curve(*dc, reader, model);
  return model;
}

vehicle_model read_specification(const std::string& name, const json& entry,
                                 member_reader& reader) {
  vehicle_model model;
  model.name = name;
  model.battery = domain::watt_hours{reader.kilo(entry, "", "battery_capacity", 2'000'000)};
  model.ac_power = domain::watts{reader.kilo(entry, "", "max_ac_charge_power", 100'000)};
  // Onboard chargers above 7.4 kW are three-phase ones.
  model.ac_phases = model.ac_power.count() > 7'400 ? 3 : 1;
  const std::int64_t dc = reader.kilo(entry, "", "max_dc_charge_power", 2'000'000);
  if (dc > 0)
    model.dc_curve = {{domain::permille{0}, domain::watts{dc}},
                      {domain::permille{800}, domain::watts{dc * 6 / 10}},
                      {domain::permille{1000}, domain::watts{dc / 10}}};
  return model;
}

void keep(vehicle_model model, member_reader& reader, read_file<vehicle_model>& into) {
  if (!reader.is_good()) return;
  if (const auto wrong = validate(model); !wrong.empty()) return reader.fail("", wrong);
  const bool has_ac = model.ac_phases > 0 && !model.ac_power.is_zero();
  if (has_ac || !model.dc_curve.empty()) into.values.push_back(std::move(model));
}

} // namespace

read_file<vehicle_model> read_vehicles(const std::string& path) {
  read_file<vehicle_model> made;
  const auto text = read_input(path, bytes_max);
  if (!text) return made.faults.add(path + ": " + text.failure().message), made;
  domain::fault_list unreadable;
  const auto document = parse_json(text.value(), unreadable);
  for (const auto& fault : unreadable.kept()) made.faults.add(path + ": " + fault);
  if (!document) return made;
  const json& root = *document;
  const auto data = root.is_object() ? root.find("data") : root.end();
  if (data != root.end() && data->is_array()) {
    for (std::size_t n = 0; n < data->size(); ++n) {
      member_reader reader{path + ": /data/" + std::to_string(n), made.faults};
      const auto& entry = (*data)[n];
      if (!entry.is_object()) reader.fail("", "allowed is an object");
      else if (text_in(entry, "vehicle_type") != "motorbike" &&
               text_in(entry, "vehicle_type") != "microcar")
        keep(read_open_ev(entry, reader), reader, made);
    }
  } else if (root.is_object()) {
    for (const auto& [name, entry] : root.items()) {
      member_reader reader{path + ": /" + pointer_part(name), made.faults};
      if (!entry.is_object()) reader.fail("", "allowed is an object");
      else keep(read_specification(name, entry, reader), reader, made);
    }
  } else
    made.faults.add(path + ": allowed is an object with \"data\", or of vehicles by name");
  if (made.values.empty() && made.faults.empty())
    made.faults.add(path + ": holds no vehicle that charges");
  return made;
}

} // namespace busbar::apps
