#include "adapters/sqlite/sqlite.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

#include <utility>

namespace busbar::adapters::sqlite {

namespace {

constexpr mode_t owner_alone = 0600;
/// Steps of SQLite's own between two questions whether a statement shall end: far below 1 ms.
constexpr int steps_between = 1'000;

/// A file that is there is left alone: to open and close it would let SQLite's locks of it go.
void make_for_owner_alone(const std::string& path) {
  const int made = ::open(path.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, owner_alone);
  if (made >= 0) ::close(made);
}

/// What ends a path in a URI, or stands for another character in it, is written as its number.
std::string in_uri(const std::string& path) {
  std::string text;
  for (const char each : path)
    if (each == '%') text += "%25";
    else if (each == '?') text += "%3f";
    else if (each == '#') text += "%23";
    else text += each;
  return text;
}

int ask_whether_it_shall_end(void* shall_end) {
  return (*static_cast<const std::function<bool()>*>(shall_end))() ? 1 : 0;
}

} // namespace

void statement::finalize::operator()(sqlite3_stmt* each) const { sqlite3_finalize(each); }
void database::close::operator()(sqlite3* each) const { sqlite3_close_v2(each); }

statement::statement(database& of, const char* sql) : of_(of) {
  sqlite3_stmt* made = nullptr;
  check(sqlite3_prepare_v2(of.handle_.get(), sql, -1, &made, nullptr));
  statement_.reset(made);
}

void statement::check(int code) {
  const bool is_good = code == SQLITE_OK || code == SQLITE_ROW || code == SQLITE_DONE;
  if (!is_good && !failure_) failure_ = of_.error_of("statement");
}

statement& statement::bind(std::string_view text) {
  if (statement_)
    check(sqlite3_bind_text(statement_.get(), next_++, text.data(), static_cast<int>(text.size()),
                            SQLITE_TRANSIENT));
  return *this;
}

statement& statement::bind(std::int64_t number) {
  if (statement_) check(sqlite3_bind_int64(statement_.get(), next_++, number));
  return *this;
}

statement& statement::bind_maybe(const std::optional<std::string>& text) {
  return text ? bind(std::string_view{*text}) : bind_null();
}

statement& statement::bind_null() {
  if (statement_) check(sqlite3_bind_null(statement_.get(), next_++));
  return *this;
}

bool statement::step() {
  if (failure_ || !statement_) return false;
  const int code = sqlite3_step(statement_.get());
  check(code);
  return code == SQLITE_ROW;
}

domain::result<void> statement::run() {
  while (step()) {}
  return failure_ ? domain::result<void>{*failure_} : domain::result<void>{};
}

std::string statement::text(int column) const {
  const auto* bytes = sqlite3_column_text(statement_.get(), column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  return bytes == nullptr ? std::string{}
                          : std::string{reinterpret_cast<const char*>(bytes), size};
}

std::int64_t statement::number(int column) const {
  return sqlite3_column_int64(statement_.get(), column);
}

bool statement::is_null(int column) const {
  return sqlite3_column_type(statement_.get(), column) == SQLITE_NULL;
}

domain::result<void> database::open(const std::string& name, int flags,
                                    std::chrono::milliseconds patience) {
  sqlite3* handle = nullptr;
  const int code = sqlite3_open_v2(name.c_str(), &handle, flags | SQLITE_OPEN_NOMUTEX, nullptr);
  handle_.reset(handle);
  if (code != SQLITE_OK) return error_of("cannot be opened");
  sqlite3_extended_result_codes(handle, 1);
  sqlite3_busy_timeout(handle, static_cast<int>(patience.count()));
  return {};
}

domain::result<std::unique_ptr<database>>
database::open(const std::string& path, std::chrono::milliseconds patience, bool* is_damaged) {
  std::unique_ptr<database> made{new database{path}};
  make_for_owner_alone(path);
  if (auto opened = made->open(path, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, patience); !opened)
    return opened.failure();
  // A lost entry of who may command is worse than a slow one: every commit is on the disk.
  auto set = made->run("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; "
                       "PRAGMA foreign_keys = ON; PRAGMA trusted_schema = OFF;");
  if (is_damaged != nullptr) *is_damaged = made->is_damaged();
  if (!set) return set.failure();
  return made;
}

domain::result<std::unique_ptr<database>> database::open_to_read(const std::string& path,
                                                                 bool is_written) {
  std::unique_ptr<database> made{new database{path}};
  const auto name = "file:" + in_uri(path) + (is_written ? "?mode=ro" : "?mode=ro&immutable=1");
  if (auto opened = made->open(name, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, busy_patience);
      !opened)
    return opened.failure();
  if (auto set = made->run("PRAGMA trusted_schema = OFF"); !set) return set.failure();
  return made;
}

database::~database() = default;

void database::end_statements_when(std::function<bool()> shall_end) {
  shall_end_ = std::move(shall_end);
  sqlite3_progress_handler(handle_.get(), shall_end_ ? steps_between : 0,
                           shall_end_ ? ask_whether_it_shall_end : nullptr, &shall_end_);
}

domain::result<void> database::run(const std::string& sql) {
  if (sqlite3_exec(handle_.get(), sql.c_str(), nullptr, nullptr, nullptr) != SQLITE_OK)
    return error_of("statement");
  return {};
}

domain::result<void> database::in_transaction(
    const std::function<domain::result<void>()>& work) {
  if (auto begun = run("BEGIN IMMEDIATE"); !begun) return begun;
  auto done = work();
  if (done) done = run("COMMIT");
  // What could not be committed stands no longer open.
  if (!done && sqlite3_get_autocommit(handle_.get()) == 0) static_cast<void>(run("ROLLBACK"));
  return done;
}

std::int64_t database::changed_rows() const { return sqlite3_changes64(handle_.get()); }

std::int64_t database::data_version() {
  statement asked{*this, "PRAGMA data_version"};
  return asked.step() ? asked.number(0) : -1;
}

domain::error database::error_of(const char* what) const {
  const int code = handle_ ? sqlite3_extended_errcode(handle_.get()) : SQLITE_NOMEM;
  const int primary = code & 0xFF;
  is_busy_ = primary == SQLITE_BUSY;
  if (primary == SQLITE_CORRUPT || primary == SQLITE_NOTADB) is_damaged_ = true;
  const bool is_duplicate =
      code == SQLITE_CONSTRAINT_UNIQUE || code == SQLITE_CONSTRAINT_PRIMARYKEY;
  const char* words = handle_ ? sqlite3_errmsg(handle_.get()) : "no memory";
  return {is_duplicate ? domain::errc::duplicate : domain::errc::unavailable,
          path_ + ": " + what + ": " + words};
}

} // namespace busbar::adapters::sqlite
