import { JsonObject, JsonValue } from '@backstage/types';
import { DocumentProblem } from '../../documents/problems';
import { isObject } from './shapes';

/** References that lead to references; more are a circle. */
const MAX_STEPS = 32;

/** Resolves `$ref` within one document. */
export class Definitions {
  constructor(
    private readonly document: JsonObject,
    private readonly problems: DocumentProblem[],
  ) {}

  /**
   * What stands in place of an object: what it refers to, and over that what it
   * says itself. References into other documents are not followed; what is
   * behind them is a type of that name.
   */
  resolve(holder: JsonObject, path: string): JsonObject {
    let resolved = holder;
    for (let step = 0; (resolved.$ref ?? undefined) !== undefined; step++) {
      const { $ref: reference, ...own } = resolved;
      if (step === MAX_STEPS) {
        this.report(path, 'must not refer to itself', reference);
        return own;
      }
      if (typeof reference === 'string' && !reference.startsWith('#')) {
        return { type: reference, ...own };
      }
      const target =
        typeof reference === 'string' ? this.find(reference) : undefined;
      if (!target) {
        this.report(path, 'refers to nothing in the document', reference);
        return own;
      }
      resolved = { ...target, ...own };
    }
    return resolved;
  }

  private find(reference: string): JsonObject | undefined {
    const steps = reference
      .replace(/^#\/?/, '')
      .split('/')
      .map(step => step.replaceAll('~1', '/').replaceAll('~0', '~'));
    const found = steps.reduce<JsonValue | undefined>(
      (value, step) =>
        isObject(value) && Object.hasOwn(value, step) ? value[step] : undefined,
      this.document,
    );
    return isObject(found) ? found : undefined;
  }

  private report(
    path: string,
    message: string,
    value: JsonValue | undefined,
  ): void {
    this.problems.push({ path: `${path}.$ref`, message, value });
  }
}
