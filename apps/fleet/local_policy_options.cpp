#include "apps/fleet/local_policy_options.hpp"

#include "apps/choice.hpp"

#include <CLI/CLI.hpp>

#include <charconv>
#include <optional>
#include <string_view>
#include <system_error>

namespace busbar::apps {

namespace {

using domain::micro_currency;

std::optional<std::int64_t> whole(std::string_view text, std::int64_t most) {
  std::int64_t value = 0;
  const auto* end = text.data() + text.size();
  const auto [last, fault] = std::from_chars(text.data(), end, value);
  const bool is_read = fault == std::errc{} && last == end && text.front() != '-';
  return is_read && value <= most ? std::optional{value} : std::nullopt;
}

/// "17:30" as 1050.
std::optional<std::int32_t> minute_of(std::string_view text) {
  if (text.size() != 5 || text[2] != ':') return std::nullopt;
  const auto hour = whole(text.substr(0, 2), 23);
  const auto minute = whole(text.substr(3), 59);
  if (!hour || !minute) return std::nullopt;
  return static_cast<std::int32_t>(*hour * 60 + *minute);
}

/// "0.30", "-0.012": at most six decimals, at most 1000.
std::optional<micro_currency> price_of(std::string_view text) {
  const bool is_negative = text.starts_with('-');
  if (is_negative) text.remove_prefix(1);
  const auto point = text.find('.');
  const auto before = text.substr(0, point);
  const bool has_point = point != std::string_view::npos;
  auto after = has_point ? std::string{text.substr(point + 1)} : std::string{};
  if (before.empty() || after.size() > 6 || (has_point && after.empty())) return std::nullopt;
  after.resize(6, '0');
  const auto units = whole(before, 1'000);
  const auto micros = whole(after, 999'999);
  if (!units || !micros) return std::nullopt;
  const auto amount = *units * 1'000'000 + *micros;
  return micro_currency{is_negative ? -amount : amount};
}

std::vector<std::string_view> parts_of(std::string_view text, char mark) {
  std::vector<std::string_view> parts;
  for (;;) {
    const auto end = text.find(mark);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

void read_prices(const std::string& text, simulator::local_policy& policy,
                 domain::fault_list& faults) {
  if (text.empty()) return;
  for (const auto part : parts_of(text, ',')) {
    const auto halves = parts_of(part, '=');
    const auto minute = minute_of(halves.front());
    const auto price = halves.size() == 2 ? price_of(halves.back()) : std::nullopt;
    if (minute && price) policy.prices.push_back({*minute, *price});
    else
      faults.add("--prices: " + std::string{part} +
                       ": allowed is HH:MM=PRICE, a price of at most 1000 with six decimals");
  }
}

void read_peaks(const std::vector<std::string>& texts, simulator::local_policy& policy,
                domain::fault_list& faults) {
  for (const auto& text : texts) {
    const auto halves = parts_of(text, '-');
    const auto from = minute_of(halves.front());
    const auto until = halves.size() == 2 ? minute_of(halves.back()) : std::nullopt;
    if (from && until) policy.peaks.push_back({*from, *until});
    else faults.add("--peak: " + text + ": allowed is HH:MM-HH:MM");
  }
}

} // namespace

void add_local_policy_options(CLI::App& command, local_policy_options& options) {
  command.add_option("--prices", options.prices,
                     "Price of a kWh over the site's local day: 00:00=0.20,17:00=0.45,20:00=0.25");
  command.add_option("--price-max", options.price_max,
                     "Charge points stop while a kWh costs more (with --prices)");
  command.add_option("--peak", options.peaks, "Peak hours of the site's local day: 17:00-20:00");
  command.add_option("--in-peak", options.in_peaks, "What charge points do in peak hours")
      ->check(one_of({"half", "stop"}))->capture_default_str();
  command.add_option("--session-wh", options.session_wh,
                     "Charge points end a session at this energy; 0: no cap")
      ->check(CLI::Range(0, 1'000'000))->capture_default_str();
}

simulator::local_policy read_local_policy(const local_policy_options& options,
                                          domain::fault_list& faults) {
  simulator::local_policy policy;
  read_prices(options.prices, policy, faults);
  read_peaks(options.peaks, policy, faults);
  if (!options.price_max.empty()) {
    policy.price_max = price_of(options.price_max);
    if (!policy.price_max)
      faults.add("--price-max: " + options.price_max +
                       ": allowed is at most 1000 with six decimals");
  }
  using simulator::peak_action;
  policy.in_peaks = options.in_peaks == "stop" ? peak_action::stop : peak_action::half;
  if (options.session_wh > 0) policy.session_max = domain::watt_hours{options.session_wh};
  return policy;
}

} // namespace busbar::apps
