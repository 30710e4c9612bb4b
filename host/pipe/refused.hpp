// SPDX-License-Identifier: Apache-2.0
// A record that is to go to the error table, and why.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "host/pipe/record_batch.hpp"

namespace cphost::host {

struct Refused {
  std::shared_ptr<Span> span;
  uint32_t record = 0;  ///< Of the span's batch; without one the source could not make a record.
  Rejection why;
  std::string head = {};  ///< Without a batch: the first bytes of what came,
  uint64_t size = 0;      ///< and how many there were.
};

}  // namespace cphost::host
