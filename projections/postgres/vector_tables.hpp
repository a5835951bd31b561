#pragma once

#include "projections/postgres/connection.hpp"

namespace reverie::projections {

/// The table of one embedder's vectors: `memory_vectors_<dimension>_<model>`, the model's name in lower case with `_` for all that is
/// no letter or digit. Also the name of its view in schema `reverie`.
std::string vector_table_name(const std::string& model, std::size_t dimension);

/// What the cache calls an embedder: some models give vectors of several dimensions.
std::string cached_model_name(const std::string& model, std::size_t dimension);

/// A vector as pgvector reads it.
std::string vector_text(const std::vector<float>& components);

/// Makes the table of an embedder in the schema of the memories with its HNSW index (vector_cosine_ops, by this many parallel workers) and view, when it is
/// not there.
outcome<void> ensure_vector_table(connection& database, const std::string& schema, const std::string& model, std::size_t dimension, unsigned index_workers = 0);

/// The same for a bulk: without index of nearness and view, which `ensure_vector_table` adds later.
outcome<void> prepare_vector_table(connection& database, const std::string& schema, const std::string& model, std::size_t dimension);

/// Points the views of all vectors of a schema at it.
outcome<void> point_vector_views(connection& database, const std::string& schema);

/// Gives the memories of a new schema the vectors that an old one has for the same texts, with indexes made after the bulk by this many
/// parallel workers. Called again it adds what is missing. No model is asked.
outcome<void> copy_vectors(connection& database, const std::string& from, const std::string& to, unsigned index_workers);

} // namespace reverie::projections
