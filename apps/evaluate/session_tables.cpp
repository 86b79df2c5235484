#include "apps/evaluate/session_tables.hpp"

#include "domain/time_text.hpp"

#include <array>
#include <cstdio>
#include <filesystem>

namespace busbar::apps::evaluate {
namespace {

constexpr std::int64_t mws_per_wh = 3'600'000;

constexpr const char* sessions_header =
    "policy,rated_kva,recorded_at,connector,arrives,departs,requested_wh,delivered_wh,"
    "delivered_permille\n";
constexpr const char* periods_header =
    "policy,rated_kva,at,vehicles_w,node,line,load,limit,unit,load_permille\n";

/// A cell of text, quoted where it has to be.
std::string cell(const std::string& text) {
  if (text.find_first_of(",\"\n\r") == std::string::npos) return text;
  std::string quoted = "\"";
  for (const char c : text) quoted += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted + '"';
}

domain::error not_written(const std::string& folder) {
  return {domain::errc::unavailable, folder + ": cannot be written"};
}

} // namespace

std::string local_text(domain::instant at) {
  auto text = domain::text_of(at);
  text.pop_back();
  return text;
}

std::string rating_text(std::optional<double> rated_kva) {
  if (!rated_kva) return "file";
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%g", *rated_kva);
  return text.data();
}

domain::result<void> make_folder(const std::string& folder) {
  std::error_code why;
  std::filesystem::create_directories(folder, why);
  if (!why && std::filesystem::is_directory(folder, why)) return {};
  return domain::error{domain::errc::unavailable,
                       folder + ": is no folder and cannot be made one: " +
                           (why ? why.message() : "it is a file")};
}

domain::result<void> session_tables::open(const std::string& folder) {
  folder_ = folder;
  if (auto made = make_folder(folder); !made) return made;
  sessions_.open(std::filesystem::path(folder) / "sessions.csv");
  periods_.open(std::filesystem::path(folder) / "periods.csv");
  sessions_ << sessions_header;
  periods_ << periods_header;
  if (!sessions_ || !periods_) return not_written(folder);
  return {};
}

void session_tables::add(const replayed& run, const std::vector<recorded_session>& sessions) {
  const auto& site = *run.site;
  const auto begin = run.policy + "," + rating_text(run.rated_kva) + ",";
  for (std::size_t i = 0; i < sessions.size(); ++i) {
    const auto& each = sessions[i];
    const auto wh = run.result.delivered_mws[i] / mws_per_wh;
    sessions_ << begin << cell(each.where) << ','
              << site.connectors[each.connector.value()].id.text() << ','
              << local_text(each.arrives) << ',' << local_text(each.departs) << ','
              << each.requested_wh << ',' << wh << ','
              << (each.requested_wh > 0 ? std::to_string(wh * 1000 / each.requested_wh) : "")
              << '\n';
  }
  auto draw = run.result.draws.begin();
  for (const auto& load : run.result.loads) {
    while (draw->at < load.at) ++draw;
    const bool is_power = load.line == domain::binding_line::power;
    periods_ << begin << local_text(load.at) << ',' << draw->milliwatts / 1000 << ','
             << site.nodes[load.node].id.text() << ',' << domain::name_of(load.line) << ','
             << load.load << ',' << load.limit << ',' << (is_power ? "W" : "mA") << ','
             << static_cast<std::int64_t>(permille_of(load)) << '\n';
  }
}

domain::result<void> session_tables::close() {
  sessions_.close();
  periods_.close();
  if (!sessions_ || !periods_) return not_written(folder_);
  return {};
}

} // namespace busbar::apps::evaluate
