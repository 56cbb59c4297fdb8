"""Questions in any table: spreadsheets, text files, Parquet, JSON, data sets of the hub."""
