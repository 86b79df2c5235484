#pragma once
// The configuration keys of a charge point that connects to a central system, and their values.

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace busbar::adapters::ocpp::client {

struct setting {
  std::string key;
  std::string value;
  bool is_read_only = false;
};

enum class setting_verdict : std::uint8_t { accepted, rejected, not_supported };

class client_settings {
public:
  explicit client_settings(std::int32_t connectors);

  /// By key as it is spelled; keys are compared without case. Null: not known.
  [[nodiscard]] const setting* find(std::string_view key) const;
  [[nodiscard]] const std::vector<setting>& all() const { return all_; }
  /// Held to the type and range of a standard key.
  setting_verdict change(std::string_view key, std::string_view value);
  /// Seconds; 0: never.
  [[nodiscard]] std::int64_t seconds_of(std::string_view key) const;

private:
  std::vector<setting> all_;
};

} // namespace busbar::adapters::ocpp::client
