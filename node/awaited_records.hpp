#pragma once
// Records that were handed to the log, until it has acknowledged all of them. Thread-safe.

#include "domain/result.hpp"
#include "domain/time.hpp"

#include <condition_variable>
#include <cstddef>
#include <mutex>
#include <string>

namespace busbar::node {

class awaited_records {
public:
  void begin() {
    const std::lock_guard lock{guard_};
    ++open_;
  }
  void end(const domain::result<void>& kept) {
    const std::lock_guard lock{guard_};
    --open_;
    if (!kept) verdict_ = kept;
    all_ended_.notify_all();
  }
  /// `what` they are, for errc::timeout: "claims of sites".
  [[nodiscard]] domain::result<void> wait(domain::microseconds patience, const std::string& what) {
    std::unique_lock lock{guard_};
    if (all_ended_.wait_for(lock, patience, [this] { return open_ == 0; })) return verdict_;
    return domain::error{domain::errc::timeout, "the log has not taken " + std::to_string(open_) +
                                                    " " + what};
  }

private:
  std::mutex guard_;
  std::condition_variable all_ended_;
  std::size_t open_ = 0;
  domain::result<void> verdict_;
};

} // namespace busbar::node
