import { key, Material, text } from '../torture/Material';

/**
 * Names with marks and capitals, which the example agent in Python turns into
 * search keys, between declarative steps.
 */
export const names: Material = {
  rows: { table: 100_000, files: 100_000 },
  columns: {
    '1.0.0': [key, text('name')],
    '2.0.0': [key, text('full_name', 'name'), text('search_key')],
  },
  steps: [
    { agent: 'rename-field', payload: { from: 'name', to: 'full_name' } },
    { agent: 'search-key', payload: { field: 'full_name', into: 'found_by' } },
    {
      agent: 'rename-field',
      payload: { from: 'found_by', to: 'search_key' },
    },
  ],
  original: series => `
    SELECT i * 2 AS id,
      CASE WHEN i % 23 = 0 THEN NULL
        WHEN i % 29 = 0 THEN ''
        WHEN i % 31 = 0 THEN 'Straße "' || i || '"'
        WHEN i % 37 = 0 THEN 'ŽOFIE ' || i
        WHEN i % 41 = 0 THEN 'É' || chr(10) || i
        WHEN i % 43 = 0 THEN '🪿 \\' || i
        ELSE 'Person ' || i END AS name
    FROM ${series}`,
  migrated: source => `
    SELECT id, name AS full_name,
      replace(translate(name, 'ÉŽEFIOPS', 'ezefiops'), 'ß', 'ss') AS search_key
    FROM ${source}`,
};
