import {
  amount,
  cast,
  contract,
  customer,
  expression,
  fields,
  HostileDataset,
  id,
  numeric,
  renamed,
  steps,
} from './datasetBuilders';

/** Datasets whose migration documents are wrong, or do not fit the data. */
export const hostileSteps: HostileDataset[] = [
  expression(
    'reading a file through PostgreSQL',
    `pg_read_file('/etc/passwd')`,
    /pg_read_file/,
  ),
  expression(
    'reading a file through DuckDB',
    `read_text('/etc/passwd')`,
    /read_text/,
  ),
  expression(
    "reading another team's table",
    `(SELECT amount FROM payroll.salaries LIMIT 1)`,
    /SELECT|subquery|SubLink/i,
  ),
  expression('sleeping', 'pg_sleep(1000)::text', /pg_sleep/),
  expression(
    'a second statement',
    `customer; DROP TABLE orders`,
    /derive-field|expression|statement/i,
  ),
  expression(
    'a pattern that never ends',
    `CASE WHEN customer ~ '(a+)+$' THEN 'x' ELSE 'y' END`,
    /~/,
  ),
  expression(
    'the settings of the server',
    `current_setting('data_directory')`,
    /current_setting/,
  ),
  expression(
    'a function of another schema',
    `payroll.leak(customer)`,
    /leak|payroll/,
  ),
  expression('a field that does not exist', `nobody || 'x'`, /nobody/),
  expression(
    'an endless expression',
    Array(20_000).fill('customer').join(' || '),
    /expression/,
  ),
  expression(
    'a server-side cursor',
    `query_to_xml('select 1', true, true, '')::text`,
    /query_to_xml/,
  ),

  steps(
    'an agent that does not exist',
    [{ agent: 'drop-database', payload: {} }],
    renamed,
    400,
    /drop-database/,
  ),
  steps(
    'a payload of strange properties',
    [
      {
        agent: 'rename-field',
        payload: { from: 'customer', to: 'buyer', sql: '1' },
      },
    ],
    renamed,
    400,
    /sql/,
  ),
  steps(
    'a rename onto another field',
    [{ agent: 'rename-field', payload: { from: 'customer', to: 'amount' } }],
    renamed,
    400,
    /amount/,
  ),
  steps('a document that does not arrive', [], renamed, 400, /buyer|customer/),
  steps(
    'a field name with quotes and semicolons',
    [
      {
        agent: 'rename-field',
        payload: { from: 'customer', to: 'x"; DROP TABLE orders; --' },
      },
    ],
    renamed,
    400,
    /DROP TABLE|buyer/,
  ),
  steps(
    'a cast that no value survives',
    [
      {
        agent: 'cast-type',
        payload: { field: 'id', to: 'date', onFailure: 'refuse' },
      },
    ],
    renamed,
    400,
    /id/,
  ),
  {
    name: 'a breaking change under a minor version',
    spec: {
      contracts: [
        contract(),
        contract({ version: '1.1.0', properties: renamed }),
      ],
    },
    targetVersion: '1.1.0',
    ends: 400,
    names: [/1\.1\.0|major|2\.0\.0/],
  },
  {
    name: 'a column that the table does not have',
    spec: {
      contracts: [
        contract({
          properties: [
            ...fields,
            {
              id: 'x',
              name: 'ghost',
              logicalType: 'string',
              physicalType: 'text',
            },
          ],
        }),
        contract({
          version: '2.0.0',
          properties: [
            ...renamed,
            {
              id: 'x',
              name: 'ghost',
              logicalType: 'string',
              physicalType: 'text',
            },
          ],
        }),
      ],
    },
    ends: 'failed',
    names: [/ghost/],
  },
  steps(
    'a cast that some row cannot satisfy',
    [cast],
    numeric,
    'failed',
    /amount/,
  ),
  steps(
    'a NULL where there must be none',
    [],
    [
      id,
      customer,
      { ...amount, required: true },
      {
        id: 'n',
        name: 'note',
        logicalType: 'string',
        physicalType: 'text',
        required: true,
      },
    ],
    400,
    /note/,
  ),
];
