// SPDX-License-Identifier: Apache-2.0
// The positions of a pipe that does not run: kept by its source, or in the host's journal.
//
// Texts are in the source's own words (cphost/positions.h); the journal's are as the source told
// them. [main]
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "host/config/pipe_config.hpp"
#include "host/pipe/note.hpp"
#include "host/report/log.hpp"

namespace cphost::host {

struct KeptStream {
  std::string name;
  std::string position;  ///< Where reading goes on; "": nothing is committed.
  std::string note;
  std::string first;
  std::string end;
  std::string target;  ///< Where what was asked for is in this stream; "": nothing was.
  int64_t lag = -1;
};

/// What exactly-once delivery has left open in a stream.
struct OpenRanges {
  std::vector<std::string> last;  ///< Of each range that may be written or not: its last record.
  bool is_damaged = false;        ///< The note can't be read, so it is not known.

  bool any() const { return is_damaged || !last.empty(); }
};

OpenRanges open_ranges(const std::string& note);

struct PositionChange {
  std::string name;
  std::string position;
};

class KeptPositions {
 public:
  virtual ~KeptPositions() = default;

  /// All streams, with `to` ("earliest", a time; "": nothing) in each. Throws StopPipe.
  virtual std::vector<KeptStream> list(const std::string& to) = 0;

  /// Streams that are not named stay as they are; notes of those that are named go. Throws
  /// StopPipe, and nothing is changed unless its exit code is that of an outage.
  virtual void set(const std::vector<PositionChange>& changes) = 0;
};

/// Throws StopPipe when the source neither shows what it keeps nor leaves it to the journal, and
/// while another process has the journal.
std::unique_ptr<KeptPositions> kept_positions(const PipeConfig& config, Log log,
                                              const std::string& state_folder);

}  // namespace cphost::host
