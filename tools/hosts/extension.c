// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

// An extension for sqlite3's .load: select twice(21).

#include <sqlite3ext.h>
SQLITE_EXTENSION_INIT1

static void Twice(sqlite3_context* context, int count, sqlite3_value** values) {
  (void)count;
  sqlite3_result_int(context, 2 * sqlite3_value_int(values[0]));
}

int sqlite3_extension_init(sqlite3* database, char** error,
                           const sqlite3_api_routines* api) {
  (void)error;
  SQLITE_EXTENSION_INIT2(api);
  return sqlite3_create_function(database, "twice", 1, SQLITE_UTF8, 0, Twice, 0,
                                 0);
}
