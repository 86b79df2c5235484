#pragma once
// OCPP-3: handshakes are admitted at a rate, so that stations that all come back at once cost what
// the machine has. A token bucket; its last tenth is for stations with open sessions. Those that
// are not admitted are told when to come again: later the more have been told already, and none at
// the same time as all others. Pure.

#include <chrono>
#include <cstdint>
#include <optional>

namespace busbar::adapters::ocpp::server {

class handshake_gate {
public:
  using clock = std::chrono::steady_clock;

  /// `burst_s`: so many seconds' worth may come at once. REQUIRES: they are 2 at least.
  handshake_gate(std::uint32_t per_second, std::uint32_t burst_s, std::uint64_t seed = 1);

  /// Nothing where it is admitted; else in how many seconds it should come again.
  [[nodiscard]] std::optional<std::uint32_t> ask(bool has_session, clock::time_point now);
  /// When the next token is there that a station without a session may have.
  [[nodiscard]] clock::duration wait(clock::time_point now);

private:
  void refill(clock::time_point now);
  [[nodiscard]] std::uint64_t drawn(std::uint64_t below);

  /// In thousandths of a token.
  std::int64_t per_second_;
  std::int64_t most_;
  std::int64_t kept_back_;
  std::int64_t tokens_;
  /// Told to come again, less those that have had their time to.
  std::int64_t told_ = 0;
  clock::time_point at_{};
  std::uint64_t random_;
};

/// No station is sent away for longer.
inline constexpr std::chrono::seconds comes_again_within{120};

} // namespace busbar::adapters::ocpp::server
