-- The files of a dataset that Skein migrates, for DuckDB 1.2 or later.
--
--   .read skein.sql
--   SET VARIABLE files = skein_files('flights', 'parquet');
--   SELECT count(*) FROM read_parquet(getvariable('files'));
--
-- Resolve once, then read those files: they are never written again, so you see
-- one version whole, whatever is published meanwhile. Folders of partitions
-- (year=2024) become columns as DuckDB always makes them.

-- The manifest that holds, as JSON; NULL before anything was published.
CREATE OR REPLACE MACRO skein_manifest(folder) AS (
  SELECT content::JSON
  FROM read_text(folder || '/_skein/manifests/*.json')
  WHERE regexp_matches(parse_filename(filename), '^[0-9]{8,}\.json$')
  ORDER BY CAST(parse_filename(filename, true) AS BIGINT) DESC
  LIMIT 1
);

-- The files of a version in a manifest.
CREATE OR REPLACE MACRO skein_paths(folder, version) AS list_transform(
  CAST(version->'files' AS JSON[]),
  lambda file: folder || '/' || (file->>'path')
);

-- The files of the current version; before the first publication, and after a
-- roll back to what was there before it, those that are in the folder.
CREATE OR REPLACE MACRO skein_files(folder, ending) AS (
  WITH versions AS (
    SELECT unnest(CAST(skein_manifest(folder)->'versions' AS JSON[])) AS version
  )
  SELECT coalesce(
    (
      SELECT skein_paths(folder, version)
      FROM versions
      WHERE (version->>'state') = 'current'
    ),
    (
      SELECT list(file ORDER BY file)
      FROM glob(folder || '/**/*.' || ending)
      WHERE NOT regexp_matches(file[length(folder) + 1:], '/[_.]')
    )
  )
);

-- The files of a version by its name, while it is readable; an error otherwise.
CREATE OR REPLACE MACRO skein_version(folder, wanted) AS (
  WITH versions AS (
    SELECT unnest(CAST(skein_manifest(folder)->'versions' AS JSON[])) AS version
  )
  SELECT coalesce(
    (
      SELECT skein_paths(folder, version)
      FROM versions
      WHERE (version->>'version') = wanted
        AND (version->>'state') IN ('current', 'coexisting')
    ),
    error(folder || ' has no readable version ' || wanted)
  )
);

-- The Parquet files of the rows that the migration to a version set aside; an
-- error where there are none. Those of tries that were killed do not count.
CREATE OR REPLACE MACRO skein_set_aside(folder, version) AS (
  WITH migrations AS (
    SELECT unnest(CAST(skein_manifest(folder)->'migrations' AS JSON[])) AS migration
  ), files AS (
    SELECT unnest(CAST(migration->'setAside' AS JSON[])) AS file
    FROM migrations
    WHERE (migration->>'to') = version
  )
  SELECT coalesce(
    list(folder || '/' || (file->>'path') ORDER BY file->>'path'),
    error(folder || ' has no rows that were set aside for ' || version)
  )
  FROM files
);
