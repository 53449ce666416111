import { mayReport } from './reporters';

const rules = [
  {
    subject: 'external:airflow',
    consumers: ['component:default/radar', 'component:apps/*'],
    namespaces: ['airflow', 'spark'],
  },
];
const report = {
  subject: 'external:airflow',
  consumerRef: 'component:default/radar',
  namespace: 'airflow',
};

describe('who may report runs', () => {
  it.each([
    ['its own', report],
    ['any of a namespace', { ...report, consumerRef: 'component:apps/x' }],
    ['whatever job, before that is known', { ...report, namespace: undefined }],
  ])('may for %s', (_what, one) => {
    expect(mayReport(rules, one)).toBe(true);
  });

  it.each([
    ['by another service', { ...report, subject: 'external:other' }],
    ['for another consumer', { ...report, consumerRef: 'component:default/x' }],
    [
      'for one whose name begins alike',
      { ...report, consumerRef: 'component:apps2/x' },
    ],
    ['of jobs of another namespace', { ...report, namespace: 'dagster' }],
  ])('may not %s', (_what, one) => {
    expect(mayReport(rules, one)).toBe(false);
    expect(mayReport([], one)).toBe(false);
  });
});
