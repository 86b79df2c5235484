#include "adapters/ocpp/server/handshake_gate.hpp"

#include <algorithm>
#include <cassert>

namespace busbar::adapters::ocpp::server {

namespace {

constexpr std::int64_t token = 1'000;
constexpr std::int64_t ms_per_s = 1'000;

} // namespace

handshake_gate::handshake_gate(std::uint32_t per_second, std::uint32_t burst_s, std::uint64_t seed)
    : per_second_(std::int64_t{per_second} * token), most_(per_second_ * burst_s),
      kept_back_(std::max(most_ / 10, token)), tokens_(most_), random_(seed) {
  assert(most_ >= 2 * token);
}

void handshake_gate::refill(clock::time_point now) {
  if (at_ == clock::time_point{}) at_ = now;
  const auto passed = std::chrono::floor<std::chrono::milliseconds>(now - at_);
  if (passed.count() <= 0) return;
  at_ += passed;
  // A minute fills every bucket; so the product stays small.
  const auto ms = std::min<std::int64_t>(passed.count(), 60 * ms_per_s);
  const auto earned = per_second_ * ms / ms_per_s;
  tokens_ = std::min(most_, tokens_ + earned);
  told_ = std::max<std::int64_t>(0, told_ - earned);
}

std::uint64_t handshake_gate::drawn(std::uint64_t below) {
  random_ = random_ * 6'364'136'223'846'793'005u + 1'442'695'040'888'963'407u;
  return (random_ >> 33) % below;
}

std::optional<std::uint32_t> handshake_gate::ask(bool has_session, clock::time_point now) {
  refill(now);
  if (tokens_ >= token + (has_session ? 0 : kept_back_)) {
    tokens_ -= token;
    return std::nullopt;
  }
  // One with a session is before all that have been told.
  if (has_session) return 1;
  told_ += token;
  // Its turn in the queue, a quarter more or less.
  const auto most = static_cast<std::uint64_t>(comes_again_within.count());
  const auto turn = std::min(most * 3 / 4, static_cast<std::uint64_t>(told_ / per_second_));
  return static_cast<std::uint32_t>(1 + turn * 3 / 4 + drawn(turn / 2 + 1));
}

handshake_gate::clock::duration handshake_gate::wait(clock::time_point now) {
  refill(now);
  const auto missing = token + kept_back_ - tokens_;
  if (missing <= 0) return {};
  return std::chrono::milliseconds{missing * ms_per_s / per_second_ + 1};
}

} // namespace busbar::adapters::ocpp::server
