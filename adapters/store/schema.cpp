#include "adapters/store/schema.hpp"

#include <array>

namespace busbar::adapters::store {

namespace {

/// Times are microseconds since 1970. A session's key is its id, or request and time of a denial.
/// A place of the log is the offset of the next record, when the one before it was written, and the
/// newest fence among the facts before it.
const std::array steps{
    std::string{R"(
CREATE TABLE about (
  name TEXT PRIMARY KEY,
  value TEXT NOT NULL
) STRICT;
INSERT INTO about VALUES ('id', lower(hex(randomblob(8))));
CREATE TABLE log_places (
  topic TEXT NOT NULL,
  partition INTEGER NOT NULL,
  next INTEGER NOT NULL,
  written_at INTEGER NOT NULL,
  fence INTEGER NOT NULL,
  PRIMARY KEY (topic, partition)
) STRICT, WITHOUT ROWID;
CREATE TABLE sessions (
  place INTEGER PRIMARY KEY,
  site TEXT NOT NULL,
  key TEXT NOT NULL,
  session TEXT NOT NULL,
  request TEXT NOT NULL,
  station TEXT NOT NULL,
  connector TEXT,
  driver TEXT NOT NULL,
  kind INTEGER NOT NULL,
  began_at INTEGER,
  at INTEGER NOT NULL,
  power_w INTEGER NOT NULL,
  energy_wh INTEGER NOT NULL,
  cost_micro INTEGER NOT NULL,
  why TEXT NOT NULL,
  energy_wanted_wh INTEGER,
  departs_at INTEGER,
  register_start_wh INTEGER,
  register_now_wh INTEGER,
  is_bill_open INTEGER NOT NULL,
  is_settled INTEGER NOT NULL,
  UNIQUE (key, site)
) STRICT;
CREATE INDEX sessions_by_site ON sessions(site, place);
CREATE INDEX sessions_by_driver ON sessions(driver, place);
CREATE INDEX sessions_by_station ON sessions(station, place);
CREATE TABLE events (
  number INTEGER PRIMARY KEY AUTOINCREMENT,
  at INTEGER NOT NULL,
  digest INTEGER NOT NULL,
  site TEXT NOT NULL,
  speaker INTEGER NOT NULL,
  level INTEGER NOT NULL,
  kind TEXT NOT NULL,
  subject TEXT NOT NULL,
  text TEXT NOT NULL,
  cause_kind INTEGER NOT NULL,
  cause TEXT NOT NULL,
  UNIQUE (at, digest)
) STRICT;
)"},
};

} // namespace

std::span<const std::string> migrations() { return steps; }

} // namespace busbar::adapters::store
