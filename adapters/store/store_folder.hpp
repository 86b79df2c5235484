#pragma once
// The folder of a store: one process has it, and its database is the file that was opened.
//
//   FOLDER/history.db             the database, with SQLite's history.db-wal and history.db-shm
//   FOLDER/history.db.damaged-T   what was no database any more at time T, set aside
//   FOLDER/lock                   held by the process that writes; names it
//
// Used by one thread.

#include "adapters/sqlite/sqlite.hpp"
#include "domain/result.hpp"
#include "domain/time.hpp"

#include <sys/stat.h>

#include <memory>
#include <string>
#include <string_view>

namespace busbar::adapters::store {

inline constexpr std::string_view database_name = "history.db";

class store_folder {
public:
  /// Makes the folder where there is none, for its owner alone. errc::conflict: another process has
  /// it, and which; errc::unavailable.
  [[nodiscard]] static domain::result<std::unique_ptr<store_folder>>
  open(const std::string& folder);
  ~store_folder();
  store_folder(const store_folder&) = delete;
  store_folder& operator=(const store_folder&) = delete;

  /// Opens or makes the database and brings its schema up to date. errc::wrong_identifier: a newer
  /// program has written it; errc::malformed: it is no database, or a damaged one;
  /// errc::unavailable. REQUIRES: none is open.
  [[nodiscard]] domain::result<std::unique_ptr<sqlite::database>> open_database();
  /// Whether the file that was opened still stands there: errc::unknown_reference where it is gone
  /// or another one, errc::malformed where its head is not that of a database.
  [[nodiscard]] domain::result<void> check() const;
  /// Of a database that `open_database` gave and that is closed.
  void close_database();
  /// Of a database that is closed, and in whose place another one stands: what it has left there
  /// would be taken for a part of the other one.
  void remove_leftovers();
  /// Moves the files of the database away; their name, empty where there are none.
  [[nodiscard]] domain::result<std::string> set_aside(domain::instant now);

  [[nodiscard]] std::string path() const { return folder_ + "/" + std::string{database_name}; }
private:
  explicit store_folder(std::string folder) : folder_(std::move(folder)) {}
  [[nodiscard]] domain::result<void> lock();
  [[nodiscard]] bool has_lock() const;

  const std::string folder_;
  int lock_ = -1;
  /// Open as long as the database: to close it would let SQLite's locks of the file go.
  int file_ = -1;
  /// SQLite's history.db-wal of that database.
  struct stat written_ahead_{};
};

/// Of the files of the database at `path`.
[[nodiscard]] std::uint64_t bytes_of(const std::string& path);

/// Looks the whole database through. errc::malformed: what is wrong with it.
[[nodiscard]] domain::result<void> quick_check(sqlite::database& store);

} // namespace busbar::adapters::store
