import { globSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { ROOT } from '../../scripts/lib/paths.mjs';

const DEPLOY = join(ROOT, 'deploy');

/** Files that Kustomize reads, and is alone in reading. */
const isKustomize = ({ apiVersion }) =>
  apiVersion?.startsWith('kustomize.config.k8s.io/');

/** Reads a YAML file below `deploy/` that holds one document. */
export function readYaml(file) {
  const [document, ...more] = parseAllDocuments(
    readFileSync(join(DEPLOY, file), 'utf8'),
  );
  if (more.length || document.errors.length) {
    throw new Error(`${file} must be one valid YAML document`);
  }
  return document.toJS();
}

const yamlFiles = globSync('**/*.yaml', { cwd: DEPLOY }).sort();

/**
 * All manifests below `deploy/`: as they are what Kustomize passes on, with
 * namespace, labels and images put in, no program is needed to look at them.
 *
 * @returns {{ file: string, manifest: any }[]}
 */
export function readManifests() {
  return yamlFiles
    .map(file => ({ file, manifest: readYaml(file) }))
    .filter(({ manifest }) => manifest?.apiVersion && manifest.kind)
    .filter(({ manifest }) => !isKustomize(manifest));
}

/**
 * All kustomizations and components, with the folder that they are in.
 *
 * @returns {{ folder: string, kustomization: any }[]}
 */
export function readKustomizations() {
  return yamlFiles
    .filter(file => file.endsWith('kustomization.yaml'))
    .map(file => ({
      folder: relative(DEPLOY, join(DEPLOY, file, '..')),
      kustomization: readYaml(file),
    }));
}

/** The one manifest of this kind and name. */
export function manifestOf(kind, name) {
  const found = readManifests().filter(
    ({ manifest }) => manifest.kind === kind && manifest.metadata.name === name,
  );
  if (found.length !== 1) {
    throw new Error(`${found.length} manifests are ${kind} ${name}, not one`);
  }
  return found[0].manifest;
}
