#pragma once
// Changes that were refused because it was not known who asks: counted, and summed up for the
// audit, so that strangers cannot fill it. Thread-safe.

#include "domain/time.hpp"
#include "ports/audit.hpp"

#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>

namespace busbar::adapters::http::api {

class refused_strangers {
public:
  /// Addresses (IPv6: its first 64 bits) that a sum names; those of more are counted together.
  static constexpr std::size_t named_addresses_max = 8;

  explicit refused_strangers(domain::microseconds every) : every_(every) {}

  void count(const std::string& address, domain::instant now);
  /// What was refused since the last sum, once the first of it is `every` ago; nothing before, and
  /// where nothing was.
  [[nodiscard]] std::optional<ports::audit_record> take_due(domain::instant now);
  /// The same at once.
  [[nodiscard]] std::optional<ports::audit_record> take();
  /// Since the start.
  [[nodiscard]] std::uint64_t total() const;

private:
  struct sum {
    std::uint64_t refused = 0;
    std::uint64_t elsewhere = 0;
    domain::instant first{};
    domain::instant last{};
    std::map<std::string, std::uint64_t> addresses;
  };
  [[nodiscard]] std::optional<ports::audit_record> taken();

  const domain::microseconds every_;
  mutable std::mutex guard_;
  sum now_;
  std::uint64_t total_ = 0;
};

} // namespace busbar::adapters::http::api
