// SPDX-License-Identifier: Apache-2.0
#include "format.hpp"

namespace json {

namespace {

const ArrowSchema& given(const ArrowSchema* wanted) {
  if (wanted != nullptr) return *wanted;
  throw cphost::Error(cphost::config, "COLUMNS_UNKNOWN",
                      "JSON does not say what its columns are: name them under [columns], or write "
                      "to a target that has them");
}

}  // namespace

Format::Format(const Shared& shared, cphost::Env, const ArrowSchema& records, uint32_t column,
               const ArrowSchema* wanted)
    : decoder_(Settings::of(shared.options), records, column, given(wanted)) {}

}  // namespace json
