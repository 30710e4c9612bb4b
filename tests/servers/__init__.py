# SPDX-License-Identifier: Apache-2.0
"""Real servers for tests. See README.md."""
