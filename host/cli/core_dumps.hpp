// SPDX-License-Identifier: Apache-2.0
// A crash writes the memory of the process to a file that outlives it, and the secrets of pipes
// with it. Call it before any secret is read.
#pragma once

namespace cphost::host {

/// From now on no core dump of this process is written, and only root may read its memory and its
/// environment by /proc or a debugger.
void forbid_core_dumps();

}  // namespace cphost::host
