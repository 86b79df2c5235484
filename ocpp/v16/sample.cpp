#include "ocpp/v16/sample.hpp"

#include "ocpp/v16/forms/choices.hpp"
#include "ocpp/v16/station_time.hpp"
#include "ocpp/v16/value_text.hpp"

#include <algorithm>
#include <array>
#include <string>

namespace busbar::ocpp::v16 {

namespace {

using simdjson::dom::element;

static_assert(forms::measurand.size() == measurand_count);
static_assert(forms::phase.size() == sample_phase_count);
static_assert(forms::location.size() == sample_location_count);
static_assert(forms::reading_context.size() == sample_context_count);
static_assert(forms::unit_of_measure.size() == sample_unit_count);

/// Of each measurand, in its order: the unit where none is stated.
constexpr std::array<sample_unit, measurand_count> default_units{
    sample_unit::wh,   sample_unit::wh,   sample_unit::varh,    sample_unit::varh,
    sample_unit::wh,   sample_unit::wh,   sample_unit::varh,    sample_unit::varh,
    sample_unit::w,    sample_unit::w,    sample_unit::w,       sample_unit::var,
    sample_unit::var,  sample_unit::none, sample_unit::a,       sample_unit::a,
    sample_unit::a,    sample_unit::v,    sample_unit::hertz,   sample_unit::celsius,
    sample_unit::percent, sample_unit::none};

enum class quantity_kind : std::uint8_t { energy, power, current, voltage, warmth, share, other };

quantity_kind kind_of(sample_unit unit) {
  using enum sample_unit;
  switch (unit) {
  case wh:
  case kwh:
  case varh:
  case kvarh: return quantity_kind::energy;
  case w:
  case kw:
  case va:
  case kva:
  case var:
  case kvar: return quantity_kind::power;
  case a: return quantity_kind::current;
  case v: return quantity_kind::voltage;
  case k:
  case celcius:
  case celsius:
  case fahrenheit: return quantity_kind::warmth;
  case percent: return quantity_kind::share;
  case hertz:
  case none: return quantity_kind::other;
  }
  return quantity_kind::other;
}

/// Frequency, power factor and RPM go by several units, or none: what they state is not looked at.
bool fits(measurand what, sample_unit unit) {
  const auto wanted = kind_of(default_units[static_cast<std::size_t>(what)]);
  return wanted == quantity_kind::other || kind_of(unit) == wanted;
}

/// A member that is one of an enumeration.
enum class choice_state : std::uint8_t { absent, read, unknown };

class sample_reader {
public:
  sample_reader(sample_list& into, std::chrono::minutes offset) : into_(into), offset_(offset) {}

  void read_entry(const element& entry) {
    element samples;
    simdjson::dom::array list;
    if (entry["sampledValue"].get(samples) || samples.get(list)) {
      into_.used.add(tolerance::unreadable_item);
      return;
    }
    const auto at = time_of(entry);
    for (const auto each : list) {
      if (auto taken = read_sample(each)) {
        taken->at = at;
        into_.samples.push_back(*taken);
      } else {
        ++into_.left_out;
      }
    }
  }

private:
  std::optional<domain::instant> time_of(const element& entry) {
    std::string_view text;
    if (entry["timestamp"].get(text)) {
      into_.used.add(tolerance::missing_member);
      return std::nullopt;
    }
    const auto time = read_time(text, offset_);
    into_.used.add(time.flags);
    return time.at;
  }

  std::optional<sample> read_sample(const element& value) {
    sample read;
    if (!value.is_object()) return left_out(tolerance::unreadable_item);
    const bool is_known = read_choice(value, "measurand", forms::measurand, read.what) &&
                          read_choice(value, "location", forms::location, read.location) &&
                          read_choice(value, "context", forms::reading_context, read.context) &&
                          read_phase(value, read) && read_unit(value, read);
    if (!is_known) return std::nullopt;
    return read_value(value, read);
  }

  template <class Choice>
  bool read_choice(const element& of, std::string_view name, choices allowed, Choice& into) {
    std::size_t place = 0;
    const auto state = place_in(of, name, allowed, place);
    if (state == choice_state::read) into = static_cast<Choice>(place);
    return state != choice_state::unknown;
  }

  bool read_phase(const element& of, sample& into) {
    std::size_t place = 0;
    const auto state = place_in(of, "phase", forms::phase, place);
    if (state == choice_state::read) into.phase = static_cast<sample_phase>(place);
    return state != choice_state::unknown;
  }

  bool read_unit(const element& of, sample& into) {
    into.unit = default_units[static_cast<std::size_t>(into.what)];
    if (!read_choice(of, "unit", forms::unit_of_measure, into.unit)) return false;
    if (into.unit == sample_unit::celcius) {
      into_.used.add(tolerance::celcius);
      into.unit = sample_unit::celsius;
    }
    if (fits(into.what, into.unit)) return true;
    into_.used.add(tolerance::unreadable_sample);
    return false;
  }

  choice_state place_in(const element& of, std::string_view name, choices allowed,
                        std::size_t& place) {
    element value;
    if (of[name].get(value) || value.is_null()) return choice_state::absent;
    std::string_view text;
    if (value.get(text)) return unknown(tolerance::unreadable_member);
    if (text.empty()) {
      into_.used.add(tolerance::unknown_value);
      return choice_state::absent;
    }
    const auto exact = std::ranges::find(allowed, text);
    const auto meant = exact == allowed.end() ? meant_choice(allowed, text) : *exact;
    if (meant.empty()) return unknown(tolerance::unknown_value);
    if (exact == allowed.end()) into_.used.add(tolerance::value_case);
    place = static_cast<std::size_t>(std::ranges::find(allowed, meant) - allowed.begin());
    return choice_state::read;
  }

  choice_state unknown(tolerance why) {
    into_.used.add(why);
    return choice_state::unknown;
  }

  std::optional<sample> read_value(const element& of, sample read) {
    element value;
    if (of["value"].get(value)) return left_out(tolerance::unreadable_item);
    std::string_view text;
    std::string number;
    if (value.get(text)) {
      if (!value.is_number()) return left_out(tolerance::unreadable_sample);
      into_.used.add(tolerance::number_for_text);
      number = simdjson::minify(value);
      text = number;
    }
    if (text.find_first_not_of(" \t\r\n") == text.npos) return left_out(tolerance::empty_sample);
    std::string_view format;
    if (!of["format"].get(format) && format == "SignedData") {
      read.signed_data = text;
      return read;
    }
    const auto exact = decimal_from(text);
    if (!exact) return left_out(tolerance::unreadable_sample);
    read.value = *exact;
    return read;
  }

  std::nullopt_t left_out(tolerance why) {
    into_.used.add(why);
    return std::nullopt;
  }

  sample_list& into_;
  std::chrono::minutes offset_;
};

template <class Choice> std::string_view text_of(choices names, Choice which) {
  return names[static_cast<std::size_t>(which)];
}

} // namespace

std::string_view name_of(measurand which) { return text_of(forms::measurand, which); }
std::string_view name_of(sample_phase which) { return text_of(forms::phase, which); }
std::string_view name_of(sample_location which) { return text_of(forms::location, which); }
std::string_view name_of(sample_context which) { return text_of(forms::reading_context, which); }
std::string_view name_of(sample_unit which) {
  return which == sample_unit::none ? std::string_view{}
                                    : text_of(forms::unit_of_measure, which);
}

sample_list read_samples(const element& meter_values, std::chrono::minutes offset) {
  sample_list read;
  simdjson::dom::array entries;
  if (meter_values.get(entries)) return read;
  sample_reader reader(read, offset);
  for (const auto entry : entries) {
    if (entry.is_object()) reader.read_entry(entry);
    else read.used.add(tolerance::unreadable_item);
  }
  return read;
}

} // namespace busbar::ocpp::v16
