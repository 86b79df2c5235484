#include "control/metering/sample_clock.hpp"

#include <algorithm>

namespace busbar::control::metering {

namespace {

/// A change that is told.
constexpr domain::microseconds news = std::chrono::seconds{5};
constexpr std::uint8_t samples_of_a_step = 3;

} // namespace

bool is_plausible(const sample_clock_settings& settings, const stamped_sample& sample,
                  domain::instant newest) {
  return sample.stamp > newest && sample.stamp - sample.received_at <= settings.tolerance &&
         sample.obeys_since - sample.stamp <= settings.tolerance;
}

std::string clock_text(domain::microseconds ahead) {
  const auto tenths = std::chrono::abs(ahead) / std::chrono::milliseconds{100};
  return std::to_string(tenths / 10) + '.' + std::to_string(tenths % 10) + " s " +
         (ahead.count() < 0 ? "behind" : "ahead");
}

domain::maybe<domain::instant> sample_clock::take(const sample_clock_settings& settings,
                                                  const stamped_sample& sample) {
  const bool is_older = sample.stamp <= newest_;
  if (is_older && !is_set_back(settings, sample)) return {};
  if (is_older) proofs_ = {};
  retreat_ = {};
  newest_ = sample.stamp;
  follow_window(settings, sample);
  auto& proved = proofs_[0];
  proved.ahead = std::max(proved.ahead, sample.stamp - sample.received_at);
  if (sample.obeys_since != domain::instant{})
    proved.behind = std::max(proved.behind, sample.obeys_since - sample.stamp);
  return std::min(sample.stamp - ahead(settings), sample.received_at);
}

domain::microseconds sample_clock::ahead(const sample_clock_settings& settings) const {
  const auto most = std::max(proofs_[0].ahead, proofs_[1].ahead);
  // Of two that contradict each other the one that makes samples older.
  if (most > settings.tolerance) return most;
  const auto behind = std::max(proofs_[0].behind, proofs_[1].behind);
  return behind > settings.tolerance ? -behind : domain::microseconds{};
}

bool sample_clock::take_news(const sample_clock_settings& settings) {
  const auto now = ahead(settings);
  const bool is_other = now.count() == 0 || told_.count() == 0;
  if (now == told_ || (!is_other && std::chrono::abs(now - told_) < news)) return false;
  told_ = now;
  return true;
}

bool sample_clock::is_set_back(const sample_clock_settings& settings,
                               const stamped_sample& sample) {
  const bool goes_on = retreat_.samples > 0 && sample.stamp > retreat_.stamp &&
                       sample.received_at >= retreat_.begun_at;
  if (!goes_on) retreat_ = {sample.stamp, sample.received_at, 0};
  retreat_.stamp = sample.stamp;
  retreat_.samples = static_cast<std::uint8_t>(
      std::min<int>(retreat_.samples + 1, samples_of_a_step));
  return retreat_.samples == samples_of_a_step &&
         sample.received_at - retreat_.begun_at >= settings.step_after;
}

/// A window in which no sample could have proved anything is no reason to forget.
void sample_clock::follow_window(const sample_clock_settings& settings,
                                 const stamped_sample& sample) {
  const auto since = sample.received_at - window_began_;
  has_fresh_command_ |= sample.received_at - sample.obeys_since <= news;
  const bool is_over = since >= settings.window || since.count() < 0;
  if (!is_over || (ahead(settings).count() < 0 && !has_fresh_command_)) return;
  proofs_ = {proof{}, proofs_[0]};
  window_began_ = sample.received_at;
  has_fresh_command_ = false;
}

} // namespace busbar::control::metering
