import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parse } from 'yaml';
import { spec } from './openapi.generated';

describe('openapi.yaml', () => {
  it('is what the generated file says; run `yarn generate` otherwise', () => {
    const text = readFileSync(resolve(__dirname, 'openapi.yaml'), 'utf8');
    expect(spec).toEqual(parse(text));
  });

  it('describes every operation and lets no body hold unknown properties', () => {
    for (const [path, item] of Object.entries<any>(spec.paths)) {
      for (const method of ['get', 'post']) {
        const operation = item[method];
        if (operation) {
          const where = `${method} ${path}`;
          expect([where, typeof operation.summary]).toEqual([where, 'string']);
          expect([where, Object.keys(operation.responses)]).toEqual([
            where,
            [expect.stringMatching(/^20[02]$/), 'default'],
          ]);
          const schema = bodySchema(operation.requestBody);
          expect([where, schema?.additionalProperties]).toEqual([
            where,
            method === 'post' ? false : undefined,
          ]);
        }
      }
    }
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
