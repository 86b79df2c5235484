#pragma once
// The chain of audit entries as rows of FOLDER/access.db, and its verification.

#include "adapters/sqlite/sqlite.hpp"
#include "ports/audit.hpp"

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace busbar::adapters::access {

using sqlite::database;
using sqlite::statement;

/// SHA-256 over the hash before, the number and the fields, each with its length.
[[nodiscard]] std::string hash_of(const std::string& before, const ports::audit_entry& entry);

/// Adds the records at the end, all in one transaction; other processes may do the same.
[[nodiscard]] domain::result<void> append(database& store,
                                          const std::vector<ports::audit_record>& records);

[[nodiscard]] domain::result<std::vector<ports::audit_entry>> entries(
    database& store, const ports::audit_query& wanted);

/// The newest entry as a file outside of the store states it: a tail that was cut off shows.
struct audit_head {
  std::int64_t number = 0;
  std::string hash;
};

struct verified_chain {
  /// Of entries that are as they were written, from the first on.
  std::int64_t whole = 0;
  audit_head head;
  /// The first one that is wrong, and how; empty: none.
  std::string fault;
};

/// Looks entries through, in their order. `head`: has to be among them.
class chain_check {
public:
  explicit chain_check(std::optional<audit_head> head) : head_(std::move(head)) {}
  /// False: it is wrong, and none after it counts.
  bool take(const ports::audit_entry& entry);
  [[nodiscard]] verified_chain result() const;

private:
  const std::optional<audit_head> head_;
  bool is_head_there_ = false;
  verified_chain chain_;
};

/// Every entry, the oldest first, until `take` returns false.
[[nodiscard]] domain::result<void> each_entry(
    database& store, const std::function<bool(const ports::audit_entry&)>& take);

/// Reads every entry. `head`: has to be in the chain.
[[nodiscard]] domain::result<verified_chain> verify(database& store,
                                                    const std::optional<audit_head>& head);

/// FOLDER/audit-head: number, hash, the signing key's id and its signature. Absent: no such file.
[[nodiscard]] domain::result<std::optional<audit_head>> read_head(const std::string& folder);
[[nodiscard]] domain::result<void> write_head(const std::string& folder, const audit_head& head);

} // namespace busbar::adapters::access
