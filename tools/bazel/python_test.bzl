# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0

"""Tests in Python, run by the system's interpreter."""

def python_test(name, srcs, data = [], tags = [], size = "small"):
    """Runs the unittest cases of NAME.py, each a case of the test's report.

    Args:
      name: of the target and, with .py, of the file that has the cases.
      srcs: that file and the modules it imports.
      data: files that the cases read, as runfiles.
      tags: as usual.
      size: as usual.
    """
    native.sh_test(
        name = name,
        size = size,
        srcs = ["//tools/bazel:run_python_test.sh"],
        args = ["$(location %s.py)" % name],
        data = srcs + data + ["//tools/bazel:run_python_test.py"],
        tags = tags,
    )
