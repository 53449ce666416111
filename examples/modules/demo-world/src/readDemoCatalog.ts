import { readFileSync } from 'fs';
import { dirname, resolve } from 'path';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { Entity } from '@backstage/catalog-model';
import yaml from 'yaml';

/**
 * All entities of `examples/catalog/all.yaml`, with `$text` put in as the
 * catalog does it.
 */
export function readDemoCatalog(): Entity[] {
  return readEntities(
    resolvePackagePath('@skein-examples/demo-world', '../../catalog/all.yaml'),
  );
}

function readEntities(file: string): Entity[] {
  const documents = yaml.parseAllDocuments(readFileSync(file, 'utf8'));
  return documents.flatMap(document => {
    const entity = resolveText(document.toJS(), dirname(file)) as Entity;
    const targets = (entity.spec?.targets ?? []) as string[];
    return entity.kind === 'Location'
      ? targets.flatMap(target => readEntities(resolve(dirname(file), target)))
      : [entity];
  });
}

function resolveText(value: unknown, folder: string): unknown {
  if (Array.isArray(value)) {
    return value.map(item => resolveText(item, folder));
  }
  if (typeof value !== 'object' || value === null) {
    return value;
  }
  if ('$text' in value) {
    return readFileSync(resolve(folder, String(value.$text)), 'utf8');
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      key,
      resolveText(item, folder),
    ]),
  );
}
