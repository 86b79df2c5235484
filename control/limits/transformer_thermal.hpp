#pragma once
// A transformer's temperatures after IEC 60076-7 (difference equations of its annex), and the load
// that keeps them below their maxima. Fixed point; temperatures in millidegrees Celsius.

#include "domain/site.hpp"
#include "domain/time.hpp"

namespace busbar::control::limits {

/// Constants of a cooling mode (IEC 60076-7, table of thermal characteristics); exponents, ratios
/// and k factors in permille.
struct cooling_constants {
  std::int64_t oil_exponent = 800;
  std::int64_t winding_exponent = 1600;
  std::int64_t loss_ratio = 5000;
  std::int64_t k11 = 1000;
  std::int64_t k21 = 1000;
  std::int64_t k22 = 2000;
  domain::seconds oil_time{180 * 60};
  domain::seconds winding_time{4 * 60};
  /// Top-oil rise over ambient, and hot-spot rise over top oil, at rated load.
  domain::millidegrees_celsius oil_rise{55'000};
  domain::millidegrees_celsius hot_spot_rise{23'000};
};

/// Natural oil, natural air: distribution transformers, and medium and large ones.
inline constexpr cooling_constants onan_distribution{};
inline constexpr cooling_constants onan{
    800, 1300, 6000, 500, 2000, 2000, domain::seconds{210 * 60}, domain::seconds{10 * 60},
    domain::millidegrees_celsius{52'000}, domain::millidegrees_celsius{26'000}};
/// Natural oil, forced air.
inline constexpr cooling_constants onaf{
    800, 1300, 6000, 500, 2000, 2000, domain::seconds{150 * 60}, domain::seconds{7 * 60},
    domain::millidegrees_celsius{52'000}, domain::millidegrees_celsius{26'000}};

struct thermal_data {
  cooling_constants cooling;
  /// Rated current of a secondary line.
  domain::milliamperes rated{};
  domain::millidegrees_celsius oil_max{105'000};
  domain::millidegrees_celsius hot_spot_max{120'000};
  /// The load that is given at most, however cool it is. Permille of rated.
  domain::permille load_max{1000};
};

/// What a site file states of a transformer, as the model takes it.
[[nodiscard]] thermal_data thermal_data_of(const domain::thermal_rule& rule,
                                           const domain::transformer_data& transformer);

/// Top oil and the two parts of the hot spot's rise over it.
struct thermal_state {
  domain::millidegrees_celsius oil{};
  domain::millidegrees_celsius fast_rise{};
  domain::millidegrees_celsius slow_rise{};
  [[nodiscard]] domain::millidegrees_celsius hot_spot() const {
    return oil + fast_rise - slow_rise;
  }
  /// KEEP-3: what decides later.
  template <class Self, class Visit> static void each_kept(Self& self, Visit& visit) {
    visit(self.oil, self.fast_rise, self.slow_rise);
  }
};

/// At rest after a long time at `load` (permille of rated) and `ambient`.
[[nodiscard]] thermal_state settled(const cooling_constants& cooling, domain::permille load,
                                    domain::millidegrees_celsius ambient);

/// After `elapsed` at that load (more than ten times rated counts as that). Steps of at most a
/// minute.
[[nodiscard]] thermal_state advance(const cooling_constants& cooling, thermal_state state,
                                    domain::permille load, domain::millidegrees_celsius ambient,
                                    domain::seconds elapsed);

/// The largest load that may be held for `horizon` with both temperatures below their maxima.
[[nodiscard]] domain::limit thermal_limit(const thermal_data& transformer,
                                          const thermal_state& state,
                                          domain::millidegrees_celsius ambient,
                                          domain::seconds horizon = domain::seconds{900});

/// The largest load that may be held for ever at that ambient.
[[nodiscard]] domain::limit settled_limit(const thermal_data& transformer,
                                          domain::millidegrees_celsius ambient);

} // namespace busbar::control::limits
