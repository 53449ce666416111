import { integer, key, Material, text } from '../Material';

/**
 * Rows that applications keep writing to while they are migrated forward and
 * back: writers use the columns that have the same name in both versions.
 */
export const ledger: Material = {
  rows: { table: 100_000, files: 1_000 },
  columns: {
    '1.0.0': [key, integer('amount'), text('entry'), text('memo')],
    '2.0.0': [
      key,
      {
        ...integer('amount'),
        logicalType: 'number',
        physicalType: 'numeric(20,0)',
      },
      text('entry'),
      text('remark', 'memo'),
      text('label'),
    ],
  },
  steps: [
    { agent: 'cast-type', payload: { field: 'amount', onFailure: 'refuse' } },
    { agent: 'rename-field', payload: { from: 'memo', to: 'remark' } },
    {
      agent: 'derive-field',
      payload: { field: 'label', expression: "entry || '#'" },
    },
  ],
  // Below zero, where no writer comes.
  original: series => `
    SELECT -i AS id, i * 7 % 1000 AS amount, 'entry ' || i % 97 AS entry,
      CASE WHEN i % 5 = 0 THEN NULL ELSE 'memo ' || i END AS memo
    FROM ${series}`,
  migrated: source => `
    SELECT id, CAST(amount AS numeric(20,0)) AS amount, entry, memo AS remark, entry || '#' AS label
    FROM ${source}`,
};
