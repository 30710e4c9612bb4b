// SPDX-License-Identifier: Apache-2.0
// What must be known of a statement before the engine sees it: whether it is an INSERT whose rows
// come with the request, and the format its result will have.
//
// An INSERT's rows never reach the engine as SQL: there a blank line in them would end the
// statement and run what follows as the next one.
//
// Pure: any thread may call everything here. Results refer to the text that was passed in.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace chdb {

struct InsertStatement {
  std::string sql;          ///< Without FORMAT or VALUES, as chdb_stream_insert wants it.
  std::string_view format;  ///< "Values" for VALUES.
  std::string_view data;    ///< What of the rows stands in the text itself.
};

/// The parts of `INSERT … FORMAT X [rows]` and `INSERT … VALUES [rows]`; nothing for any other
/// statement, and for an INSERT whose FORMAT is not within `text`. `complete` says that no more
/// text can follow, so that a format's name at its end is whole. Throws Failure for an INSERT that
/// a server refuses: FROM INFILE, SELECT … FROM input(), a semicolon before the rows.
std::optional<InsertStatement> split_insert(std::string_view text, bool complete);

/// True when there is nothing but blanks and comments.
bool is_empty(std::string_view sql);

/// True when the statement begins as a query that can return rows piece by piece.
bool is_select(std::string_view sql);

/// True of `KILL … SYNC`, which never returns in the embedded engine.
bool is_kill_sync(std::string_view sql);

/// X of a trailing `FORMAT X`, else `fallback`.
std::string_view output_format(std::string_view sql, std::string_view fallback);

/// Whether the results of several blocks in this format, put end to end, are one valid result.
bool is_concatenable(std::string_view format);

}  // namespace chdb
