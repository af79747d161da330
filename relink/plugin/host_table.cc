// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#include "relink/plugin/host_table.h"

#include "relink/plugin/editing_functions.h"
#include "relink/plugin/option_functions.h"
#include "relink/plugin/reading_functions.h"
#include "relink/plugin/reference_functions.h"
#include "relink/plugin/registering_functions.h"
#include "relink/plugin/reporting_functions.h"

namespace relink {

const relink_host& HostTable() {
  static const relink_host table = [] {
    relink_host host = {};
    host.size = sizeof(host);
    host.api_version = RELINK_PASS_PLUGIN_API_VERSION;
    SetRegisteringFunctions(host);
    SetOptionFunctions(host);
    SetReportingFunctions(host);
    SetReadingFunctions(host);
    SetEditingFunctions(host);
    SetReferenceFunctions(host);
    return host;
  }();
  return table;
}

}  // namespace relink
