#pragma once
// Orders with an Idempotency-Key are done once: the same order under the same key is answered as it
// was the first time, or with the answer that the first one is still waiting for. Thread-safe.
//
//   (unknown) --enter--> under way --settle: it was or may have been done--> answered
//                            '------settle: nothing was done--> (unknown)
//
// Bounds: settings below; keys under way are never forgotten, more of them than there is room for
// are refused. What an owner has answered is known to that process alone.

#include "adapters/http/server/message.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace busbar::adapters::http::server {

/// The client's key of an order, and the key under which an order was passed on.
inline constexpr const char* key_header = "Idempotency-Key";
/// "true" in an answer that was given before under the same key.
inline constexpr const char* replayed_header = "Idempotency-Replayed";

struct key_settings {
  /// Keys that are known; the oldest that are answered go.
  std::size_t keys_max = 4'096;
  /// Of the answers that are kept; the oldest go.
  std::size_t answer_bytes_max = 4'194'304;
  /// Requests that wait for the answer of the first one under their key; 409 above.
  std::size_t waiting_max = 128;
};

/// A key as the header states it, with the quotes of a structured field or without. Nothing where
/// it is not 1 to 64 of letters, digits and -._~.
[[nodiscard]] std::optional<std::string> key_from(std::string_view header);
/// One that no process has made before.
[[nodiscard]] std::string new_key();

class order_keys;

/// A key whose order is being done. Where nothing holds it any more and nothing was answered, the
/// key is unknown again.
class open_order {
public:
  open_order(std::shared_ptr<order_keys> keys, const request& asked)
      : keys_(std::move(keys)), key_(asked.key), path_(asked.path) {}
  ~open_order();
  open_order(const open_order&) = delete;
  open_order& operator=(const open_order&) = delete;
  /// The first answer counts. Those that wait for it get it, too.
  void settle(const response& answer);

private:
  const std::shared_ptr<order_keys> keys_;
  const std::string key_;
  const std::string path_;
  std::atomic<bool> is_settled_{false};
};

class order_keys : public std::enable_shared_from_this<order_keys> {
public:
  explicit order_keys(key_settings settings = {}) : settings_(settings) {}

  /// Neither set: the request is answered when the first one is.
  struct entrance {
    /// The order is not to be done: this is its answer.
    std::optional<response> answer;
    /// The order is to be done; its answer goes to `order->settle` before it goes to the client.
    std::shared_ptr<open_order> order;
  };
  /// REQUIRES: `asked.key` is set. `late` is the request's own way back.
  [[nodiscard]] entrance enter(const request& asked, const responder& late);

private:
  friend open_order;
  struct entry {
    std::uint64_t order = 0;
    std::optional<response> answer;
    std::vector<responder> waiting;
  };

  void settle(const std::string& key, const response& answer);
  [[nodiscard]] entrance known(entry& found, const request& asked, const responder& late);
  void forget_oldest();

  const key_settings settings_;
  std::mutex guard_;
  std::map<std::string, entry> entries_;
  /// Answered ones, the oldest first.
  std::deque<std::string> answered_;
  std::size_t answer_bytes_ = 0;
};

} // namespace busbar::adapters::http::server
