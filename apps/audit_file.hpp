#pragma once
// The audit trail as files: one JSON object a line, one file a day, in a folder of their own. What
// happened to a site and what was changed at it: every event of the journal. Nothing is deleted.
// Owned by one thread.

#include "domain/event.hpp"
#include "domain/health_probe.hpp"
#include "domain/result.hpp"

#include <cstdint>
#include <fstream>
#include <string>

namespace busbar::apps {

class audit_file {
public:
  /// Makes the folder where it is not there. errc::unavailable with its name and why.
  [[nodiscard]] static domain::result<void> prepare(const std::string& folder);

  /// The check "audit": the folder can be written to, and its disk has room for `room_min` more.
  [[nodiscard]] static domain::health_probe health_probe(const std::string& folder);
  static constexpr std::uintmax_t room_min = 67'108'864;

  explicit audit_file(std::string folder) : folder_(std::move(folder)) {}
  /// Written when it returns. False where it could not be: the event is in the log still.
  bool add(const domain::event& event);

private:
  std::string folder_;
  std::string day_;
  std::ofstream file_;
};

} // namespace busbar::apps
