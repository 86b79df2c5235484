#pragma once
// SQLite's C API behind RAII. One connection, used by one thread at a time. What fails is an error
// with SQLite's own words; nothing throws.

#include "domain/result.hpp"

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace busbar::adapters::sqlite {

class database;

/// One statement: bound, stepped and read from the first place on.
class statement {
public:
  statement(database& of, const char* sql);

  statement& bind(std::string_view text);
  statement& bind(std::int64_t number);
  statement& bind_maybe(const std::optional<std::string>& text);
  statement& bind_null();

  /// True: a row is there. False: there is none, or it failed (`failure`).
  [[nodiscard]] bool step();
  /// Runs what has no rows.
  [[nodiscard]] domain::result<void> run();
  [[nodiscard]] const std::optional<domain::error>& failure() const { return failure_; }

  [[nodiscard]] std::string text(int column) const;
  [[nodiscard]] std::int64_t number(int column) const;
  [[nodiscard]] bool is_null(int column) const;

private:
  struct finalize {
    void operator()(sqlite3_stmt* each) const;
  };
  void check(int code);

  database& of_;
  std::unique_ptr<sqlite3_stmt, finalize> statement_;
  std::optional<domain::error> failure_;
  int next_ = 1;
};

class database {
public:
  /// Another process writes for milliseconds.
  static constexpr std::chrono::milliseconds busy_patience{5'000};

  /// Opens or makes the file, for its owner alone. errc::unavailable; `is_damaged` is set where
  /// that is because the file is no database, or a damaged one. `patience`: how long another
  /// process that writes is waited for.
  [[nodiscard]] static domain::result<std::unique_ptr<database>>
  open(const std::string& path, std::chrono::milliseconds patience = busy_patience,
       bool* is_damaged = nullptr);
  /// Opens a file that is there, and changes nothing of it. `is_written`: SQLite's FILE-wal stands
  /// beside it and is read too; else no file is made there, and none may write meanwhile.
  /// errc::unavailable.
  [[nodiscard]] static domain::result<std::unique_ptr<database>>
  open_to_read(const std::string& path, bool is_written);
  ~database();
  database(const database&) = delete;
  database& operator=(const database&) = delete;

  /// Any number of statements, without rows.
  [[nodiscard]] domain::result<void> run(const std::string& sql);
  /// All of `work` or nothing of it. errc::unavailable where another process writes for longer
  /// than it is waited for.
  [[nodiscard]] domain::result<void> in_transaction(
      const std::function<domain::result<void>()>& work);
  [[nodiscard]] std::int64_t changed_rows() const;
  /// Another number than before: another connection has written since.
  [[nodiscard]] std::int64_t data_version();
  [[nodiscard]] domain::error error_of(const char* what) const;
  /// An error before has shown that the file is no database any more, or a damaged one.
  [[nodiscard]] bool is_damaged() const { return is_damaged_; }
  /// The newest error is that another connection writes.
  [[nodiscard]] bool is_busy() const { return is_busy_; }
  /// Statements that go on for long ask `shall_end` now and then, and fail once it says so.
  void end_statements_when(std::function<bool()> shall_end);

private:
  friend statement;
  explicit database(std::string path) : path_(std::move(path)) {}
  [[nodiscard]] domain::result<void> open(const std::string& name, int flags,
                                          std::chrono::milliseconds patience);
  struct close {
    void operator()(sqlite3* each) const;
  };

  std::string path_;
  std::function<bool()> shall_end_;
  std::unique_ptr<sqlite3, close> handle_;
  mutable bool is_damaged_ = false;
  mutable bool is_busy_ = false;
};

} // namespace busbar::adapters::sqlite
