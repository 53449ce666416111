import { contract, folder, renamed } from './datasetBuilders';
import { HostileRequest } from './hostileRequests';

/** The dataset that they speak of, which nobody migrates. */
export const watched = 'resource:default/watched';

export const watchedSpec = {
  contracts: [
    contract({ server: folder }),
    contract({ server: folder, version: '2.0.0', properties: renamed }),
  ],
};

/** A consumer that means well; requests speak for it. */
export const reader = 'component:default/reader';

export const readerDeclares = [
  { dataset: watched, version: '^1.0.0', fields: ['customer'] },
];

/** What an entity says of the datasets that it reads, which cannot be used as it is. */
export interface HostileDeclaration {
  name: string;
  consumesDatasets: unknown;
  annotations?: Record<string, string>;
  /** What its own page, or the dataset's list of consumers, must name. */
  names: RegExp[];
}

const declares = (
  name: string,
  entry: object,
  ...names: RegExp[]
): HostileDeclaration => ({
  name,
  consumesDatasets: [{ dataset: watched, ...entry }],
  names,
});

export const hostileDeclarations: HostileDeclaration[] = [
  { name: 'a text', consumesDatasets: 'all', names: [/must be a list/, /all/] },
  {
    name: 'an entry that is a text',
    consumesDatasets: ['watched'],
    names: [/consumesDatasets\[0\]: must be an object/, /watched/],
  },
  {
    name: 'no dataset',
    consumesDatasets: [{ version: '^1.0.0' }],
    names: [/consumesDatasets\[0\]\.dataset: must be the reference/],
  },
  {
    name: 'a dataset with SQL in its reference',
    consumesDatasets: [{ dataset: "watched'; DROP TABLE consumers; --" }],
    names: [/dataset: must be the reference/, /DROP TABLE consumers/],
  },
  {
    name: 'a dataset that is an object',
    consumesDatasets: [{ dataset: { name: 'watched' } }],
    names: [/dataset: must be the reference/],
  },
  {
    name: 'the same dataset twice',
    consumesDatasets: [{ dataset: watched }, { dataset: watched }],
    names: [/declares the dataset more than once/],
  },
  declares(
    'a version that is none',
    { version: 'the next' },
    /version/,
    /the next/,
  ),
  declares('a version that is a number', { version: 7 }, /version/, /7/),
  declares(
    'a version that nothing meets',
    { version: '>2 <1' },
    /version/,
    />2 <1/,
  ),
  declares('an endless version', { version: '1'.repeat(1_000) }, /version/),
  declares('a list of versions', { version: ['1.0.0'] }, /version/, /1\.0\.0/),
  declares('fields that are a text', { fields: 'id' }, /fields/, /id/),
  declares('a field that is a number', { fields: [7] }, /fields/, /7/),
  declares('a field without a name', { fields: [''] }, /fields/),
  declares(
    'more fields than there can be',
    { fields: Array(2_000).fill('id') },
    /fields/,
  ),
  declares(
    'a field that is not there',
    { fields: ["id'; DROP TABLE orders; --"] },
    /says it reads/,
    /DROP TABLE orders/,
  ),
  declares(
    'a callback to a file',
    { webhook: 'file:///etc/passwd' },
    /webhook/,
  ),
  declares(
    'a callback by another protocol',
    { webhook: 'ftp://hooks.example.com/' },
    /webhook/,
  ),
  declares('a callback that is no address', { webhook: 'hooks' }, /webhook/),
  declares(
    'a callback with credentials',
    { webhook: 'https://me:pw@hooks.example.com/' },
    /webhook: must be an http or https address without credentials/,
  ),
  declares(
    'what it cannot say',
    { secret: 'x' },
    /secret: is not a known property/,
  ),
  {
    ...declares('a dialect with SQL in it', {}, /sql-dialect/, /DROP TABLE/),
    annotations: { 'dataset-migrations/sql-dialect': 'x; DROP TABLE t' },
  },
  {
    ...declares('more than its source says', {}, /field-use/, /everything/),
    annotations: { 'dataset-migrations/field-use': 'everything' },
  },
];

/** Requests that say something of the consumer that means well. */
const saying =
  (what: string, resource: string) =>
  (
    name: string,
    body: unknown,
    status: number,
    ...names: RegExp[]
  ): HostileRequest => ({
    name: `${what} ${name}`,
    path: `/consumers/component/default/reader/${resource}`,
    method: 'POST',
    body,
    status,
    names,
  });

const answers = saying('an answer', 'acknowledgements');

const ready = {
  datasetRef: watched,
  version: '2.0.0',
  answer: 'ready',
  concernsId: '0'.repeat(64),
};
const moreTime = {
  datasetRef: watched,
  version: '2.0.0',
  answer: 'more-time',
  date: '2090-01-01T00:00:00Z',
  reason: 'frozen',
};

export const hostileAnswers: HostileRequest[] = [
  answers('that is a list', [], 400, /object/),
  answers('that says nothing', {}, 400, /datasetRef|version|answer/),
  answers('of another kind', { ...ready, answer: 'never' }, 400, /answer/),
  answers(
    'about a dataset with SQL in its reference',
    { ...ready, datasetRef: "watched'; DROP TABLE consumers; --" },
    400,
    /datasetRef/,
    /DROP TABLE consumers/,
  ),
  answers(
    'about no dataset',
    { ...ready, datasetRef: 'resource:default/nowhere' },
    404,
    /resource:default\/nowhere/,
  ),
  answers('about no version', { ...ready, version: '2' }, 400, /version/),
  answers(
    'about a version that is not to come',
    { ...ready, version: '9.0.0' },
    404,
    /9\.0\.0/,
  ),
  answers(
    'that saw nothing',
    { ...ready, concernsId: undefined },
    400,
    /concernsId/,
  ),
  answers('that saw other changes', ready, 409, /Other changes concern/),
  answers(
    'that names changes otherwise',
    { ...ready, concernsId: "' OR 1=1" },
    400,
    /concernsId/,
  ),
  answers(
    'until the past',
    { ...moreTime, date: '2020-01-01T00:00:00Z' },
    400,
    /date/,
    /past/,
  ),
  answers(
    'until no day',
    { ...moreTime, date: '2027-02-31T00:00:00Z' },
    400,
    /date/,
  ),
  answers('until some day', { ...moreTime, date: 'soon' }, 400, /date/, /soon/),
  answers(
    'until whenever',
    { ...moreTime, date: undefined },
    400,
    /date must say/,
  ),
  answers('without a reason', { ...moreTime, reason: '  ' }, 400, /reason/),
  answers(
    'with an endless reason',
    { ...moreTime, reason: 'x'.repeat(20_000) },
    400,
    /reason/,
  ),
  answers(
    'for somebody else',
    { ...ready, by: 'user:default/amelia' },
    400,
    /by/,
  ),
];

const reports = saying('a run', 'lineage');

const run = {
  eventType: 'COMPLETE',
  eventTime: '2026-11-01T12:00:00Z',
  run: { runId: '0a1b2c3d-0000-4000-8000-000000000000' },
  job: { namespace: 'jobs', name: 'nightly' },
  inputs: [],
  outputs: [],
};
const lineage = (columnLineage: unknown) => ({
  ...run,
  outputs: [{ namespace: 'x', name: 'y', facets: { columnLineage } }],
});

export const hostileRuns: HostileRequest[] = [
  reports('that is a list', [], 400, /object/),
  reports('that is no JSON', '{"run":', 400, /JSON/),
  reports('without a job', { ...run, job: undefined }, 400, /job/),
  reports(
    'of a job that is a text',
    { ...run, job: 'nightly' },
    400,
    /job/,
    /nightly/,
  ),
  reports(
    'of a job without a name',
    { ...run, job: { namespace: 'jobs' } },
    400,
    /job\.name/,
  ),
  reports('without an id', { ...run, run: {} }, 400, /run\.runId/),
  reports(
    'with an endless id',
    { ...run, run: { runId: 'x'.repeat(5_000) } },
    400,
    /run\.runId/,
  ),
  reports('at no time', { ...run, eventTime: undefined }, 400, /eventTime/),
  reports(
    'yesterday',
    { ...run, eventTime: 'yesterday' },
    400,
    /eventTime/,
    /yesterday/,
  ),
  reports(
    'of the future',
    { ...run, eventTime: '2999-01-01T00:00:00Z' },
    400,
    /eventTime/,
    /future/,
  ),
  reports('whose inputs are no list', { ...run, inputs: {} }, 400, /inputs/),
  reports(
    'whose input has no place',
    { ...run, inputs: [{ name: 'a' }] },
    400,
    /inputs\[0\]\.namespace/,
  ),
  reports(
    'whose output is a text',
    { ...run, outputs: ['x'] },
    400,
    /outputs\[0\]/,
    /"x"/,
  ),
  reports(
    'whose facets are a number',
    { ...run, outputs: [{ facets: 1 }] },
    400,
    /facets/,
  ),
  reports('whose lineage is a list', lineage([]), 400, /columnLineage/),
  reports(
    'whose columns are numbers',
    lineage({ fields: { a: { inputFields: [7] } } }),
    400,
    /inputFields\[0\]/,
    /7/,
  ),
  reports(
    'of more inputs than there are',
    { ...run, inputs: Array(1_001).fill({ namespace: 'a', name: 'b' }) },
    400,
    /inputs/,
    /1001/,
  ),
  {
    ...reports(
      "of somebody else's jobs",
      { ...run, job: { namespace: 'theirs', name: 'x' } },
      403,
    ),
    names: [/theirs/, /reporters/],
  },
  {
    ...reports('for a consumer of others', run, 403),
    path: '/consumers/component/default/other/lineage',
    names: [/component:default\/other/, /reporters/],
  },
];
