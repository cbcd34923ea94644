DROP TABLE match_fresh;
DROP TABLE match_terms;
DROP TABLE match_names;
DROP TABLE customer_line_symbols;
DROP TABLE customer_names;
