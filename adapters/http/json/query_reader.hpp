#pragma once
// Typed reading of a query with bounds. Every parameter is read before `faults` is asked: what was
// given and never read is unknown, and a fault. Absent or wrong parameters give nothing.

#include "adapters/http/server/message.hpp"
#include "adapters/http/server/problem.hpp"

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace busbar::adapters::http::json {

class query_reader {
public:
  explicit query_reader(const server::request& asked);

  [[nodiscard]] std::optional<std::string> text(const std::string& name,
                                                std::size_t bytes_max = 64);
  [[nodiscard]] std::optional<std::uint64_t> number(const std::string& name, std::uint64_t least,
                                                    std::uint64_t most);
  /// RFC 3339.
  [[nodiscard]] std::optional<domain::instant> time(const std::string& name);
  [[nodiscard]] std::optional<bool> truth(const std::string& name);
  [[nodiscard]] std::optional<std::string> choice(const std::string& name,
                                                  std::span<const char* const> allowed);
  void refuse(const std::string& name, const std::string& why);

  /// Every fault so far, parameters never read included.
  [[nodiscard]] std::vector<server::input_fault> faults() const;
  /// The 400 that names every fault.
  [[nodiscard]] server::response problem_of(const server::request& asked) const;

private:
  const std::string* take(const std::string& name);

  const std::vector<server::query_parameter>& given_;
  std::vector<std::string> known_;
  std::vector<server::input_fault> faults_;
};

} // namespace busbar::adapters::http::json
