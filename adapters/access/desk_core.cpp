#include "adapters/access/desk_core.hpp"

#include "adapters/access/access_token.hpp"
#include "adapters/access/secrets.hpp"

namespace busbar::adapters::access {

namespace {

constexpr std::size_t token_bytes = 32;
constexpr std::size_t family_bytes = 12;
constexpr std::chrono::hours forgets_every{1};

} // namespace

desk_core::desk_core(desk_settings settings, std::unique_ptr<access_store> store, key_ring ring)
    : settings_(std::move(settings)), store_(std::move(store)), tokens_(std::move(ring)),
      nobodys_hash_(password_hash(random_bytes(token_bytes), settings_.cost)),
      hashing_(settings_.hashing), writing_(settings_.writing) {
  watch_.thread = std::thread{[this] { look_for_news(); }};
}

desk_core::~desk_core() {
  hashing_.stop();
  writing_.stop();
  {
    const std::lock_guard lock{guard_};
    watch_.is_stopping = true;
  }
  watch_.wake.notify_all();
  watch_.thread.join();
}

domain::instant desk_core::now() const {
  if (settings_.clock) return settings_.clock();
  return std::chrono::floor<domain::microseconds>(std::chrono::system_clock::now());
}

void desk_core::report(domain::severity level, const std::string& kind,
                       const std::string& text) const {
  if (settings_.report) settings_.report(level, kind, text);
}

domain::result<void> desk_core::read_again() {
  const std::lock_guard in_turn{watch_.reading};
  auto rows = store_->load(now());
  std::unique_lock lock{guard_};
  const bool was_lost = std::exchange(watch_.is_store_lost, !rows);
  if (rows) directory_ = std::make_shared<const user_directory>(std::move(rows.value()));
  lock.unlock();
  if (rows) return {};
  if (!was_lost)
    report(domain::severity::critical, "access_store_lost",
           "access: " + rows.failure().message + "; who has logged in goes on");
  return rows.failure();
}

std::shared_ptr<const user_directory> desk_core::directory() const {
  const std::lock_guard lock{guard_};
  return directory_;
}

void desk_core::succeeded(const control::access::login_try& tried) {
  const std::lock_guard lock{guard_};
  failures_.succeeded(tried);
}

void desk_core::note_use(const std::string& digest, domain::instant at) {
  const std::lock_guard lock{guard_};
  uses_[digest] = at;
}

void desk_core::begin_set_up() {
  if (!directory()->is_empty()) return;
  set_up_ = {base64url(random_bytes(token_bytes)), now() + settings_.set_up_life};
}

bool desk_core::is_set_up_code(const std::string& code) const {
  const bool is_open = !set_up_.code.empty() && now() < set_up_.until && directory()->is_empty();
  return are_equal(code, set_up_.code) && is_open;
}

void desk_core::look_for_news() {
  auto written_at = std::chrono::steady_clock::now();
  auto forgot_at = written_at - forgets_every;
  std::unique_lock lock{guard_};
  for (;;) {
    const bool is_over =
        watch_.wake.wait_for(lock, news_every, [this] { return watch_.is_stopping; });
    const auto at = std::chrono::steady_clock::now();
    std::map<std::string, domain::instant> uses;
    if (is_over || at - written_at >= uses_every) uses.swap(uses_);
    const bool is_lost = watch_.is_store_lost;
    lock.unlock();
    if (!uses.empty()) static_cast<void>(store_->note_uses(uses));
    if (is_over) return;
    if (at - written_at >= uses_every) written_at = at;
    if (at - forgot_at >= forgets_every) {
      forgot_at = at;
      static_cast<void>(store_->forget_ended(now()));
    }
    if (is_lost || !uses.empty() || store_->has_news()) static_cast<void>(read_again());
    lock.lock();
  }
}

access_outcome<ports::access_grant> desk_core::grant_of(const family_row& family,
                                                        const std::string& refresh_token) {
  const auto at = now();
  const auto who = directory()->user_of(family.user_id, family.id, std::nullopt, at);
  if (!who)
    return ports::access_failure{ports::access_fault::unknown_principal, "not known here", {}, {}};
  using control::access::access_token_life;
  const token_claims claims{family.user_id, family.id, who->version, at, at + access_token_life};
  return ports::access_grant{*who, access_token(claims, tokens_.ring()), access_token_life,
                             refresh_token, control::access::refresh_token_life};
}

access_outcome<ports::access_grant> desk_core::begin_login(const std::string& user_id,
                                                           std::int64_t version,
                                                           const std::string& address) {
  const auto refresh_token = base64url(random_bytes(token_bytes));
  const family_row family{base64url(random_bytes(family_bytes)), user_id,
                          digest_of(refresh_token), version};
  if (const auto begun = store_->begin_login(family, address, now()); !begun)
    return failure_of(begun.failure());
  if (const auto read = read_again(); !read) return failure_of(read.failure());
  return grant_of(family, refresh_token);
}

} // namespace busbar::adapters::access
