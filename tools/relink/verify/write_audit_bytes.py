# Part of Relink, under the LICENSE.
# SPDX-License-Identifier: Apache-2.0
"""Writes a C++ source file that defines VerifyAuditBytes() as a file's bytes."""

import sys


def main() -> None:
    with open(sys.argv[1], "rb") as file:
        data = file.read()
    print('#include "tools/relink/verify/verify_audit_bytes.h"\n')
    print("namespace relink::tools {\n")
    print("absl::string_view VerifyAuditBytes() {")
    print("  static constexpr unsigned char kBytes[] = {")
    for start in range(0, len(data), 16):
        row = ", ".join(str(byte) for byte in data[start:start + 16])
        print(f"      {row},")
    print("  };")
    print("  return {reinterpret_cast<const char*>(kBytes), sizeof(kBytes)};")
    print("}\n\n}  // namespace relink::tools")


main()
