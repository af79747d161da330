# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0

"""Fuzz targets that also run as ordinary tests."""

def relink_fuzz_target(name, srcs, deps, corpus = [], size = "small"):
    """Declares a libFuzzer target and a test that replays its corpus.

    Args:
      name: the fuzzer, built with libFuzzer under --config=fuzz; see tools/fuzz.
        NAME_replay_test feeds the corpus and seeded mutations of it to the same
        function, without libFuzzer.
      srcs: define LLVMFuzzerTestOneInput.
      deps: of srcs.
      corpus: files to start from.
      size: of the test.
    """
    native.cc_binary(
        name = name,
        srcs = srcs,
        data = corpus,
        linkopts = select({
            "//tools/bazel:libfuzzer": ["-fsanitize=fuzzer"],
            "//conditions:default": [],
        }),
        tags = ["manual"],
        testonly = True,
        deps = deps,
    )
    native.cc_test(
        name = name + "_replay_test",
        size = size,
        srcs = srcs,
        args = ["$(locations %s)" % label for label in corpus],
        data = corpus,
        tags = ["asan"],
        deps = deps + ["//tools/bazel:fuzz_replay_main"],
    )
