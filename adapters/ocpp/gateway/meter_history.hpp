#pragma once
// Samples of the last 24 hours, and what those of a span come to. One series for each connector,
// measurand, phase, location and unit. Not thread-safe.

#include "adapters/ocpp/station/station_effects.hpp"
#include "domain/time.hpp"
#include "ports/charge_point_history.hpp"

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

namespace busbar::adapters::ocpp::gateway {

class meter_history {
public:
  static constexpr domain::microseconds kept_for = std::chrono::hours{24};
  /// A day of a sample each 10 s.
  static constexpr std::size_t series_samples_max = 8'640;
  /// Of one station; samples of further ones are not kept.
  static constexpr std::size_t station_series_max = 256;
  /// Of all series, 16 B each: beyond it a series keeps its newest sample in the place of its older
  /// ones.
  static constexpr std::size_t all_samples_max = 8'388'608;

  void keep(const std::string& identity, const station::reported_sample& sample,
            domain::instant now);
  /// What is older than 24 h goes; looks once a minute.
  void let_time_pass(domain::instant now);
  [[nodiscard]] std::size_t samples() const { return samples_; }

  struct point {
    domain::instant at{};
    std::int64_t thousandths = 0;
  };
  struct series {
    /// Of its first sample; time and value are not.
    station::reported_sample kind;
    /// By time.
    std::deque<point> points;
  };
  /// What is asked for of a series.
  struct excerpt {
    station::reported_sample kind;
    /// By time: those of the time asked for, and one before and one after it, where there are such.
    std::vector<point> points;
  };

  /// Of the series that are asked for; for `rows_of`.
  [[nodiscard]] std::vector<excerpt> copy_of(const ports::meter_question& asked) const;

private:
  [[nodiscard]] series* find(const std::string& identity, const station::reported_sample& sample);
  void forget(series& from, domain::instant before);

  std::unordered_map<std::string, std::vector<series>> stations_;
  std::size_t samples_ = 0;
  domain::instant next_look_{};
};

/// The page that is asked for: newest first, of one moment by connector and measurand. `copied` is
/// of the same question; no history is needed any more.
[[nodiscard]] ports::meter_page rows_of(std::vector<meter_history::excerpt> copied,
                                        const ports::meter_question& asked);

} // namespace busbar::adapters::ocpp::gateway
