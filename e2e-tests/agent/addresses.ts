import { key, Material, text } from '../torture/Material';

/**
 * E-mail addresses, and what people enter instead. They go through the agent of
 * the example module, a row at a time in JavaScript, and through declarative
 * ones after it. Masking a masked address changes nothing, but the last step
 * would show that a row had gone through twice.
 */
export const addresses: Material = {
  rows: { table: 100_000, files: 100_000 },
  columns: {
    '1.0.0': [key, text('name'), text('email')],
    '2.0.0': [key, text('name'), text('contact', 'email')],
  },
  steps: [
    { agent: 'mask-email', payload: { field: 'email' } },
    { agent: 'rename-field', payload: { from: 'email', to: 'contact' } },
    {
      agent: 'derive-field',
      payload: {
        field: 'contact',
        expression: "'mailto:' || contact",
        replace: true,
      },
    },
  ],
  original: series => `
    SELECT i * 2 AS id,
      CASE WHEN i % 7 = 0 THEN NULL ELSE 'person ' || i % 5000 END AS name,
      CASE WHEN i % 23 = 0 THEN NULL
        WHEN i % 29 = 0 THEN ''
        WHEN i % 31 = 0 THEN 'no address ' || i
        WHEN i % 37 = 0 THEN 'two@at' || i || '@example.org'
        WHEN i % 41 = 0 THEN '@example.org'
        WHEN i % 43 = 0 THEN 'nowhere' || i || '@'
        WHEN i % 47 = 0 THEN 'žofie.' || i || '@příklad.example'
        WHEN i % 53 = 0 THEN '🪿' || i || '@example.org'
        WHEN i % 59 = 0 THEN 'a' || chr(10) || 'line' || i || '@example.org'
        WHEN i % 61 = 0 THEN 'm***@example.org'
        WHEN i % 67 = 0 THEN '"quo\\ted, ''' || i || '"@example.org'
        ELSE chr(CAST(97 + i % 26 AS integer)) || '.person' || i || '@mail' || i % 9 || '.example.org'
      END AS email
    FROM ${series}`,
  migrated: source => `
    SELECT id, name,
      'mailto:' || CASE WHEN email IS NULL THEN NULL
        WHEN length(email) - length(replace(email, '@', '')) = 1
          AND strpos(email, '@') > 1 AND strpos(email, '@') < length(email)
        THEN substr(email, 1, 1) || '***' || substr(email, strpos(email, '@'))
        ELSE '***' END AS contact
    FROM ${source}`,
};
