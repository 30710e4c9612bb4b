// SPDX-License-Identifier: Apache-2.0
#include "host/config/host_options.hpp"

namespace cphost::host {

const std::vector<cphost_option>& pipe_options() {
  static const std::vector<cphost_option> options{
      {"name", "The pipe's name, in logs and for what it keeps; the file's name when absent.",
       nullptr, "/[A-Za-z0-9_.-]{1,64}/", CPHOST_STRING, 0},
      {"delivery", "What a crash may do to records: repeat some of them, or nothing.",
       "at_least_once", "at_least_once|exactly_once", CPHOST_STRING, 0},
      {"dedup_window",
       "Exactly once: how long the target remembers blocks for certain. What an older run left "
       "open is not sent again blindly.",
       "30m", "1m..1h", CPHOST_DURATION, CPHOST_ADVANCED},
      {"on_window_expiry",
       "Exactly once: what becomes of a block that an earlier run may have written and that may "
       "not be sent again blindly.",
       "stop", "stop|replay|skip", CPHOST_STRING, CPHOST_ADVANCED},
      {"workers", "How many threads read and decode; each is a reader of its own.", "1", "1..64",
       CPHOST_INT, 0},
      {"memory", "The memory budget of the whole pipe.", "256MiB", "16MiB..", CPHOST_BYTES, 0},
      {"start_timeout",
       "How long source and target may be unreachable at start before the process exits with 75.",
       "60s", "0s..", CPHOST_DURATION, 0},
      {"drain_timeout", "How long a graceful stop may take.", "10s", "0s..1h", CPHOST_DURATION, 0},
      {"commit_interval", "The time between two commits of positions.", "1s", "10ms..1h",
       CPHOST_DURATION, 0},
      {"allow_literal_secrets", "Lets secrets stand in the pipe file itself.", "false", nullptr,
       CPHOST_BOOL, 0},
      {"columns_only", "Fills the columns of [columns] and no others.", "false", nullptr,
       CPHOST_BOOL, 0},
  };
  return options;
}

const std::vector<cphost_option>& sink_options() {
  static const std::vector<cphost_option> options{
      {"writers", "How many blocks a worker may have under way at once.", "1", "1..16", CPHOST_INT,
       0},
  };
  return options;
}

const std::vector<cphost_option>& connected_options() {
  static const std::vector<cphost_option> options{
      {"connection", "The [connections.NAME] whose options count where this table has none.",
       nullptr, nullptr, CPHOST_STRING, CPHOST_ADVANCED},
  };
  return options;
}

const std::vector<cphost_option>& batch_options() {
  static const std::vector<cphost_option> options{
      {"max_rows", "A block is sealed at this many rows.", "100000", "1..10000000", CPHOST_INT, 0},
      {"max_bytes",
       "A block is sealed at this size; at most a tenth (3/32) of a worker's part of `memory`.",
       "64MiB", "64KiB..4GiB", CPHOST_BYTES, 0},
      {"max_wait", "A block is sealed when its first row is this old.", "5s", "10ms..1h",
       CPHOST_DURATION, 0},
      {"poll_records", "The most records that the source is asked for at once.", "8192",
       "1..1000000", CPHOST_INT, CPHOST_ADVANCED},
      {"poll_bytes", "The most bytes that the source is asked for at once.", "4MiB", "4KiB..256MiB",
       CPHOST_BYTES, CPHOST_ADVANCED},
  };
  return options;
}

const std::vector<cphost_option>& errors_options() {
  static const std::vector<cphost_option> options{
      {"raw_max", "A rejected record that is longer is kept up to this size.", "1MiB", "0B..64MiB",
       CPHOST_BYTES, 0},
      {"stop_at",
       "The pipe stops when more of its records than this are rejected within a time, as a share "
       "(of 100 rejects or more) or a number: \"10%/1m\", \"1000/1m\" or \"never\".",
       "never", "/never|[0-9.]+%?\\/[0-9]+[a-z]+/", CPHOST_STRING, 0},
  };
  return options;
}

const std::vector<cphost_option>& column_options() {
  static const std::vector<cphost_option> options{
      {"path", "Where the value stands in the record; the column's name when absent.", nullptr,
       nullptr, CPHOST_STRING, 0},
      {"type", "The ClickHouse type of the column in a table yet to be made.", nullptr, nullptr,
       CPHOST_STRING, 0},
      {"default", "The DEFAULT expression of the column in a table yet to be made.", nullptr,
       nullptr, CPHOST_STRING, 0},
  };
  return options;
}

std::optional<size_t> option_index(const std::vector<cphost_option>& options,
                                   std::string_view name) {
  for (size_t i = 0; i < options.size(); ++i) {
    if (options[i].name == name) return i;
  }
  return std::nullopt;
}

}  // namespace cphost::host
