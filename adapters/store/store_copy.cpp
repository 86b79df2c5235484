#include "adapters/store/store_copy.hpp"

#include "adapters/sqlite/migrations.hpp"
#include "adapters/store/schema.hpp"
#include "adapters/store/store_folder.hpp"
#include "adapters/store/store_rows.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
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

domain::result<std::string> database_in(const std::string& folder) {
  auto path = folder + "/" + std::string{database_name};
  const auto found = is_there(path);
  if (!found) return found.failure();
  if (!found.value())
    return domain::error{domain::errc::unknown_reference, folder + ": there is no history in it"};
  return path;
}

domain::result<void> mind_newer_schema(database& store, const std::string& path) {
  const auto schema = sqlite::schema_of(store);
  if (!schema) return schema.failure();
  const auto newest = static_cast<std::int64_t>(migrations().size());
  if (schema.value() <= newest) return {};
  return domain::error{domain::errc::wrong_identifier,
                       path + ": its schema is number " + std::to_string(schema.value()) +
                           ", this program knows " + std::to_string(newest) + " at most"};
}

using reading = std::function<domain::result<void>(database&, const std::string& path)>;

domain::result<void> read_once(const std::string& path, bool is_written, const reading& work) {
  const auto opened = database::open_to_read(path, is_written);
  if (!opened) return opened.failure();
  if (auto done = mind_newer_schema(*opened.value(), path); !done) return done;
  return work(*opened.value(), path);
}

/// Makes and changes nothing in the folder.
domain::result<void> read_from(const std::string& folder, const reading& work) {
  const auto path = database_in(folder);
  if (!path) return path.failure();
  const auto is_written = is_there(path.value() + "-wal");
  if (!is_written) return is_written.failure();
  auto done = read_once(path.value(), is_written.value(), work);
  // An engine that has begun meanwhile changes what is read.
  const auto is_written_now = is_there(path.value() + "-wal");
  const bool has_begun = !is_written.value() && is_written_now && is_written_now.value();
  return has_begun ? read_once(path.value(), true, work) : done;
}

/// A file of a name of its own beside the place of a copy; gone at the end, whatever comes.
class unfinished_copy {
public:
  explicit unfinished_copy(const std::string& place) : path_(place + ".XXXXXX") {
    const int file = ::mkstemp(path_.data());
    if (file < 0) failure_ = std::error_code{errno, std::generic_category()};
    else ::close(file);
  }
  ~unfinished_copy() {
    if (failure_) return;
    std::error_code ignored;
    for (const char* part : {"", "-journal", "-wal", "-shm"}) files::remove(path_ + part, ignored);
  }
  unfinished_copy(const unfinished_copy&) = delete;
  unfinished_copy& operator=(const unfinished_copy&) = delete;

  [[nodiscard]] const std::error_code& failure() const { return failure_; }
  [[nodiscard]] const std::string& path() const { return path_; }

private:
  std::string path_;
  std::error_code failure_;
};

/// Nothing that stands at `place` is replaced.
domain::result<void> name_it(const std::string& unfinished, const std::string& place) {
  int done = ::renameat2(AT_FDCWD, unfinished.c_str(), AT_FDCWD, place.c_str(), RENAME_NOREPLACE);
  // Some file systems know no such renaming.
  if (done != 0 && errno == EINVAL) done = ::link(unfinished.c_str(), place.c_str());
  if (done == 0) return {};
  if (errno == EEXIST) return domain::error{domain::errc::duplicate, place + ": is there already"};
  return failed(place, {errno, std::generic_category()});
}

} // namespace

domain::result<ports::archive_status> status_of(const std::string& folder) {
  ports::archive_status found;
  const auto done = read_from(folder, [&](auto& store, const auto& path) -> domain::result<void> {
    found = {};
    found.path = path;
    if (auto counted = read_counts(store, found); !counted) return counted;
    if (auto oldest = read_oldest(store, found); !oldest) return oldest;
    const auto schema = sqlite::schema_of(store);
    if (!schema) return schema.failure();
    found.schema = schema.value();
    found.bytes = bytes_of(path);
    return {};
  });
  return done ? domain::result<ports::archive_status>{found} : done.failure();
}

domain::result<void> check(const std::string& folder) {
  return read_from(folder, [](auto& store, const auto&) { return quick_check(store); });
}

domain::result<void> back_up(const std::string& folder, const std::string& place) {
  const auto taken = is_there(place);
  if (!taken) return taken.failure();
  if (taken.value())
    return domain::error{domain::errc::duplicate, place + ": is there already"};
  const auto path = database_in(folder);
  if (!path) return path.failure();
  const auto opened = database::open(path.value());
  if (!opened) return opened.failure();
  if (auto done = mind_newer_schema(*opened.value(), path.value()); !done) return done;
  const unfinished_copy unfinished{place};
  if (unfinished.failure()) return failed(place, unfinished.failure());
  // It writes into an empty file too.
  auto copied = sqlite::statement{*opened.value(), "VACUUM INTO ?"}.bind(unfinished.path()).run();
  if (!copied) return copied;
  {
    const auto copy = database::open(unfinished.path());
    if (!copy) return copy.failure();
    if (auto done = make_new_id(*copy.value()); !done) return done;
    // In one file.
    if (auto done = copy.value()->run("PRAGMA journal_mode = DELETE"); !done) return done;
  }
  return name_it(unfinished.path(), place);
}

} // namespace busbar::adapters::store
