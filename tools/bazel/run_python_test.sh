#!/usr/bin/env bash
# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
#
# usage: run_python_test.sh TEST.py, in runfiles
exec /usr/bin/python3 -B tools/bazel/run_python_test.py "$@"
