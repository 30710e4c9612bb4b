// SPDX-License-Identifier: Apache-2.0
// Rows of cells as columns for a terminal. Pure.
#pragma once

#include <string>
#include <vector>

namespace cphost::host {

/// Cells padded to their column's width and two spaces apart, a newline a row; the last column is
/// not padded.
std::string text_table(const std::vector<std::vector<std::string>>& rows);

}  // namespace cphost::host
