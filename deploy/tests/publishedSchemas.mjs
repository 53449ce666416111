import { join } from 'node:path';
import ts from 'typescript';
import { ROOT } from '../../scripts/lib/paths.mjs';

/** Packages with the published schemas, by the API groups they hold. */
const PACKAGES = [
  [/^keda\.sh\//, '@kubernetes-models/keda/'],
  [/^monitoring\.coreos\.com\//, '@kubernetes-models/prometheus-operator/'],
  [/^/, 'kubernetes-models/'],
];

function moduleOf(apiVersion) {
  const [, name] = PACKAGES.find(([group]) => group.test(apiVersion));
  return `${name}${apiVersion}`;
}

/**
 * What the schema of its kind finds wrong with a manifest: types, formats, what
 * is missing. As the API server does, it lets pass what it does not know; see
 * {@link undeclared}.
 *
 * @returns {Promise<string | undefined>} undefined when it is valid
 */
export async function violation({ apiVersion, kind, ...rest }) {
  const models = await import(moduleOf(apiVersion)).catch(() => ({}));
  if (!models[kind]) return `${apiVersion} has no kind ${kind}`;
  try {
    new models[kind]({ apiVersion, kind, ...rest }).validate();
    return undefined;
  } catch (error) {
    return error.message;
  }
}

/**
 * What no schema declares, as `kubectl --validate=strict` refuses it: misspelled
 * fields. The types that were made from the same schemas know; so the manifests
 * are written as one program and compiled.
 *
 * @param {{ file: string, manifest: any }[]} manifests
 * @returns {string[]} one sentence each, naming the file
 */
export function undeclared(manifests) {
  const name = join(ROOT, 'deploy/tests/manifests.generated.ts');
  const statements = manifests.map(({ manifest }, index) => {
    const type = `import('${moduleOf(manifest.apiVersion)}').I${manifest.kind}`;
    return `export const m${index}: ${type} = ${JSON.stringify(manifest)};`;
  });
  const options = {
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    noEmit: true,
    skipLibCheck: true,
    strict: true,
    types: [],
  };
  const host = ts.createCompilerHost(options);
  const { getSourceFile, fileExists } = host;
  host.fileExists = file => file === name || fileExists(file);
  host.getSourceFile = (file, ...rest) =>
    file === name
      ? ts.createSourceFile(file, statements.join('\n'), rest[0], true)
      : getSourceFile(file, ...rest);
  return ts
    .getPreEmitDiagnostics(ts.createProgram([name], options, host))
    .map(({ file, start, messageText }) => {
      const line = file?.getLineAndCharacterOfPosition(start).line;
      const text = ts.flattenDiagnosticMessageText(messageText, ' ');
      return `${manifests[line]?.file}: ${text}`;
    });
}
