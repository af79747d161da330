# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0

"""Tests of loading that hold wherever passes put the code."""

_PASSES = "split-functions,choose-materialization<prefer=%s>,order<by=random,seed=%d>,place,plt-bypass,relax"
_VARIANTS = {
    "overlay": _PASSES % ("overlay", 7),
    "arenas": _PASSES % ("arenas", 11),
    # Functions of many names, not all: of each the original leads to the copy.
    "hot": "split-functions,weights<set=[\"*e*=3\",\"*r*=2\",\"*t=1\"],places=2>,pack-hot<coverage=1>,leave-cold,plt-bypass",
}

def loading_test(name, srcs, deps, not_moved = [], data = [], linkopts = [], tags = [], size = "small"):
    """A test that runs as it is, twice with functions in random order, and with hot ones packed.

    Args:
      name: of the test; the others are called NAME_overlay, NAME_arenas and NAME_hot.
      srcs: as usual.
      deps: as usual.
      not_moved: filters of cases that are about where a file has its code.
      data: as usual.
      linkopts: as usual.
      tags: as usual.
      size: as usual.
    """
    native.cc_library(
        name = name + "_cases",
        testonly = True,
        srcs = srcs,
        tags = tags,
        visibility = ["//visibility:private"],
        deps = deps,
        # As part of the test itself, not a library of its own beside it.
        linkstatic = True,
        alwayslink = True,
    )
    native.cc_test(
        name = name,
        size = size,
        data = data,
        linkopts = linkopts,
        tags = tags,
        deps = [":%s_cases" % name],
    )
    for variant, passes in _VARIANTS.items():
        native.cc_test(
            name = "%s_%s" % (name, variant),
            size = size,
            args = ["--gtest_filter=-" + ":".join(not_moved)] if not_moved else [],
            data = data,
            env = {"RELINK_PASSES": passes},
            linkopts = linkopts,
            deps = [":%s_cases" % name],
        )
