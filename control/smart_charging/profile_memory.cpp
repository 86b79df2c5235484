// The store's memory as bytes: "BCP", version, counts, fields in a fixed order (little endian,
// 64 bit each, optional ones behind a presence byte), FNV-1a of all before it. One store has one
// form only.

#include "control/smart_charging/profile_store.hpp"

#include "domain/byte_form.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <span>

namespace busbar::control::smart_charging {
namespace {

constexpr std::array<std::uint8_t, 4> mark{'B', 'C', 'P', 1};

std::uint64_t hash_of(std::span<const std::uint8_t> bytes) {
  std::uint64_t hash = 14'695'981'039'346'656'037u;
  for (const auto byte : bytes) hash = (hash ^ byte) * 1'099'511'628'211u;
  return hash;
}

using domain::byte_reader;
using domain::byte_writer;

constexpr std::int64_t int_max = std::numeric_limits<std::int32_t>::max();
constexpr std::int64_t int_min = std::numeric_limits<std::int32_t>::min();
/// Years 0000 to 9999 in seconds from 1970.
constexpr std::int64_t instant_min = -62'167'219'200;
constexpr std::int64_t instant_max = 253'402'300'800;

std::optional<std::int64_t> count_of(std::optional<instant> at) {
  return at ? std::optional<std::int64_t>{at->time_since_epoch().count()} : std::nullopt;
}
instant instant_of(std::int64_t count) { return instant{seconds{count}}; }
std::optional<instant> instant_of(std::optional<std::int64_t> count) {
  return count ? std::optional{instant_of(*count)} : std::nullopt;
}

void write(byte_writer& out, const charging_schedule& plan) {
  out.integer_if_any(plan.duration ? std::optional<std::int64_t>{plan.duration->count()}
                                   : std::nullopt);
  out.integer_if_any(count_of(plan.starts_at));
  out.integer(static_cast<std::int64_t>(plan.unit));
  out.integer_if_any(plan.minimum_tenths);
  out.integer(static_cast<std::int64_t>(plan.periods.size()));
  for (const auto& period : plan.periods) {
    out.integer(period.start.count());
    out.integer(period.limit_tenths);
    out.integer_if_any(period.phases ? std::optional<std::int64_t>{*period.phases} : std::nullopt);
  }
}

charging_schedule read_schedule(byte_reader& in) {
  charging_schedule plan;
  if (const auto duration = in.integer_if_any(0, seconds_max)) plan.duration = seconds{*duration};
  plan.starts_at = instant_of(in.integer_if_any(instant_min, instant_max));
  plan.unit = static_cast<rate_unit>(in.integer(0, 1));
  plan.minimum_tenths = in.integer_if_any(0, rate_max_tenths);
  const auto count = in.integer(1, 10'000);
  for (std::int64_t i = 0; i < count && !in.is_spoiled(); ++i) {
    schedule_period period;
    period.start = seconds{in.integer(0, seconds_max)};
    period.limit_tenths = in.integer(0, rate_max_tenths);
    if (const auto phases = in.integer_if_any(1, 3))
      period.phases = static_cast<std::uint8_t>(*phases);
    plan.periods.push_back(period);
  }
  return plan;
}

void write(byte_writer& out, const installed_profile& entry) {
  const auto& profile = entry.profile;
  out.integer(entry.connector);
  out.integer(entry.installed_at.time_since_epoch().count());
  out.integer(profile.id);
  out.integer_if_any(profile.transaction ? std::optional<std::int64_t>{*profile.transaction}
                                         : std::nullopt);
  out.integer(profile.stack_level);
  out.integer(static_cast<std::int64_t>(profile.serves));
  out.integer(static_cast<std::int64_t>(profile.kind));
  out.integer_if_any(
      profile.recurs ? std::optional<std::int64_t>{static_cast<std::int64_t>(*profile.recurs)}
                     : std::nullopt);
  out.integer_if_any(count_of(profile.valid_from));
  out.integer_if_any(count_of(profile.valid_to));
  write(out, profile.plan);
}

installed_profile read_entry(byte_reader& in) {
  installed_profile entry;
  auto& profile = entry.profile;
  entry.connector = static_cast<std::int32_t>(in.integer(0, int_max));
  entry.installed_at = instant_of(in.integer(instant_min, instant_max));
  profile.id = static_cast<std::int32_t>(in.integer(int_min, int_max));
  if (const auto id = in.integer_if_any(int_min, int_max))
    profile.transaction = static_cast<std::int32_t>(*id);
  profile.stack_level = static_cast<std::int32_t>(in.integer(0, int_max));
  profile.serves = static_cast<purpose>(in.integer(0, 2));
  profile.kind = static_cast<profile_kind>(in.integer(0, 2));
  if (const auto recurs = in.integer_if_any(0, 1))
    profile.recurs = static_cast<recurrency>(*recurs);
  profile.valid_from = instant_of(in.integer_if_any(instant_min, instant_max));
  profile.valid_to = instant_of(in.integer_if_any(instant_min, instant_max));
  profile.plan = read_schedule(in);
  return entry;
}

void read_transactions(byte_reader& in, profile_store& into) {
  const auto count = in.integer(0, 1000);
  for (std::int64_t i = 0; i < count && !in.is_spoiled(); ++i) {
    const auto connector = in.integer(1, into.settings().connectors);
    const auto id = in.integer_if_any(int_min, int_max);
    const auto started = in.integer(instant_min, instant_max);
    if (in.is_spoiled()) return;
    const auto narrow = id ? std::optional{static_cast<std::int32_t>(*id)} : std::nullopt;
    into.start(static_cast<std::int32_t>(connector), narrow, instant_of(started));
  }
}

} // namespace

std::vector<std::uint8_t> profile_store::memory() const {
  byte_writer out;
  for (const auto each : mark) out.number(each, 1);
  std::int64_t count = 0;
  for (const auto& each : running_) count += each ? 1 : 0;
  out.integer(count);
  for (std::int32_t connector = 1; connector <= settings_.connectors; ++connector) {
    const auto* here = running(connector);
    if (!here) continue;
    out.integer(connector);
    out.integer_if_any(here->id ? std::optional<std::int64_t>{*here->id} : std::nullopt);
    out.integer(here->started_at.time_since_epoch().count());
  }
  out.integer(static_cast<std::int64_t>(installed_.size()));
  for (const auto& entry : installed_) write(out, entry);
  out.integer(static_cast<std::int64_t>(hash_of(out.bytes())));
  return out.take();
}

bool profile_store::restore(const std::vector<std::uint8_t>& bytes) {
  if (bytes.size() < mark.size() || !std::equal(mark.begin(), mark.end(), bytes.begin()))
    return false;
  byte_reader in(std::span<const std::uint8_t>(bytes).subspan(mark.size()));
  profile_store other(settings_);
  read_transactions(in, other);
  const auto count = in.integer(0, settings_.profiles_max);
  for (std::int64_t i = 0; i < count && !in.is_spoiled(); ++i) {
    const auto entry = read_entry(in);
    if (in.is_spoiled() || other.set(entry.connector, entry.profile, entry.installed_at))
      return false;
  }
  static_cast<void>(in.integer(INT64_MIN, INT64_MAX));
  // Only the one form that `memory` writes is taken, the hash at its end included.
  if (!in.is_done() || other.memory() != bytes) return false;
  *this = std::move(other);
  return true;
}

} // namespace busbar::control::smart_charging
