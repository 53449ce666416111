import {
  caseFields,
  hostileExpressions,
} from '@skein/backstage-plugin-dataset-migrations-common/testUtils';
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

const readsField = new RegExp(
  `\\b(${caseFields.map(({ name }) => name).join('|')})\\b`,
  'i',
);

/**
 * Some of every kind of the corpus that the planner is tested with, among those
 * that are refused alike whatever fields there are.
 */
const sampled = hostileExpressions.flatMap(({ what, refusals }) =>
  refusals
    .filter(
      ([text, reason]) =>
        !readsField.test(text) &&
        // A document is read before its expressions: by its own rules.
        /^[\t\n\x20-\x7e]{1,4000}$/.test(text) &&
        !reason.startsWith('there is no field'),
    )
    .filter((_, index, { length }) => index % Math.ceil(length / 3) === 0)
    .map(([text, reason]) =>
      expression(
        `${what}: ${text.slice(0, 60)}`,
        text,
        new RegExp(`: ${reason.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')}(;|$)`),
      ),
    ),
);

/** Datasets whose migration documents are wrong, or do not fit the data. */
export const hostileSteps: HostileDataset[] = [
  ...sampled,
  expression(
    'reading a file through PostgreSQL',
    `pg_read_file('/etc/passwd')`,
    /function pg_read_file is not allowed/,
  ),
  expression(
    'reading a file through DuckDB',
    `read_text('/etc/passwd')`,
    /function read_text is not allowed/,
  ),
  expression(
    "reading another team's table",
    `(SELECT amount FROM payroll.salaries LIMIT 1)`,
    /: a sub-select is not allowed/,
  ),
  expression(
    'sleeping',
    'pg_sleep(1000)::text',
    /function pg_sleep is not allowed/,
  ),
  expression(
    'a second statement',
    `customer; DROP TABLE orders`,
    /steps\[0\] \(derive-field\): .*: must not contain a semicolon/,
  ),
  expression(
    'a pattern that never ends',
    `CASE WHEN customer ~ '(a+)+$' THEN 'x' ELSE 'y' END`,
    /: operator ~ is not allowed/,
  ),
  expression(
    'the settings of the server',
    `current_setting('data_directory')`,
    /function current_setting is not allowed/,
  ),
  expression(
    'a function of another schema',
    `payroll.leak(customer)`,
    /function payroll\.leak is not allowed/,
  ),
  expression(
    'a field that does not exist',
    `nobody || 'x'`,
    /: there is no field nobody; there are id, customer, amount/,
  ),
  expression(
    'an endless expression',
    Array(20_000).fill('customer').join(' || '),
    /expression/,
  ),
  expression(
    'a server-side cursor',
    `query_to_xml('select 1', true, true, '')::text`,
    /function query_to_xml is not allowed/,
  ),

  steps(
    'an agent that does not exist',
    [{ agent: 'drop-database', payload: {} }],
    renamed,
    400,
    /steps\[0\].*drop-database/,
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
    /payload.*"sql"|sql.*not/,
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
    /no step yields `buyer`/,
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
