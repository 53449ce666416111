import {
  amount,
  contract,
  contracts,
  customer,
  fields,
  folder,
  HostileDataset,
  id,
  placed,
  table,
} from './datasetBuilders';

/** Datasets whose contracts are wrong, or name what is not theirs. */
export const hostileContracts: HostileDataset[] = [
  contracts('broken YAML', ['version: [1.0.0'], /spec\.contracts\[0\]/),
  contracts(
    'a contract without version',
    [contract({ version: undefined, more: { version: undefined } })],
    /version/,
  ),
  contracts(
    'a version that is no semver',
    [contract({ version: '1', status: 'active' })],
    /version/,
    /"1"/,
  ),
  contracts(
    'two active contracts',
    [contract(), contract({ version: '2.0.0', status: 'active' })],
    /active/,
  ),
  contracts('no contracts', [], /contract/),
  contracts('contracts that are a number', 42, /spec\.contracts/),
  contracts(
    'an entity bomb',
    [
      `a: &a [x,x,x,x,x,x,x,x,x]\n${'bcdefghi'
        .split('')
        .map(
          (letter, index) =>
            `${letter}: &${letter} [${Array(9)
              .fill(`*${'abcdefgh'[index]}`)
              .join(',')}]`,
        )
        .join('\n')}\nversion: 1.0.0`,
    ],
    /spec\.contracts\[0\]/,
  ),
  contracts(
    'two tables in one contract that nobody gave it',
    [
      contract({
        more: {
          schema: [
            { name: 'a', properties: fields },
            { name: 'b', properties: fields },
          ],
        },
      }),
      contract({ version: '2.0.0' }),
    ],
    /may not use the table warehouse\.public\.a/,
  ),
  contracts(
    'a table with a name of several kB',
    [
      contract({
        more: {
          schema: [
            { name: 'a', properties: fields },
            { name: 'b'.repeat(5_000), properties: fields },
          ],
        },
      }),
      contract({ version: '2.0.0' }),
    ],
    /schema\[1\]\.name/,
    /63 bytes/,
  ),
  contracts(
    'a table whose name reads like a field of another',
    [
      contract({
        more: {
          schema: [
            { name: 'a', properties: fields },
            { name: 'a.id', physicalName: 'b', properties: fields },
          ],
        },
      }),
      contract({ version: '2.0.0' }),
    ],
    /schema\[1\]\.name/,
    /dot/,
  ),
  contracts(
    'a table whose name has an invisible character',
    [
      contract({
        more: { schema: [{ name: 'or\u200bders', properties: fields }] },
      }),
      contract({ version: '2.0.0' }),
    ],
    /schema\[0\]\.name/,
    /invisible/,
  ),
  contracts(
    'a type that does not exist',
    [
      contract({
        properties: [
          id,
          { ...customer, logicalType: 'quaternion', physicalType: undefined },
        ],
      }),
    ],
    /logicalType/,
    /quaternion/,
  ),
  contracts(
    'two fields of one name',
    [contract({ properties: [id, customer, { ...amount, name: 'customer' }] })],
    /customer/,
  ),

  placed(
    'a connection that does not exist',
    { server: { ...table, server: 'production', database: 'production' } },
    /production/,
  ),
  placed("another team's table", { object: 'invoices' }, /invoices/),
  placed(
    "another team's schema",
    { server: { ...table, schema: 'payroll' }, object: 'salaries' },
    /payroll\.salaries/,
  ),
  placed(
    'a table of the system',
    { server: { ...table, schema: 'pg_catalog' }, object: 'pg_authid' },
    /pg_authid/,
  ),
  placed(
    'a table name with quotes and semicolons',
    { object: 'orders"; DROP TABLE orders; --' },
    /orders"; DROP TABLE/,
  ),
  placed(
    'a schema name that ends the quotes',
    { server: { ...table, schema: 'public"."payroll' } },
    /public"\."payroll/,
  ),
  placed(
    'a path that climbs',
    { server: { ...folder, path: '../outside.csv' } },
    /\.\.\/outside\.csv/,
  ),
  placed(
    'a path that climbs inside',
    { server: { ...folder, path: 'orders/../payroll' } },
    /payroll/,
  ),
  placed(
    'an absolute path',
    { server: { ...folder, path: '/etc/passwd' } },
    /\/etc\/passwd/,
  ),
  placed(
    "another team's folder",
    { server: { ...folder, path: 'payroll' } },
    /payroll/,
  ),
  placed(
    'the whole root',
    { server: { ...folder, path: '.' } },
    /names no file/,
  ),
  placed(
    "a pattern over everybody's folders",
    { server: { ...folder, path: '*/*.csv' } },
    /files/,
  ),
  placed(
    'a link out of the root',
    { server: { ...folder, path: 'orders/link.csv' } },
    /link\.csv/,
  ),
  placed(
    'an address instead of a path',
    { server: { ...folder, path: 'https://evil.example.org/x.csv' } },
    /evil\.example\.org/,
  ),
  placed(
    'a bucket instead of a path',
    { server: { ...folder, path: 's3://bucket/x.csv' } },
    /s3:/,
  ),
  placed(
    'a root that does not exist',
    { server: { ...folder, server: 'everything' } },
    /contract|everything/,
  ),
  placed(
    'a format that does not exist',
    { server: { ...folder, format: 'exe' } },
    /exe/,
  ),
  placed('a table name with a NUL', { object: 'or\0ders' }, /physicalName|or/),
];
