# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0

"""Relocatable objects and archives, built by the system's own toolchain."""

_COPTS = [
    "-g0",
    "-fno-stack-protector",
    "-Wall",
    "-Werror",
]

def object_file(name, src, compiler = None, copts = [], extra_srcs = []):
    """Builds <name>.o.

    Args:
      name: of the target.
      src: C, C++ or assembly.
      compiler: by default gcc or g++.
      copts: for the compiler, after the pinned ones.
      extra_srcs: files that the source includes.
    """
    default = "g++" if src.endswith(".cc") else "gcc"
    native.genrule(
        name = name,
        testonly = True,
        srcs = [src] + extra_srcs,
        outs = [name + ".o"],
        cmd = " ".join([compiler or default] + _COPTS + copts +
                       ["-c $(location %s) -o $@" % src]),
    )

def object_variants(name, src, variants):
    """Builds <name>_<variant>.o for each of a dictionary from variants to options.

    Args:
      name: in front of each.
      src: C or C++.
      variants: whose name ends in clang are by clang.
    """
    cxx = src.endswith(".cc")
    for variant, copts in variants.items():
        clang = "clang++" if cxx else "clang"
        object_file(
            name = "%s_%s" % (name, variant),
            src = src,
            compiler = clang if variant.endswith("clang") else None,
            copts = copts,
        )

def archive(name, members, thin = False, index = True):
    """Builds <name>.a of objects of this package.

    Args:
      name: of the target.
      members: labels of objects.
      thin: only names them.
      index: has an index of symbols.
    """
    flags = "rcD" + ("s" if index else "S") + (" --thin" if thin else "")
    native.genrule(
        name = name,
        testonly = True,
        srcs = members,
        outs = [name + ".a"],
        cmd = "out=$$PWD/$@ && cd $(RULEDIR) && rm -f $$out && ar %s $$out %s" %
              (flags, " ".join([member[1:] + ".o" for member in members])),
    )
