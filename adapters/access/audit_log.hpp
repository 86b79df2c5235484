#pragma once
// `ports::audit` as it runs: one thread and one connection that writes what waits in one
// transaction, and reads.

#include "adapters/access/desk_settings.hpp"
#include "domain/result.hpp"
#include "ports/audit.hpp"

#include <memory>
#include <string>

namespace busbar::adapters::access {

class audit_log : public ports::audit {
public:
  /// Records and questions that wait; beyond it nothing is taken.
  static constexpr std::size_t waiting_max = 1'024;
  /// FOLDER/audit-head is written after so many entries, at the latest.
  static constexpr std::size_t head_entries_max = 1'000;

  /// Opens the store of `folder`; the schema is brought up to date.
  [[nodiscard]] static domain::result<std::unique_ptr<audit_log>> open(const std::string& folder,
                                                                       report_line report = {});
  /// What waits is written.
  ~audit_log() override;

  [[nodiscard]] bool can_record() override;
  void record(ports::audit_record one, std::function<void(bool is_kept)> kept) override;
  void read(const ports::audit_query& wanted,
            std::function<void(domain::result<std::vector<ports::audit_entry>>)> then) override;

private:
  class writer;
  explicit audit_log(std::unique_ptr<writer> made);

  std::unique_ptr<writer> writer_;
};

} // namespace busbar::adapters::access
