#pragma once
// The properties of a Kafka client that a person wrote into a file: TLS, SASL and tuning, as
// librdkafka names them, "name=value", one a line.

#include "adapters/kafka/kafka_client.hpp"
#include "domain/fault_list.hpp"

#include <cstddef>
#include <string>
#include <string_view>

namespace busbar::adapters::kafka {

constexpr std::size_t property_file_bytes_max = 65'536;

/// Its value must not be shown: a password, a private key, a token.
[[nodiscard]] bool is_secret(std::string_view name);

/// Lines that are empty or begin with # are left out. A fault, "PATH:LINE: ...", for each line that
/// is no "name=value", names what librdkafka does not know, has a value that librdkafka refuses or
/// a file that cannot be read, stands twice, or is set by Busbar itself because a rule rests on it.
/// "\n" in a value of a property that ends with .pem is a line break.
[[nodiscard]] properties read_properties(std::string_view text, const std::string& path,
                                         domain::fault_list& faults);

} // namespace busbar::adapters::kafka
