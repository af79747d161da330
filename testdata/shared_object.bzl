# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0

"""Files that tests load, built from source by the system's own toolchain.

The flags are pinned and do not follow Bazel's configuration: a fixture is the
same file under --config=asan.
"""

_COPTS = [
    "-O1",
    "-g0",
    "-fno-stack-protector",
    "-Wall",
    "-Werror",
]

def _link(name, out, srcs, compiler, flags, deps, linkopts, extra_srcs, visibility):
    native.genrule(
        name = name,
        testonly = True,
        srcs = srcs + deps + extra_srcs,
        outs = [out],
        cmd = " ".join(
            [compiler] + _COPTS + flags +
            ["-Wl,--no-as-needed"] +
            ["$(location %s)" % src for src in srcs + deps] +
            ["-Wl,--as-needed"] +
            ["-Wl,-rpath-link,$(RULEDIR)"] + linkopts + ["-o $@"],
        ),
        visibility = visibility,
    )

def _compiler(srcs):
    return "g++" if [src for src in srcs if src.endswith(".cc")] else "gcc"

def shared_object(
        name,
        srcs,
        copts = [],
        linkopts = [],
        deps = [],
        compiler = None,
        soname = None,
        extra_srcs = [],
        visibility = None):
    """Builds lib<name>.so.

    Args:
      name: of the target.
      srcs: C, C++ or assembly.
      copts: for the compiler, after the pinned ones.
      linkopts: for the linker; $$ORIGIN is the loader's.
      deps: shared objects of this package to link with (DT_NEEDED).
      compiler: "gcc", "g++" or "clang"; by default what the sources need.
      soname: DT_SONAME, lib<name>.so by default.
      extra_srcs: files that options name.
      visibility: as usual.
    """
    out = "lib%s.so" % name
    _link(
        name,
        out,
        srcs,
        compiler or _compiler(srcs),
        ["-fPIC", "-shared", "-Wl,-soname,%s" % (soname or out)] + copts,
        deps,
        linkopts,
        extra_srcs,
        visibility,
    )

def program(name, srcs, pie = True, copts = [], linkopts = [], deps = [], visibility = None):
    """Builds the executable <name>.elf, position-independent or not."""
    _link(
        name,
        name + ".elf",
        srcs,
        _compiler(srcs),
        (["-fPIE", "-pie"] if pie else ["-fno-pie", "-no-pie"]) + copts,
        deps,
        linkopts,
        [],
        visibility,
    )
