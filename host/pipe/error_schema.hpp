// SPDX-License-Identifier: Apache-2.0
// The columns of the error table, fixed from the first version: every tool that reads rejects
// relies on them.
#pragma once

#include <cphost/arrow.hpp>

#include "host/config/pipe_config.hpp"

namespace cphost::host {

/// Columns in the order of error_schema().
enum class ErrorColumn : uint8_t {
  kTs,
  kPipe,
  kHost,
  kStage,
  kCode,
  kMessage,
  kHint,
  kPlugin,
  kStream,
  kPosition,
  kTopic,
  kPartition,
  kOffset,
  kRecordTs,
  kKey,
  kHeaders,
  kColumn,
  kByteOffset,
  kRaw,
  kRawSize,
  kRawTruncated,
  kReplayedAt,
};

/// The schema that the error sink is prepared for and opened with; ClickHouse types as metadata.
UniqueSchema error_schema();

/// The schema of a table to be made from [columns] alone: those that give a type. Only names,
/// ClickHouse types and default expressions are meant; the Arrow types are not those that blocks
/// will have.
UniqueSchema schema_of_mappings(const PipeConfig& config);

}  // namespace cphost::host
