#include "apps/evaluate/report.hpp"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>
#include <map>

namespace busbar::apps::evaluate {
namespace {

constexpr std::int64_t mws_per_wh = 3'600'000;

double rounded(double value, double parts) { return std::round(value * parts) / parts; }

void add_shares(evaluation& made, const replay_result& result,
                const std::vector<recorded_session>& sessions) {
  double delivered = 0, sum = 0, squares = 0;
  std::size_t asking = 0;
  for (std::size_t i = 0; i < sessions.size(); ++i) {
    const auto asked = sessions[i].requested_wh * mws_per_wh;
    made.asked_wh += sessions[i].requested_wh;
    delivered += static_cast<double>(result.delivered_mws[i]);
    made.served_in_full += result.delivered_mws[i] >= asked;
    made.starved += result.delivered_mws[i] * 10 < asked;
    if (asked == 0) continue;
    const double share = static_cast<double>(result.delivered_mws[i]) / static_cast<double>(asked);
    ++asking;
    sum += share;
    squares += share * share;
  }
  made.sessions = sessions.size();
  const double asked_mws = static_cast<double>(made.asked_wh) * static_cast<double>(mws_per_wh);
  if (asked_mws > 0) made.delivered_permille = delivered * 1000 / asked_mws;
  if (squares > 0) made.jain = sum * sum / (static_cast<double>(asking) * squares);
}

double cost_of(const replay_result& result, const tariff& prices, const domain::time_zone& zone) {
  using namespace std::chrono;
  struct peak {
    double kw = 0;
    double per_kw = 0;
  };
  std::map<year_month, peak> peaks;
  double cost = 0;
  for (const auto& draw : result.draws) {
    const double kw = static_cast<double>(draw.milliwatts) / 1e6;
    const auto local = draw.at + zone.offset_at(draw.at);
    cost += kw * static_cast<double>(draw.length.count()) / 3600 * prices.price_at(local);
    const year_month_day date{floor<days>(local)};
    auto& month = peaks[date.year() / date.month()];
    const auto* season = prices.season_at(local);
    month.kw = std::max(month.kw, kw);
    if (season) month.per_kw = std::max(month.per_kw, season->demand_per_kw);
  }
  for (const auto& [month, most] : peaks) cost += most.kw * most.per_kw;
  return cost;
}

std::int64_t quantile(const std::vector<std::int64_t>& sorted, std::size_t percent) {
  if (sorted.empty()) return 0;
  return sorted[std::min(sorted.size() - 1, sorted.size() * percent / 100)];
}

template <class... Values> std::string line_of(const char* format, Values... values) {
  std::array<char, 256> text{};
  std::snprintf(text.data(), text.size(), format, values...);
  return text.data();
}

} // namespace

evaluation evaluation_of(const replay_result& result, const std::vector<recorded_session>& sessions,
                         const std::optional<tariff>& prices, const domain::time_zone& zone) {
  evaluation made;
  add_shares(made, result, sessions);
  std::int64_t peak_mw = 0;
  for (const auto& draw : result.draws) peak_mw = std::max(peak_mw, draw.milliwatts);
  made.peak_w = peak_mw / 1000;
  for (const auto& each : result.worst)
    if (each.permille > made.worst.permille) made.worst = each;
  if (prices) made.cost = cost_of(result, *prices, zone);
  auto times = result.plan_us;
  std::ranges::sort(times);
  made.plan_us_p50 = quantile(times, 50);
  made.plan_us_p99 = quantile(times, 99);
  made.plan_us_max = times.empty() ? 0 : times.back();
  return made;
}

nlohmann::ordered_json json_of(const std::vector<evaluation>& evaluations) {
  using json = nlohmann::ordered_json;
  json results = json::array();
  for (const auto& each : evaluations)
    results.push_back(
        {{"policy", each.policy},
         {"rated_kva", each.rated_kva ? json(*each.rated_kva) : json(nullptr)},
         {"asked_wh", each.asked_wh},
         {"delivered_permille", rounded(each.delivered_permille, 10)},
         {"jain", rounded(each.jain, 1000)},
         {"sessions", each.sessions},
         {"served_in_full", each.served_in_full},
         {"starved", each.starved},
         {"peak_w", each.peak_w},
         {"worst", {{"node", each.worst.node}, {"permille", rounded(each.worst.permille, 10)}}},
         {"cost", each.cost ? json(rounded(*each.cost, 100)) : json(nullptr)},
         {"plan_us",
          {{"p50", each.plan_us_p50}, {"p99", each.plan_us_p99}, {"max", each.plan_us_max}}}});
  return {{"results", std::move(results)}};
}

std::string table_of(const std::vector<evaluation>& evaluations) {
  std::string text = line_of("%-18s %7s %10s %7s %14s %8s %9s %16s %10s %14s\n", "policy", "kVA",
                             "energy", "Jain", "served in full", "starved", "peak kW", "worst node",
                             "cost", "plan us p50/99");
  for (const auto& each : evaluations) {
    const auto rating = each.rated_kva ? line_of("%g", *each.rated_kva) : std::string("file");
    const auto full = line_of("%zu/%zu", each.served_in_full, each.sessions);
    const auto worst = line_of("%s %.1f", each.worst.node.c_str(), each.worst.permille);
    const auto cost = each.cost ? line_of("%.2f", *each.cost) : std::string("-");
    const auto time = line_of("%lld/%lld", static_cast<long long>(each.plan_us_p50),
                              static_cast<long long>(each.plan_us_p99));
    text += line_of("%-18s %7s %10.1f %7.3f %14s %8zu %9.2f %16s %10s %14s\n", each.policy.c_str(),
                    rating.c_str(), each.delivered_permille, each.jain, full.c_str(), each.starved,
                    static_cast<double>(each.peak_w) / 1000, worst.c_str(), cost.c_str(),
                    time.c_str());
  }
  return text + "energy: permille of what was asked; starved: got under a tenth of it; worst node: "
                "permille of its limit\n";
}

} // namespace busbar::apps::evaluate
