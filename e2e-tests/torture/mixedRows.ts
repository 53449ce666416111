import { integer, key, Material, text } from './Material';

/**
 * Numbers and texts with what goes wrong easily: NULLs, empty strings, text
 * outside ASCII, negative numbers, gaps in the key. Migrated by declarative
 * agents alone.
 */
export const mixedRows: Material = {
  // Enough for many chunks, few enough for many rounds.
  rows: { table: 200_000, files: 500_000 },
  columns: {
    '1.0.0': [key, text('name'), text('amount'), integer('quantity')],
    '2.0.0': [
      key,
      text('label', 'name'),
      {
        id: 'amount',
        name: 'amount',
        logicalType: 'number',
        physicalType: 'numeric(12,2)',
      },
      integer('quantity'),
      text('code'),
    ],
  },
  steps: [
    { agent: 'rename-field', payload: { from: 'name', to: 'label' } },
    { agent: 'cast-type', payload: { field: 'amount', onFailure: 'refuse' } },
    {
      agent: 'derive-field',
      payload: {
        field: 'code',
        expression: "upper(coalesce(label, 'none')) || '-' || cast(id as text)",
      },
    },
  ],
  original: series => `
    SELECT i * 3 AS id,
      CASE WHEN i % 17 = 0 THEN NULL WHEN i % 13 = 0 THEN ''
           WHEN i % 11 = 0 THEN 'žluťoučký ' || i ELSE 'row ' || i % 1000 END AS name,
      CASE WHEN i % 19 = 0 THEN NULL
           ELSE (i % 2000 - 1000) || '.' || (10 + i % 90) END AS amount,
      i * 7 % 101 AS quantity
    FROM ${series}`,
  migrated: source => `
    SELECT id, name AS label, CAST(amount AS numeric(12,2)) AS amount, quantity,
      upper(CASE WHEN name IS NULL THEN 'none' ELSE name END) || '-' || CAST(id AS text) AS code
    FROM ${source}`,
};

/** So few of them as still take six chunks, for what is not about the rows. */
export const fewMixedRows: Material = {
  ...mixedRows,
  rows: { table: 60_000, files: 150_000 },
};
