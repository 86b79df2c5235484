#include "adapters/ocpp/gateway/meter_history.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <optional>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>

namespace busbar::adapters::ocpp::gateway {

namespace v16 = busbar::ocpp::v16;

namespace {

using domain::instant;
using point = meter_history::point;
using series = meter_history::series;
using excerpt = meter_history::excerpt;

constexpr domain::microseconds looks_every = std::chrono::minutes{1};
/// A power counts for its energy until the next sample, for this long at most.
constexpr domain::microseconds power_lasts = std::chrono::minutes{2};
constexpr double microseconds_per_hour = 3.6e9;

bool is_alike(const station::reported_sample& one, const station::reported_sample& other) {
  const auto key = [](const station::reported_sample& of) {
    return std::tuple{of.connector, of.what, of.phase, of.location, of.unit};
  };
  return key(one) == key(other);
}

/// What a series measures, as far as its energy is concerned.
enum class energy_kind : std::uint8_t { none, reading, interval, power };

energy_kind energy_of(v16::measurand what) {
  using enum v16::measurand;
  switch (what) {
  case energy_active_export_register:
  case energy_active_import_register:
  case energy_reactive_export_register:
  case energy_reactive_import_register: return energy_kind::reading;
  case energy_active_export_interval:
  case energy_active_import_interval:
  case energy_reactive_export_interval:
  case energy_reactive_import_interval: return energy_kind::interval;
  case power_active_export:
  case power_active_import:
  case power_reactive_export:
  case power_reactive_import: return energy_kind::power;
  default: return energy_kind::none;
  }
}

/// A row without its words: there are many, and few are on the page.
struct plain_row {
  const excerpt* of = nullptr;
  instant at{};
  std::uint32_t samples = 1;
  std::int64_t mean = 0;
  std::int64_t least = 0;
  std::int64_t peak = 0;
  std::optional<std::int64_t> energy = {};
};

plain_row row_of(const excerpt& from) {
  plain_row row;
  row.of = &from;
  return row;
}

ports::meter_row shown(const plain_row& from) {
  const auto& kind = from.of->kind;
  ports::meter_row row;
  row.connector = kind.connector;
  row.measurand = v16::name_of(kind.what);
  if (kind.phase) row.phase = v16::name_of(*kind.phase);
  row.location = v16::name_of(kind.location);
  if (kind.unit != v16::sample_unit::none) row.unit = v16::name_of(kind.unit);
  row.at = from.at;
  row.samples = from.samples;
  row.mean = from.mean;
  row.least = from.least;
  row.peak = from.peak;
  row.energy = from.energy;
  return row;
}

struct question_span {
  instant from{};
  instant to{};
  [[nodiscard]] bool has(instant at) const { return at >= from && at < to; }
};

question_span span_of(const ports::meter_question& asked) {
  return {asked.from.value_or(instant::min()), asked.to.value_or(instant::max())};
}

/// Those within, and those beside them: steps and powers at the edges follow from these.
std::vector<point> points_of(const series& from, const question_span& within) {
  const auto& all = from.points;
  auto first = std::ranges::lower_bound(all, within.from, {}, &point::at);
  auto last = std::ranges::lower_bound(first, all.end(), within.to, {}, &point::at);
  if (first != all.begin()) --first;
  if (last != all.end()) ++last;
  return {first, last};
}

void add_samples(const excerpt& from, const question_span& within, std::vector<plain_row>& into) {
  auto row = row_of(from);
  for (const auto& each : from.points) {
    if (!within.has(each.at)) continue;
    row.at = each.at;
    row.mean = row.least = row.peak = each.thousandths;
    into.push_back(row);
  }
}

/// Of one series, span by span.
class span_rows {
public:
  span_rows(const excerpt& from, std::chrono::minutes period, std::vector<plain_row>& into)
      : from_(from), period_(period), kind_(energy_of(from.kind.what)), into_(into),
        first_(into.size()) {}

  void add(const question_span& within) {
    const point* before = nullptr;
    for (const auto& each : from_.points) {
      if (before != nullptr && kind_ == energy_kind::power) add_power(*before, each.at, within);
      if (within.has(each.at)) add_sample(each, before);
      before = &each;
    }
    for (std::size_t i = first_; i < into_.size(); ++i) {
      auto& row = into_[i];
      row.mean /= std::max<std::int64_t>(row.samples, 1);
      if (kind_ == energy_kind::power) row.energy = std::llround(flowed_[i - first_]);
    }
  }

private:
  [[nodiscard]] instant begin_of(instant at) const {
    const auto since = at.time_since_epoch();
    const domain::microseconds length = period_;
    return instant{since - since % length};
  }
  [[nodiscard]] plain_row* row_at(instant at) {
    const bool is_there = into_.size() > first_ && into_.back().at == begin_of(at);
    return is_there ? &into_.back() : nullptr;
  }

  void add_sample(const point& one, const point* before) {
    auto& row = made_at(one.at, one.thousandths);
    if (row.samples == 0) {
      row.mean = 0;
      row.least = row.peak = one.thousandths;
    }
    ++row.samples;
    row.mean += one.thousandths;
    row.least = std::min(row.least, one.thousandths);
    row.peak = std::max(row.peak, one.thousandths);
    if (kind_ == energy_kind::interval) row.energy = row.energy.value_or(0) + one.thousandths;
    // A register that has fallen began anew: nothing is known of that step.
    if (kind_ == energy_kind::reading && before != nullptr)
      row.energy = row.energy.value_or(0) +
                   std::max<std::int64_t>(one.thousandths - before->thousandths, 0);
  }

  /// The row of the span that `at` is in, with no sample yet where it is new. `in_force`: then.
  plain_row& made_at(instant at, std::int64_t in_force) {
    if (auto* row = row_at(at)) return *row;
    auto& row = into_.emplace_back(row_of(from_));
    row.at = begin_of(at);
    row.samples = 0;
    row.mean = row.least = row.peak = in_force;
    flowed_.push_back(0);
    return row;
  }

  /// To each span that it lasts in. In floating point: thousandths of W microseconds of megawatts
  /// are more than 64 bits hold.
  void add_power(const point& of, instant next, const question_span& within) {
    const auto end = std::min({next, of.at + power_lasts, within.to});
    for (auto at = std::max(of.at, within.from); at < end;) {
      const auto span_end = std::min(end, begin_of(at) + period_);
      made_at(at, of.thousandths);
      flowed_.back() += static_cast<double>(of.thousandths) *
                        static_cast<double>((span_end - at).count()) / microseconds_per_hour;
      at = span_end;
    }
  }

  const excerpt& from_;
  std::chrono::minutes period_;
  energy_kind kind_;
  std::vector<plain_row>& into_;
  std::size_t first_;
  /// Of each row: thousandths of Wh, of powers.
  std::vector<double> flowed_;
};

bool is_asked(const series& each, const ports::meter_question& asked) {
  const bool is_connector = !asked.connector || *asked.connector == each.kind.connector;
  return is_connector && (!asked.measurand || *asked.measurand == v16::name_of(each.kind.what));
}

} // namespace

series* meter_history::find(const std::string& identity, const station::reported_sample& sample) {
  auto& all = stations_[identity];
  const auto found = std::ranges::find_if(
      all, [&](const series& each) { return is_alike(each.kind, sample); });
  if (found != all.end()) return &*found;
  if (all.size() >= station_series_max) return nullptr;
  all.push_back({sample, {}});
  return &all.back();
}

void meter_history::forget(series& from, instant before) {
  while (!from.points.empty() && from.points.front().at < before) {
    from.points.pop_front();
    --samples_;
  }
}

void meter_history::keep(const std::string& identity, const station::reported_sample& sample,
                         instant now) {
  if (now - sample.at >= kept_for) return;
  auto* own = find(identity, sample);
  if (own == nullptr) return;
  auto& points = own->points;
  const auto place = std::ranges::upper_bound(points, sample.at, {}, &point::at);
  // The same message again, as offline queues send it: an energy of an interval would count twice.
  for (auto same = place; same != points.begin() && std::prev(same)->at == sample.at; --same)
    if (std::prev(same)->thousandths == sample.thousandths) return;
  points.insert(place, {sample.at, sample.thousandths});
  ++samples_;
  while (points.size() > 1 && (points.size() > series_samples_max || samples_ > all_samples_max)) {
    points.pop_front();
    --samples_;
  }
}

void meter_history::let_time_pass(instant now) {
  if (now < next_look_) return;
  next_look_ = now + looks_every;
  for (auto& [identity, all] : stations_) {
    for (auto& each : all) forget(each, now - kept_for);
    std::erase_if(all, [](const series& each) { return each.points.empty(); });
  }
}

std::vector<excerpt> meter_history::copy_of(const ports::meter_question& asked) const {
  const auto found = stations_.find(asked.identity);
  if (found == stations_.end()) return {};
  const auto within = span_of(asked);
  std::vector<excerpt> copied;
  for (const auto& each : found->second) {
    if (!is_asked(each, asked)) continue;
    auto points = points_of(each, within);
    if (!points.empty()) copied.push_back({each.kind, std::move(points)});
  }
  return copied;
}

ports::meter_page rows_of(std::vector<excerpt> copied, const ports::meter_question& asked) {
  std::ranges::stable_sort(copied, {}, [](const excerpt& each) {
    const auto& kind = each.kind;
    return std::tuple{kind.connector, v16::name_of(kind.what),
                      kind.phase ? v16::name_of(*kind.phase) : std::string_view{},
                      v16::name_of(kind.location)};
  });
  const auto within = span_of(asked);
  std::vector<plain_row> rows;
  for (const auto& each : copied) {
    if (asked.period.count() == 0) add_samples(each, within, rows);
    else span_rows{each, asked.period, rows}.add(within);
  }
  // Those of one moment stay in the order of their series.
  std::ranges::stable_sort(rows, std::ranges::greater{}, &plain_row::at);
  ports::meter_page page;
  page.total = rows.size();
  const auto first = std::min(asked.offset, page.total);
  for (const auto& each : std::span{rows}.subspan(first, std::min(asked.limit, page.total - first)))
    page.rows.push_back(shown(each));
  return page;
}

} // namespace busbar::adapters::ocpp::gateway
