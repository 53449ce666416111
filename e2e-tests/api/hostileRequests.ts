const uuid = '1c0ffee1-0000-4000-8000-000000000000';

/** A request that must be refused. */
export interface HostileRequest {
  name: string;
  path: string;
  method?: 'GET' | 'POST';
  headers?: Record<string, string>;
  /** Sent as it is if it is text, otherwise as JSON. */
  body?: unknown;
  status: number;
  /** What the message must name: the field, the value. */
  names: RegExp[];
}

const start = (
  name: string,
  body: unknown,
  status: number,
  ...names: RegExp[]
): HostileRequest => ({
  name,
  path: '/migrations',
  method: 'POST',
  body,
  status,
  names,
});

/** Of a change that there is, but for what is hostile. */
const accept = (
  name: string,
  body: object,
  ...names: RegExp[]
): HostileRequest => ({
  name,
  path: '/datasets/resource/default/honest/accepted-changes',
  method: 'POST',
  body: {
    targetVersion: '2.0.0',
    rule: 'field-renamed',
    field: 'customer',
    summary: 'renamed to `buyer`',
    reason: 'nobody reads it',
    ...body,
  },
  status: 400,
  names,
});

const follow = (
  name: string,
  body: unknown,
  ...names: RegExp[]
): HostileRequest => ({
  name,
  path: '/datasets/resource/default/honest/subscription',
  method: 'POST',
  body,
  status: 400,
  names,
});

const get = (
  name: string,
  path: string,
  status: number,
  ...names: RegExp[]
): HostileRequest => ({ name, path, status, names });

const good = {
  datasetRef: 'resource:default/honest',
  targetVersion: '2.0.0',
};

/** Requests that are wrong by themselves, whatever the catalog holds. */
export const hostileRequests: HostileRequest[] = [
  start(
    'a dataset that is not in the catalog',
    { ...good, datasetRef: 'resource:default/nowhere' },
    404,
    /resource:default\/nowhere/,
  ),
  start(
    'an entity that is no dataset',
    { ...good, datasetRef: 'component:default/caller' },
    404,
    /component:default\/caller/,
  ),
  start(
    'an entity ref with SQL in it',
    { ...good, datasetRef: "resource:default/x'; DROP TABLE migrations; --" },
    400,
    /datasetRef/,
    /DROP TABLE migrations/,
  ),
  start(
    'no target version',
    { datasetRef: good.datasetRef },
    400,
    /targetVersion/,
  ),
  start(
    'a version that is no version',
    { ...good, targetVersion: '2.0' },
    400,
    /targetVersion/,
    /"2\.0"/,
  ),
  start(
    'a version with SQL in it',
    { ...good, targetVersion: "2.0.0'; DROP TABLE orders; --" },
    400,
    /targetVersion/,
    /DROP TABLE orders/,
  ),
  start(
    'a version without a contract',
    { ...good, targetVersion: '9.9.9' },
    404,
    /9\.9\.9/,
  ),
  start(
    'a policy that does not exist',
    { ...good, policy: 'yolo' },
    400,
    /policy/,
    /"yolo"/,
  ),
  start(
    'a property that does not exist',
    { ...good, force: true },
    400,
    /force/,
  ),
  start(
    'a property of every object',
    `{"__proto__":{"policy":"coexist"},"datasetRef":"resource:default/honest","targetVersion":"9.9.9"}`,
    400,
    /properties/,
  ),
  start('a body that is no JSON', '{"datasetRef":', 400, /JSON/),
  start('a body that is a list', [], 400, /object/),
  start(
    'a body that is too long',
    { ...good, policy: 'x'.repeat(200_000) },
    400,
    /large/,
  ),
  start(
    'another expectation',
    { ...good, expectedVersion: '7.0.0' },
    409,
    /7\.0\.0/,
  ),
  {
    ...start(
      'a body that is a form',
      'datasetRef=x',
      400,
      /content-type|media type/i,
    ),
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
  },
  {
    ...start('an endless idempotency key', good, 400, /idempotency-key/i),
    headers: { 'Idempotency-Key': 'k'.repeat(300) },
  },
  {
    ...start(
      'an idempotency key of strange letters',
      good,
      400,
      /idempotency-key/i,
    ),
    headers: { 'Idempotency-Key': 'kéy' },
  },
  get(
    'an id that is no UUID',
    "/migrations/1'%20OR%201=1",
    400,
    /id/,
    /OR 1=1/,
  ),
  get('an id that climbs', '/migrations/..%2f..%2fetc%2fpasswd', 400, /id/),
  get('no migration', `/migrations/${uuid}`, 404, new RegExp(uuid)),
  {
    ...get('a delivery of no id', '/deliveries/7/redeliver', 400, /id/, /"7"/),
    method: 'POST',
  },
  get(
    'a name that climbs',
    '/datasets/resource/default/..%2f..%2fetc%2fpasswd',
    400,
    /name/,
    /etc\/passwd/,
  ),
  get(
    'an endless name',
    `/datasets/resource/default/${'x'.repeat(300)}`,
    400,
    /name/,
  ),
  get('a limit below the least', '/datasets?limit=0', 400, /limit/),
  get(
    'a limit above the most',
    '/datasets?limit=100000',
    400,
    /limit/,
    /100000/,
  ),
  get(
    'a limit that is no number',
    '/migrations?limit=ten',
    400,
    /limit/,
    /ten/,
  ),
  get(
    'a cursor that nobody gave',
    '/datasets?cursor=garbage',
    400,
    /cursor/,
    /garbage/,
  ),
  get(
    'a cursor of another list',
    `/migrations?cursor=${Buffer.from('["datasets","x"]').toString(
      'base64url',
    )}`,
    400,
    /cursor/,
  ),
  get('a filter that does not exist', '/datasets?where=1=1', 400, /where/),
  get(
    'a state that does not exist',
    '/migrations?state=winning',
    400,
    /state/,
    /winning/,
  ),
  get('a NUL in a search', '/datasets?search=a%00b', 400, /search/),
  get(
    'a status that does not exist',
    '/datasets?status=all',
    400,
    /status/,
    /all/,
  ),
  {
    name: 'more rows than a preview has',
    path: '/datasets/resource/default/honest/preview',
    method: 'POST',
    body: { targetVersion: '2.0.0', limit: 1_000_000 },
    status: 400,
    names: [/limit/, /1000000/],
  },
  {
    name: 'a reason that gives none',
    path: `/migrations/${uuid}/override`,
    method: 'POST',
    body: { reason: '    ', consumers: [] },
    status: 400,
    names: [/reason/],
  },
  {
    name: 'an override that does not say whom it breaks',
    path: `/migrations/${uuid}/override`,
    method: 'POST',
    body: { reason: 'they agreed' },
    status: 400,
    names: [/consumers/],
  },
  {
    name: 'an answer for who reads nothing',
    path: '/consumers/component/default/nobody/acknowledgements',
    method: 'POST',
    body: {
      datasetRef: 'resource:default/honest',
      version: '2.0.0',
      answer: 'withdrawn',
    },
    status: 404,
    names: [/component:default\/nobody/, /resource:default\/honest/],
  },
  {
    name: 'an answer with a date that is none',
    path: '/consumers/component/default/nobody/acknowledgements',
    method: 'POST',
    body: {
      datasetRef: 'resource:default/honest',
      version: '2.0.0',
      answer: 'more-time',
      date: '2027-02-31T00:00:00Z',
      reason: 'frozen',
    },
    status: 400,
    names: [/date/],
  },
  accept('to accept by a rule of ones own', { rule: 'harmless' }, /harmless/),
  accept('to accept for no reason', { reason: ' \n\t ' }, /reason/),
  accept('to accept at length', { reason: 'x'.repeat(501) }, /reason/),
  accept(
    'to accept a field of another table',
    { field: 'pg_catalog.pg_authid' },
    /pg_catalog\.pg_authid/,
  ),
  accept('to accept as somebody else', { by: 'user:default/amelia' }, /by/),
  {
    name: 'to take back what nobody accepted',
    path: `/datasets/resource/default/honest/accepted-changes/${uuid}/withdraw`,
    method: 'POST',
    body: {},
    status: 404,
    names: [/resource:default\/honest/],
  },
  follow('to follow somehow', { following: 'yes' }, /following/),
  follow('to follow without saying so', {}, /following/),
  follow(
    'to have somebody else follow',
    { following: true, follower: 'user:default/amelia' },
    /follower/,
  ),
  follow(
    'to follow by a callback of ones own',
    { following: true, webhook: 'http://169.254.169.254/' },
    /webhook/,
  ),
  {
    name: 'to follow as a service',
    path: '/datasets/resource/default/honest/subscription',
    method: 'POST',
    body: { following: true },
    status: 403,
    names: [/Only people/],
  },
];
