#include "apps/evaluate/plots.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <utility>

namespace busbar::apps::evaluate {
namespace {

constexpr std::int64_t mws_per_wh = 3'600'000;
/// The plotted area, in pixels of the picture.
constexpr double left = 70, right = 980, top = 60, bottom = 340;
constexpr const char* load_colour = "#1769aa";
constexpr const char* limit_colour = "#b3261e";
constexpr const char* asked_colour = "#c4cbd3";

template <class... Values> std::string text_of(const char* format, Values... values) {
  std::array<char, 512> text{};
  std::snprintf(text.data(), text.size(), format, values...);
  return text.data();
}

std::string escaped(const std::string& text) {
  std::string safe;
  for (const char c : text)
    safe += c == '&' ? std::string("&amp;") : c == '<' ? std::string("&lt;") : std::string(1, c);
  return safe;
}

/// 1, 2 or 5 times a power of ten, the least that makes at most eight steps of `most`.
double step_for(double most) {
  double ten = 1e-6;
  while (ten * 80 < most) ten *= 10;
  for (const double times : {1.0, 2.0, 5.0})
    if (ten * times * 8 >= most) return ten * times;
  return ten * 10;
}

/// A picture with a title and a scale from 0 to `most`.
class picture {
public:
  picture(const std::string& title, const std::string& below, double most, const char* unit)
      : most_(std::max(most, 1e-3) * 1.05) {
    text_ = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 1000 400\" "
            "font-family=\"sans-serif\" font-size=\"13\">\n<title>" + escaped(title) +
            "</title>\n<rect width=\"1000\" height=\"400\" fill=\"white\"/>\n" +
            "<text x=\"70\" y=\"24\" font-size=\"16\">" + escaped(title) + "</text>\n" +
            "<text x=\"70\" y=\"384\" fill=\"#444\">" + escaped(below) + "</text>\n";
    const double step = step_for(most_);
    for (double value = 0; value <= most_; value += step)
      text_ += text_of("<path d=\"M70 %.1fH980\" stroke=\"#ddd\"/><text x=\"64\" y=\"%.1f\" "
                       "text-anchor=\"end\">%g %s</text>\n",
                       y(value), y(value) + 4, value, unit);
  }

  [[nodiscard]] double y(double value) const { return bottom - (bottom - top) * value / most_; }
  void add(const std::string& element) { text_ += element; }
  /// What a colour stands for, from the left, by number.
  void explain(int number, const char* colour, const char* what) {
    const int x = 70 + number * 240;
    text_ += text_of("<rect x=\"%d\" y=\"36\" width=\"12\" height=\"12\" fill=\"%s\"/>"
                     "<text x=\"%d\" y=\"47\">%s</text>\n", x, colour, x + 18, what);
  }
  void mark(double x, const std::string& what, const char* anchor) {
    text_ += text_of("<text x=\"%.1f\" y=\"358\" text-anchor=\"%s\">%s</text>\n", x, anchor,
                     what.c_str());
  }
  [[nodiscard]] std::string finished() { return std::move(text_) + "</svg>\n"; }

private:
  double most_;
  std::string text_;
};

std::string run_text(const replayed& run) {
  return run.policy + (run.rated_kva ? " at " + rating_text(run.rated_kva) + " kVA" : "");
}

/// Node and kind of the fullest moment of all.
std::pair<std::size_t, load_kind> fullest_of(const std::vector<node_load>& loads) {
  const auto most = std::max_element(loads.begin(), loads.end(), [](const auto& a, const auto& b) {
    return permille_of(a) < permille_of(b);
  });
  return {most->node, kind_of(most->line).value_or(load_kind::power)};
}

/// The steps of a line through one value per column of pixels: the greatest load, the least limit.
struct columns {
  static constexpr std::size_t count = 910;
  std::array<double, count> load{};
  std::array<double, count> limit{};
  std::size_t used = 0;
  double most = 0;
};

columns columns_of(const std::vector<node_load>& loads) {
  columns made;
  // From mA to A, from W to kW.
  constexpr double unit = 1000;
  made.used = std::min(loads.size(), columns::count);
  for (std::size_t i = 0; i < loads.size(); ++i) {
    const auto column = i * made.used / loads.size();
    const bool is_first = i == 0 || (i - 1) * made.used / loads.size() != column;
    const double load = static_cast<double>(loads[i].load) / unit;
    const double limit = static_cast<double>(loads[i].limit) / unit;
    made.load[column] = std::max(made.load[column], load);
    made.limit[column] = is_first ? limit : std::min(made.limit[column], limit);
    made.most = std::max({made.most, load, limit});
  }
  return made;
}

std::string steps(const picture& into, const std::array<double, columns::count>& values,
                  std::size_t used, const char* colour) {
  std::string path = "<path fill=\"none\" stroke-width=\"1.5\" stroke=\"";
  path += colour + std::string("\" d=\"");
  const double width = (right - left) / static_cast<double>(used);
  for (std::size_t i = 0; i < used; ++i)
    path += text_of("%s%.1f %.1fH%.1f", i == 0 ? "M" : "L", left + width * static_cast<double>(i),
                    into.y(values[i]), left + width * static_cast<double>(i + 1));
  return path + "\"/>\n";
}

} // namespace

std::string plot_of_load(const replayed& run) {
  if (run.result.loads.empty())
    return picture("No node of the site has a limit", "", 1, "").finished();
  const auto [node, kind] = fullest_of(run.result.loads);
  std::vector<node_load> loads;
  for (const auto& each : run.result.loads)
    if (each.node == node && kind_of(each.line) == kind) loads.push_back(each);
  const auto drawn = columns_of(loads);
  const bool is_power = kind == load_kind::power;
  const std::string what = is_power                           ? "power"
                           : kind == load_kind::primary_lines ? "its fullest primary line"
                                                              : "its fullest line";
  picture made(run.site->nodes[node].id.text() + ": " + what + " under " + run_text(run),
               "The node that came closest to its limit. Of each stretch of time: the highest load "
               "granted, the lowest limit.",
               drawn.most, is_power ? "kW" : "A");
  made.explain(0, load_colour, "load that was granted");
  made.explain(1, limit_colour, "limit");
  made.add(steps(made, drawn.load, drawn.used, load_colour));
  made.add(steps(made, drawn.limit, drawn.used, limit_colour));
  made.mark(left, local_text(loads.front().at), "start");
  made.mark(right, local_text(loads.back().at), "end");
  return made.finished();
}

std::string plot_of_energy(const replayed& run, const std::vector<recorded_session>& sessions) {
  double most = 0;
  for (const auto& each : sessions)
    most = std::max(most, static_cast<double>(each.requested_wh) / 1000);
  picture made("Energy by session under " + run_text(run),
               "Every session by its arrival: what it asked for, and in front what it got.", most,
               "kWh");
  made.explain(0, asked_colour, "asked for");
  made.explain(1, load_colour, "delivered");
  const double width = (right - left) / static_cast<double>(sessions.size());
  for (std::size_t i = 0; i < sessions.size(); ++i) {
    const double asked = made.y(static_cast<double>(sessions[i].requested_wh) / 1000);
    const double got = made.y(static_cast<double>(run.result.delivered_mws[i]) /
                              static_cast<double>(mws_per_wh) / 1000);
    const double x = left + width * static_cast<double>(i);
    for (const auto& [colour, from] : {std::pair{asked_colour, asked}, {load_colour, got}})
      made.add(text_of("<rect x=\"%.2f\" y=\"%.1f\" width=\"%.2f\" height=\"%.1f\" "
                       "fill=\"%s\"/>\n",
                       x, from, std::max(width * 0.85, 0.5), bottom - from, colour));
  }
  made.mark(left, local_text(sessions.front().arrives), "start");
  made.mark(right, local_text(sessions.back().arrives), "end");
  return made.finished();
}

domain::result<void> write_plots(const std::string& folder, const replayed& run,
                                 const std::vector<recorded_session>& sessions) {
  const auto rating = run.rated_kva ? "-" + rating_text(run.rated_kva) + "kva" : "";
  for (const auto& [what, plot] : {std::pair{"load-", plot_of_load(run)},
                                   {"energy-", plot_of_energy(run, sessions)}}) {
    const auto path = std::filesystem::path(folder) / (what + run.policy + rating + ".svg");
    std::ofstream file(path);
    file << plot;
    file.close();
    if (!file)
      return domain::error{domain::errc::unavailable, path.string() + ": cannot be written"};
  }
  return {};
}

} // namespace busbar::apps::evaluate
