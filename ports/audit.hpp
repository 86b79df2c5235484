#pragma once
// Who changed what, and who tried to: entries that are on the disk before their answers go out,
// each chained to the one before by its hash. Thread-safe.

#include "domain/cause.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace busbar::ports {

/// What is recorded of one request. Never a secret.
struct audit_record {
  domain::instant at{};
  /// Of the system: nobody was known.
  domain::cause actor;
  std::string address;
  /// The request's id.
  std::string request;
  /// "authentication", "access", "configuration", "station_control", "load_management", "data".
  std::string category;
  /// "POST /api/v1/sites/{site}/load-shedding".
  std::string operation;
  /// The path as it was asked for.
  std::string subject;
  /// What was stated, without secrets; shortened.
  std::string detail;
  /// The status of the answer.
  std::int64_t outcome = 0;
};

struct audit_entry {
  /// From 1 on, without gaps.
  std::int64_t number = 0;
  audit_record record;
  /// SHA-256 over the hash before and the record's bytes, as base64url.
  std::string hash;
};

/// Absent: all.
struct audit_query {
  std::optional<std::string> category;
  std::optional<std::string> actor;
  /// A part of it.
  std::optional<std::string> subject;
  std::optional<domain::instant> from;
  std::optional<domain::instant> to;
  /// Entries with a smaller number.
  std::optional<std::int64_t> before;
  std::size_t limit = 100;
};

class audit {
public:
  static constexpr std::size_t detail_bytes_max = 2'048;

  virtual ~audit() = default;
  /// False while entries cannot be written: then nobody's change is taken.
  [[nodiscard]] virtual bool can_record() = 0;
  /// `kept` is told once it is on the disk, or that it is not; once, on any thread.
  virtual void record(audit_record one, std::function<void(bool is_kept)> kept) = 0;
  /// Newest first.
  virtual void read(const audit_query& wanted,
                    std::function<void(domain::result<std::vector<audit_entry>>)> then) = 0;
};

} // namespace busbar::ports
