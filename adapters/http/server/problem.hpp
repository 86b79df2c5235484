#pragma once
// Errors as RFC 9457 problems: the one form in which this server refuses.

#include "adapters/http/server/message.hpp"
#include "domain/result.hpp"

#include <string>
#include <vector>

namespace busbar::adapters::http::server {

/// One fault in a body (JSON pointer) or query (the parameter's name).
struct input_fault {
  std::string pointer;
  std::string detail;
};

/// Faults that a problem lists, and bytes of any problem: what is more is counted, or cut.
inline constexpr std::size_t listed_faults_max = 50;
inline constexpr std::size_t problem_bytes_max = 65'536;

/// `code` and the title follow from the status. More faults than are listed: `errors_total` says
/// how many there are.
[[nodiscard]] response problem(unsigned status, const std::string& detail, const std::string& path,
                               const std::vector<input_fault>& faults = {});

/// The status that says what `failure` means: 404 for an unknown reference, 429 for a full queue...
[[nodiscard]] response problem(const domain::error& failure, const std::string& path);

/// The standard phrase of a status that this server sends.
[[nodiscard]] const char* phrase_of(unsigned status);

} // namespace busbar::adapters::http::server
