#include "adapters/store/store_copy.hpp"

#include "adapters/sqlite/migrations.hpp"
#include "adapters/store/schema.hpp"
#include "adapters/store/store_folder.hpp"
#include "adapters/store/store_rows.hpp"

#include <sys/stat.h>

#include <filesystem>
#include <memory>
#include <system_error>

namespace busbar::adapters::store {

namespace {

namespace files = std::filesystem;
using sqlite::database;

domain::error failed(const std::string& place, const std::error_code& why) {
  return {domain::errc::unavailable, place + ": " + why.message()};
}

/// errc::unavailable where that cannot be known.
domain::result<bool> is_there(const std::string& place) {
  std::error_code failure;
  const auto kind = files::status(place, failure).type();
  if (kind == files::file_type::none) return failed(place, failure);
  return kind != files::file_type::not_found;
}

domain::result<std::unique_ptr<database>> open(const std::string& folder) {
  const auto path = folder + "/" + std::string{database_name};
  const auto found = is_there(path);
  if (!found) return found.failure();
  if (!found.value())
    return domain::error{domain::errc::unknown_reference, folder + ": there is no history in it"};
  auto opened = database::open(path);
  if (!opened) return opened;
  const auto schema = sqlite::schema_of(*opened.value());
  if (!schema) return schema.failure();
  const auto newest = static_cast<std::int64_t>(migrations().size());
  if (schema.value() > newest)
    return domain::error{domain::errc::wrong_identifier,
                         path + ": its schema is number " + std::to_string(schema.value()) +
                             ", this program knows " + std::to_string(newest) + " at most"};
  return opened;
}

} // namespace

domain::result<ports::archive_status> status_of(const std::string& folder) {
  const auto opened = open(folder);
  if (!opened) return opened.failure();
  auto& store = *opened.value();
  ports::archive_status found;
  found.path = folder + "/" + std::string{database_name};
  if (auto done = read_counts(store, found); !done) return done.failure();
  if (auto done = read_oldest(store, found); !done) return done.failure();
  const auto schema = sqlite::schema_of(store);
  if (!schema) return schema.failure();
  found.schema = schema.value();
  found.bytes = bytes_of(found.path);
  return found;
}

domain::result<void> check(const std::string& folder) {
  const auto opened = open(folder);
  return opened ? quick_check(*opened.value()) : domain::result<void>{opened.failure()};
}

domain::result<void> back_up(const std::string& folder, const std::string& place) {
  const auto taken = is_there(place);
  if (!taken) return taken.failure();
  if (taken.value())
    return domain::error{domain::errc::duplicate, place + ": is there already"};
  const auto opened = open(folder);
  if (!opened) return opened.failure();
  const auto unfinished = place + ".new";
  std::error_code failure;
  files::remove(unfinished, failure);
  const auto before = ::umask(077);
  auto copied = sqlite::statement{*opened.value(), "VACUUM INTO ?"}.bind(unfinished).run();
  ::umask(before);
  if (!copied) return copied;
  {
    const auto copy = database::open(unfinished);
    if (!copy) return copy.failure();
    if (auto done = make_new_id(*copy.value()); !done) return done;
    // In one file.
    if (auto done = copy.value()->run("PRAGMA journal_mode = DELETE"); !done) return done;
  }
  files::rename(unfinished, place, failure);
  return failure ? domain::result<void>{failed(place, failure)} : domain::result<void>{};
}

} // namespace busbar::adapters::store
