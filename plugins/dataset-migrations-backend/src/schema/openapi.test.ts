import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { spec } from './openapi.generated';

describe('openapi.yaml', () => {
  it('is what the generated file says; run `yarn generate` otherwise', () => {
    const text = readFileSync(resolve(__dirname, 'openapi.yaml'), 'utf8');
    expect(spec).toEqual(parse(text));
  });

  const operations = Object.entries<any>(spec.paths).flatMap(([path, item]) =>
    ['get', 'post']
      .filter(method => item[method])
      .map(method => [`${method} ${path}`, item[method]] as const),
  );

  it.each(operations)('describes %s and its errors', (_name, operation) => {
    expect(typeof operation.summary).toBe('string');
    expect(Object.keys(operation.responses)).toEqual([
      expect.stringMatching(/^20[02]$/),
      'default',
    ]);
  });

  // OpenLineage lets everybody add to its events.
  const open = 'post /consumers/{kind}/{namespace}/{name}/lineage';
  it.each(
    operations.filter(([name]) => name.startsWith('post') && name !== open),
  )('lets the body of %s hold no unknown properties', (_name, operation) => {
    expect(bodySchema(operation.requestBody).additionalProperties).toBe(false);
  });
});

function bodySchema(requestBody: any): any {
  const body = deref(requestBody);
  return deref(body?.content['application/json'].schema);
}

function deref(value: any): any {
  return value?.$ref
    ? value.$ref
        .slice(2)
        .split('/')
        .reduce((parent: any, key: string) => parent[key], spec)
    : value;
}
