# SPDX-License-Identifier: Apache-2.0
"""Does cphost load JSON as the engine's own JSONEachRow would? See README.md."""
