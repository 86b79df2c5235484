#pragma once
// What the operations of `access_desk` share: the store and its directory in memory, keys,
// failures, threads. Thread-safe. Internal to this folder.

#include "adapters/access/access_desk.hpp"
#include "adapters/access/access_store.hpp"
#include "adapters/access/signing_key.hpp"
#include "adapters/access/user_directory.hpp"
#include "adapters/access/user_keeping.hpp"
#include "adapters/access/verified_tokens.hpp"
#include "control/access/back_off.hpp"

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace busbar::adapters::access {

class desk_core {
public:
  /// What other processes have written holds here within this time.
  static constexpr std::chrono::milliseconds news_every{250};
  /// Last uses of API tokens reach the store this late.
  static constexpr std::chrono::seconds uses_every{60};

  desk_core(desk_settings settings, std::unique_ptr<access_store> store, key_ring ring);
  ~desk_core();
  desk_core(const desk_core&) = delete;
  desk_core& operator=(const desk_core&) = delete;

  /// Reads the store. What it cannot read stays as it was, and is told once.
  domain::result<void> read_again();
  [[nodiscard]] std::shared_ptr<const user_directory> directory() const;

  [[nodiscard]] domain::instant now() const;
  [[nodiscard]] access_store& store() { return *store_; }
  [[nodiscard]] std::optional<token_claims> claims(std::string_view token, domain::instant at) {
    return tokens_.claims(token, at);
  }
  [[nodiscard]] user_keeping keeping() { return {*store_, settings_.cost, now()}; }
  /// Of a password that is nobody's: what an unknown name is tried against.
  [[nodiscard]] const std::string& nobodys_hash() const { return nobodys_hash_; }
  void report(domain::severity level, const std::string& kind, const std::string& text) const;

  /// A new login of the user, of `version`, whose password was right.
  [[nodiscard]] access_outcome<ports::access_grant>
  begin_login(const std::string& user_id, std::int64_t version, const std::string& address);
  /// The tokens of a login that stands.
  [[nodiscard]] access_outcome<ports::access_grant> grant_of(const family_row& family,
                                                             const std::string& refresh_token);

  /// Runs `work` where there is room for it, and counts it as a failure until `succeeded`. Refuses
  /// what comes too early.
  template <class Value>
  void try_password(const control::access::login_try& tried, ports::access_listener<Value> then,
                    std::function<access_outcome<Value>()> work);
  void succeeded(const control::access::login_try& tried);
  /// Runs `work` on the threads that hash, or on the one that writes.
  template <class Value>
  void hash(ports::access_listener<Value> then, std::function<access_outcome<Value>()> work) {
    run(hashing_, std::move(then), std::move(work));
  }
  template <class Value>
  void write(ports::access_listener<Value> then, std::function<access_outcome<Value>()> work) {
    run(writing_, std::move(then), std::move(work));
  }

  void note_use(const std::string& digest, domain::instant at);

  /// Makes the code of the first administrator where there are no users. Before anything is asked.
  void begin_set_up();
  [[nodiscard]] const std::string& set_up_code() const { return set_up_.code; }
  /// In time, and while there are no users.
  [[nodiscard]] bool is_set_up_code(const std::string& code) const;

private:
  template <class Value>
  bool run(work_queue& on, ports::access_listener<Value> then,
           std::function<access_outcome<Value>()> work);
  void look_for_news();

  const desk_settings settings_;
  const std::unique_ptr<access_store> store_;
  verified_tokens tokens_;
  const std::string nobodys_hash_;

  mutable std::mutex guard_;
  std::shared_ptr<const user_directory> directory_ = std::make_shared<const user_directory>();
  control::access::back_off failures_;
  /// Of API tokens, by digest, since they were written last.
  std::map<std::string, domain::instant> uses_;

  struct watch {
    /// Held from reading the store until the directory is there: none takes the place of a newer
    /// one.
    std::mutex reading;
    std::condition_variable wake;
    bool is_stopping = false;
    bool is_store_lost = false;
    std::thread thread;
  };
  struct first_start {
    std::string code;
    domain::instant until{};
  };
  watch watch_;
  first_start set_up_;
  work_queue hashing_;
  work_queue writing_;
};

template <class Value>
bool desk_core::run(work_queue& on, ports::access_listener<Value> then,
                    std::function<access_outcome<Value>()> work) {
  const bool is_taken = on.put([then, work = std::move(work)] { then(work()); });
  if (!is_taken)
    then(ports::access_failure{ports::access_fault::busy,
                               "too much is being worked on; try again", domain::seconds{1}, {}});
  return is_taken;
}

template <class Value>
void desk_core::try_password(const control::access::login_try& tried,
                             ports::access_listener<Value> then,
                             std::function<access_outcome<Value>()> work) {
  domain::microseconds wait{};
  bool is_taken = false;
  {
    // Under the lock, so that a success is not forgotten by a failure that is counted after it.
    const std::lock_guard lock{guard_};
    wait = failures_.wait_of(tried, now());
    const bool may_begin = wait == domain::microseconds{};
    is_taken = may_begin && hashing_.put([then, work = std::move(work)] { then(work()); });
    if (is_taken) failures_.failed(tried, now());
  }
  if (is_taken) return;
  const auto seconds = std::max(std::chrono::ceil<domain::seconds>(wait), domain::seconds{1});
  const bool is_early = wait > domain::microseconds{};
  then(ports::access_failure{
      is_early ? ports::access_fault::too_early : ports::access_fault::busy,
      is_early ? "too many failures before this one; wait before the next try"
               : "too many passwords are being checked; try again",
      seconds, {}});
}

} // namespace busbar::adapters::access
