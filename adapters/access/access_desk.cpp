#include "adapters/access/access_desk.hpp"

#include "adapters/access/desk_core.hpp"
#include "adapters/access/secrets.hpp"
#include "control/access/client_address.hpp"
#include "control/access/decision.hpp"
#include "domain/fault_list.hpp"

#include <algorithm>
#include <memory>
#include <utility>

namespace busbar::adapters::access {

namespace {

using control::access::login_try;
using ports::access_failure;
using ports::access_fault;
using ports::access_grant;
using ports::access_listener;

/// So that a token in a file or a log can be found and told from others.
constexpr std::string_view program_prefix = "busbar_";
constexpr std::size_t token_bytes = 32;
constexpr std::size_t id_bytes = 12;
constexpr std::size_t tail_characters = 8;

access_failure unknown() {
  return {access_fault::unknown_principal, "name or password is wrong, or the user is disabled", {},
          {}};
}

/// Whether the user has last logged in from there.
bool is_home(const user_row* user, const std::string& address) {
  using control::access::address_key;
  return user != nullptr && !user->last_address.empty() &&
         address_key(user->last_address) == address_key(address);
}

login_try try_of(const user_directory& users, const ports::login& tried) {
  return {folded(tried.name), control::access::address_key(tried.address),
          is_home(users.user_named(tried.name), tried.address)};
}

/// A login of the user as it was when its password was found right; one that was changed since has
/// another.
access_outcome<access_grant> begun(desk_core& core, const user_row& user,
                                   const std::string& address) {
  auto given = core.begin_login(user.id, user.version, address);
  const auto* failure = std::get_if<access_failure>(&given);
  if (failure != nullptr && failure->fault == access_fault::wrong_password) return unknown();
  return given;
}

/// Takes as long whatever is wrong.
bool is_right(const desk_core& core, const user_row* user, const std::string& password) {
  const auto& hash = user == nullptr ? core.nobodys_hash() : user->password;
  const bool is_password = is_password_of(hash, password);
  return user != nullptr && is_password && !user->about.is_disabled;
}

access_outcome<access_grant> logged_in(desk_core& core, const ports::login& tried,
                                       const login_try& counted) {
  const auto users = core.directory();
  const auto* user = users->user_named(tried.name);
  if (!is_right(core, user, tried.password)) {
    core.report(domain::severity::warning, "login_refused",
                "login of '" + domain::shortened(domain::one_line(tried.name), 64) + "' from " +
                    tried.address + " refused");
    return unknown();
  }
  core.succeeded(counted);
  const auto keep = core.keeping();
  if (is_weaker(user->password, keep.cost)) {
    const auto stronger = password_hash(tried.password, keep.cost);
    if (!stronger.empty())
      static_cast<void>(core.store().rehash(user->id, user->password, stronger));
  }
  return begun(core, *user, tried.address);
}

access_outcome<access_grant> refreshed(desk_core& core, const std::string& token) {
  using control::access::refresh_verdict;
  const auto successor = base64url(random_bytes(token_bytes));
  auto spent = core.store().spend(digest_of(token), digest_of(successor), core.now());
  if (!spent) return failure_of(spent.failure());
  const auto& [verdict, family, user] = spent.value();
  if (verdict == refresh_verdict::used_twice) {
    static_cast<void>(core.read_again());
    core.report(domain::severity::critical, "refresh_token_used_twice",
                "a refresh token was used a second time: its login is ended");
  }
  if (verdict != refresh_verdict::renewed)
    return access_failure{access_fault::unknown_principal, "the refresh token is not valid", {},
                          {}};
  // Its refresh token is another one by now, and it lives longer.
  static_cast<void>(core.read_again());
  return core.grant_of({family, user, {}}, successor);
}

access_outcome<access_done> with_news(desk_core& core, access_outcome<access_done> done) {
  if (std::holds_alternative<access_done>(done)) static_cast<void>(core.read_again());
  return done;
}

std::optional<access_failure> token_faults(const domain::principal& owner,
                                           const ports::new_token& made, domain::instant now) {
  access_failure faults{access_fault::not_allowed, "not taken", {}, {}};
  const auto& name = made.name;
  const bool is_name = !name.empty() && name.size() <= ports::access::token_name_bytes_max;
  if (!is_name) faults.faults.push_back({"name", "a token's name has 1 to 64 bytes"});
  if (made.granted > owner.granted)
    faults.faults.push_back({"role", std::string{"above its owner's: "} + name_of(owner.granted)});
  if (made.expires_at <= now || made.expires_at > now + ports::access::token_life_max)
    faults.faults.push_back({"expires_at", "allowed is a time within a year from now"});
  const bool is_narrower =
      !made.sites || std::ranges::all_of(*made.sites, [&](const auto& site) {
        return control::access::is_within(owner.sites, site);
      });
  if (!is_narrower) faults.faults.push_back({"sites", "not all of them are its owner's"});
  const auto most = domain::principal::bound_sites_max;
  if (made.sites && (made.sites->empty() || made.sites->size() > most))
    faults.faults.push_back({"sites", "allowed are 1 to 64 sites; left out, all of its owner's"});
  return faults.faults.empty() ? std::nullopt : std::optional{faults};
}

} // namespace

access_desk::access_desk(std::unique_ptr<desk_core> made) : core_(std::move(made)) {}
access_desk::~access_desk() = default;

domain::result<std::unique_ptr<access_desk>> access_desk::open(desk_settings settings) {
  auto store = access_store::open(settings.folder);
  if (!store) return store.failure();
  auto ring = read_key_ring(settings.folder);
  if (!ring) return ring.failure();
  auto core = std::make_unique<desk_core>(std::move(settings), std::move(store.value()),
                                          std::move(ring.value()));
  if (const auto read = core->read_again(); !read) return read.failure();
  if (core->nobodys_hash().empty())
    return domain::error{domain::errc::unavailable, "access: no memory to hash passwords"};
  core->begin_set_up();
  return std::unique_ptr<access_desk>{new access_desk{std::move(core)}};
}

const std::string& access_desk::set_up_code() const { return core_->set_up_code(); }

std::optional<domain::principal> access_desk::principal_of(std::string_view credential,
                                                           domain::instant now) {
  if (credential.size() > credential_bytes_max) return std::nullopt;
  const auto users = core_->directory();
  if (!credential.starts_with(program_prefix)) {
    const auto claims = core_->claims(credential, now);
    if (!claims) return std::nullopt;
    auto who = users->user_of(claims->subject, claims->family, claims->version, now);
    if (who) who->known_until = claims->expires_at;
    return who;
  }
  const auto digest = digest_of(credential);
  auto found = users->program_of(digest, now);
  if (found) core_->note_use(digest, now);
  return found;
}

std::optional<std::string> access_desk::login_of(std::string_view refresh_token) const {
  if (refresh_token.empty() || refresh_token.size() > credential_bytes_max) return std::nullopt;
  const auto users = core_->directory();
  const auto* login = users->login_of(digest_of(refresh_token));
  return login == nullptr || login->is_revoked ? std::nullopt : std::optional{login->family};
}

bool access_desk::has_logged_in_from(std::string_view name, const std::string& address) const {
  const auto users = core_->directory();
  return is_home(users->user_named(name), address);
}

bool access_desk::is_current(const domain::principal& who, domain::instant now) const {
  return core_->directory()->is_current(who, now);
}

bool access_desk::has_users() const { return !core_->directory()->is_empty(); }
std::vector<ports::user_view> access_desk::users() const { return core_->directory()->users(); }
std::vector<ports::token_view> access_desk::tokens() const {
  return core_->directory()->tokens();
}

void access_desk::set_up(const std::string& code, const ports::login& first,
                         access_listener<access_grant> then) {
  const auto work = [&core = *core_, code, first]() -> access_outcome<access_grant> {
    if (!core.is_set_up_code(code))
      return access_failure{access_fault::unknown_principal,
                            "the code is wrong, was used or is too old", {}, {}};
    auto added = take_new_user(
        core.keeping(), {first.name, first.password, domain::role::admin, std::nullopt}, true);
    if (auto* failure = std::get_if<access_failure>(&added)) return std::move(*failure);
    if (const auto read = core.read_again(); !read) return failure_of(read.failure());
    core.report(domain::severity::info, "set_up",
                "the first administrator is '" + first.name + "'");
    const auto users = core.directory();
    const auto* user = users->user_named(first.name);
    if (user == nullptr) return unknown();
    return begun(core, *user, first.address);
  };
  core_->hash<access_grant>(std::move(then), work);
}

void access_desk::log_in(const ports::login& tried, access_listener<access_grant> then) {
  const auto counted = try_of(*core_->directory(), tried);
  core_->try_password<access_grant>(
      counted, std::move(then),
      [&core = *core_, tried, counted] { return logged_in(core, tried, counted); });
}

void access_desk::refresh(const std::string& refresh_token, access_listener<access_grant> then) {
  core_->write<access_grant>(std::move(then), [&core = *core_, refresh_token] {
    return refreshed(core, refresh_token);
  });
}

void access_desk::log_out(const std::string& refresh_token, access_listener<access_done> then) {
  core_->write<access_done>(
      std::move(then), [&core = *core_, refresh_token]() -> access_outcome<access_done> {
        const auto done = core.store().revoke(digest_of(refresh_token));
        if (!done) return failure_of(done.failure());
        return with_news(core, access_done{});
      });
}

void access_desk::change_password(const domain::principal& who, const ports::login& now,
                                  const std::string& next, access_listener<access_grant> then) {
  const auto counted = try_of(*core_->directory(), now);
  core_->try_password<access_grant>(
      counted, std::move(then),
      [&core = *core_, who, now, next, counted]() -> access_outcome<access_grant> {
        const auto users = core.directory();
        const auto* user = users->user_named(who.user);
        if (!is_right(core, user, now.password))
          return access_failure{access_fault::wrong_password, "the old password is wrong", {}, {}};
        core.succeeded(counted);
        ports::user_change change;
        change.password = next;
        auto done = take_change(core.keeping(), who.user, change, user->version);
        if (auto* failure = std::get_if<access_failure>(&done)) return std::move(*failure);
        // The new password has made it the next one.
        return core.begin_login(who.user_id, user->version + 1, now.address);
      });
}

void access_desk::add_user(const ports::new_user& made, access_listener<access_done> then) {
  core_->hash<access_done>(std::move(then), [&core = *core_, made] {
    return with_news(core, take_new_user(core.keeping(), made));
  });
}

void access_desk::change_user(const std::string& name, const ports::user_change& change,
                              access_listener<access_done> then) {
  core_->hash<access_done>(std::move(then), [&core = *core_, name, change] {
    return with_news(core, take_change(core.keeping(), name, change));
  });
}

void access_desk::remove_user(const std::string& name, access_listener<access_done> then) {
  core_->write<access_done>(std::move(then), [&core = *core_, name] {
    return with_news(core, take_removal(core.keeping(), name));
  });
}

void access_desk::add_token(const domain::principal& owner, const ports::new_token& made,
                            access_listener<ports::made_token> then) {
  core_->write<ports::made_token>(
      std::move(then), [&core = *core_, owner, made]() -> access_outcome<ports::made_token> {
        if (auto faults = token_faults(owner, made, core.now())) return *faults;
        const auto token = std::string{program_prefix} + base64url(random_bytes(token_bytes));
        const token_row row{digest_of(token), owner.user_id,
                            {base64url(random_bytes(id_bytes)), made.name, owner.user,
                             token.substr(token.size() - tail_characters), made.granted,
                             made.sites, core.now(), made.expires_at, std::nullopt}};
        if (const auto added = core.store().add_token(row); !added)
          return failure_of(added.failure());
        if (const auto read = core.read_again(); !read) return failure_of(read.failure());
        return ports::made_token{row.about, token};
      });
}

void access_desk::remove_token(const std::string& id, const std::optional<std::string>& owner,
                               access_listener<access_done> then) {
  core_->write<access_done>(
      std::move(then), [&core = *core_, id, owner]() -> access_outcome<access_done> {
        const auto gone = core.store().remove_token(id, owner);
        if (!gone) return failure_of(gone.failure());
        return with_news(core, access_done{});
      });
}

} // namespace busbar::adapters::access
