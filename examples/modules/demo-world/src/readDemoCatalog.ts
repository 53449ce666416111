import { readFileSync } from 'fs';
import { dirname, resolve } from 'path';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { Entity } from '@backstage/catalog-model';
import yaml from 'yaml';
import { resolveText } from './resolveText';

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
    const entity = resolveText(document.toJS(), path =>
      readFileSync(resolve(dirname(file), path), 'utf8'),
    ) as Entity;
    const targets = (entity.spec?.targets ?? []) as string[];
    return entity.kind === 'Location'
      ? targets.flatMap(target => readEntities(resolve(dirname(file), target)))
      : [entity];
  });
}
