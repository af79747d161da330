// Part of Relink, under the LICENSE.
// SPDX-License-Identifier: Apache-2.0

#ifndef RELINK_BENCH_SYMBOL_NAMES_H_
#define RELINK_BENCH_SYMBOL_NAMES_H_

#include "relink/elf/symbol_name.h"

// Names to look up, as literals in a program would be: their hashes are
// computed by the compiler. Of each library some from everywhere in its table,
// so that no lookup finds what the one before brought into the cache.

namespace relink::bench {

#define RELINK_BENCH_TEN(prefix)                                          \
  prefix "0", prefix "1", prefix "2", prefix "3", prefix "4", prefix "5", \
      prefix "6", prefix "7", prefix "8", prefix "9"

// NOLINTBEGIN(bugprone-suspicious-missing-comma): the macro joins literals.

// Of the first library of chain_typical.
inline constexpr elf::SymbolName kLeafFunctions[] = {
    RELINK_BENCH_TEN("leaf_function"),   RELINK_BENCH_TEN("leaf_function3"),
    RELINK_BENCH_TEN("leaf_function7"),  RELINK_BENCH_TEN("leaf_function10"),
    RELINK_BENCH_TEN("leaf_function15"), RELINK_BENCH_TEN("leaf_function20")};

// Of the third, which the first two need.
inline constexpr elf::SymbolName kBaseFunctions[] = {
    RELINK_BENCH_TEN("base_function"),   RELINK_BENCH_TEN("base_function3"),
    RELINK_BENCH_TEN("base_function7"),  RELINK_BENCH_TEN("base_function10"),
    RELINK_BENCH_TEN("base_function15"), RELINK_BENCH_TEN("base_function20")};

// Of none.
inline constexpr elf::SymbolName kMissingFunctions[] = {
    RELINK_BENCH_TEN("leaf_functional"),  RELINK_BENCH_TEN("Leaf_function1"),
    RELINK_BENCH_TEN("plugin_init_v"),    RELINK_BENCH_TEN("plugin_option_"),
    RELINK_BENCH_TEN("sqlite3_missing_"), RELINK_BENCH_TEN("EVP_missing_")};

// NOLINTEND(bugprone-suspicious-missing-comma)

#undef RELINK_BENCH_TEN

// clang-format off
inline constexpr elf::SymbolName kSqlite3Functions[] = {
    "sqlite3_aggregate_context", "sqlite3_result_error16", "sqlite3_complete",
    "sqlite3_uri_boolean", "sqlite3_malloc64", "sqlite3_bind_zeroblob",
    "sqlite3_shutdown", "sqlite3_db_release_memory", "sqlite3_value_type",
    "sqlite3_preupdate_blobwrite", "sqlite3_column_database_name16",
    "sqlite3_str_value", "sqlite3_free_table", "sqlite3_backup_finish",
    "sqlite3_result_int64", "sqlite3_create_collation16", "sqlite3_user_data",
    "sqlite3_msize", "sqlite3_blob_read", "sqlite3_soft_heap_limit64",
    "sqlite3_enable_load_extension", "sqlite3_vsnprintf",
    "sqlite3_preupdate_new", "sqlite3_column_int64", "sqlite3_strnicmp",
    "sqlite3_global_recover", "sqlite3_bind_blob", "sqlite3_result_text16",
    "sqlite3_create_function16", "sqlite3_value_dup", "sqlite3_mutex_try",
    "sqlite3_busy_timeout", "sqlite3_step", "sqlite3_error_offset",
    "sqlite3_vtab_in", "sqlite3_realloc", "sqlite3_column_table_name",
    "sqlite3_thread_cleanup", "sqlite3_keyword_count", "sqlite3_bind_null",
    "sqlite3_result_value", "sqlite3_data_count", "sqlite3_value_int64",
    "sqlite3_open_v2", "sqlite3_close", "sqlite3_str_append", "sqlite3_expired",
    "sqlite3_vtab_rhs_value", "sqlite3_result_blob", "sqlite3_column_type",
    "sqlite3_trace_v2", "sqlite3_limit", "sqlite3_bind_pointer",
    "sqlite3_rtree_query_callback", "sqlite3_db_handle",
    "sqlite3_value_subtype", "sqlite3_prepare16", "sqlite3_column_bytes",
    "sqlite3_str_errcode", "sqlite3_filename_journal"};

inline constexpr elf::SymbolName kCryptoFunctions[] = {
    "ACCESS_DESCRIPTION_free", "OSSL_DECODER_CTX_new_for_pkey",
    "DSA_generate_parameters", "UI_dup_info_string", "EVP_SIGNATURE_is_a",
    "BIO_meth_get_write", "PEM_write_bio", "ERR_load_ENGINE_strings",
    "X509_STORE_CTX_get_error_depth", "OCSP_SINGLERESP_get0_id", "CMS_sign",
    "RSA_padding_add_X931", "EVP_PKEY_CTX_hex2ctrl", "ASN1_IA5STRING_new",
    "OSSL_HTTP_REQ_CTX_nbio_d2i", "ECDSA_SIG_new",
    "X509V3_add_standard_extensions", "EVP_aria_256_ofb", "BIO_vfree",
    "PKCS12_add_secret", "EVP_CIPHER_CTX_get_block_size",
    "X509_STORE_set_trust", "OPENSSL_LH_stats_bio", "CRYPTO_THREAD_unlock",
    "SHA224_Update", "EVP_PKEY_asn1_add0", "ASN1_STRING_type",
    "OSSL_PARAM_locate", "EC_KEY_METHOD_get_sign", "X509_CRL_get_nextUpdate",
    "EVP_sha1", "BN_consttime_swap", "PKCS7_RECIP_INFO_new", "EVP_DecodeInit",
    "X509_cmp_time", "OSSL_CMP_CTX_new", "CTLOG_STORE_free",
    "TS_CONF_load_cert", "EVP_PKEY_get_bits", "ASN1_item_ex_new",
    "OSSL_STORE_LOADER_set_close", "EC_POINT_set_compressed_coordinates",
    "X509_NAME_ENTRY_new", "MD5_Update", "BN_nnmod", "PKCS8_pkey_set0",
    "EVP_KEYEXCH_gettable_ctx_params", "X509_policy_node_get0_qualifiers",
    "OSSL_CMP_certConf_cb", "DH_generate_key", "TS_RESP_print_bio",
    "EVP_PKEY_parameters_eq", "BIO_ADDR_path_string", "PEM_read_CMS",
    "ENGINE_register_all_digests", "X509_REQ_get0_pubkey",
    "OCSP_BASICRESP_add1_ext_i2d", "CMS_ReceiptRequest_get0_values",
    "RSA_OAEP_PARAMS_new", "EVP_MD_is_a"};
// clang-format on

}  // namespace relink::bench

#endif  // RELINK_BENCH_SYMBOL_NAMES_H_
