// SPDX-License-Identifier: Apache-2.0
// Rejects of an error table as the source's records again, with the positions and metadata that
// they had.
#pragma once

#include <string>
#include <vector>

#include <cphost/arrow.hpp>

namespace cphost::host {

/// The columns of the source's records that an error table does not keep: they are null, or 0 or
/// empty.
std::vector<std::string> columns_not_kept(const ArrowSchema& records);

/// The rejects (cphost/rejects.hpp) that are whole as records. `rows` becomes the row of each.
UniqueArray records_of_rejects(const ArrowSchema& records, const ArrowArray& rejects,
                               std::vector<int64_t>& rows);

}  // namespace cphost::host
