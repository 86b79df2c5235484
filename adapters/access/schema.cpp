#include "adapters/access/schema.hpp"

#include <array>

namespace busbar::adapters::access {

namespace {

/// Times are microseconds since 1970, sites one id a line, absent where all are meant.
const std::array steps{
    std::string{R"(
CREATE TABLE users (
  id TEXT PRIMARY KEY,
  name TEXT NOT NULL UNIQUE COLLATE NOCASE,
  role INTEGER NOT NULL,
  sites TEXT,
  is_disabled INTEGER NOT NULL DEFAULT 0,
  version INTEGER NOT NULL DEFAULT 1,
  password TEXT NOT NULL,
  password_at INTEGER NOT NULL,
  made_at INTEGER NOT NULL,
  last_login_at INTEGER,
  last_address TEXT
) STRICT;
CREATE TABLE old_passwords (
  user TEXT NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  set_at INTEGER NOT NULL,
  password TEXT NOT NULL
) STRICT;
CREATE INDEX old_passwords_by_user ON old_passwords(user, set_at);
CREATE TABLE families (
  id TEXT PRIMARY KEY,
  user TEXT NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  made_at INTEGER NOT NULL,
  ends_at INTEGER NOT NULL,
  is_revoked INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX families_by_user ON families(user);
CREATE TABLE refresh_tokens (
  digest TEXT PRIMARY KEY,
  family TEXT NOT NULL REFERENCES families(id) ON DELETE CASCADE,
  expires_at INTEGER NOT NULL,
  used_at INTEGER
) STRICT;
CREATE INDEX refresh_tokens_by_family ON refresh_tokens(family);
CREATE TABLE api_tokens (
  digest TEXT PRIMARY KEY,
  id TEXT NOT NULL UNIQUE,
  owner TEXT NOT NULL REFERENCES users(id) ON DELETE CASCADE,
  name TEXT NOT NULL,
  tail TEXT NOT NULL,
  role INTEGER NOT NULL,
  sites TEXT,
  made_at INTEGER NOT NULL,
  expires_at INTEGER NOT NULL,
  last_used_at INTEGER,
  UNIQUE (owner, name)
) STRICT;
)"},
    std::string{R"(
CREATE TABLE audit (
  number INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  actor_kind INTEGER NOT NULL,
  actor TEXT NOT NULL,
  address TEXT NOT NULL,
  request TEXT NOT NULL,
  category TEXT NOT NULL,
  operation TEXT NOT NULL,
  subject TEXT NOT NULL,
  detail TEXT NOT NULL,
  outcome INTEGER NOT NULL,
  hash TEXT NOT NULL
) STRICT;
CREATE INDEX audit_by_time ON audit(at);
)"},
};

} // namespace

std::span<const std::string> migrations() { return steps; }

} // namespace busbar::adapters::access
