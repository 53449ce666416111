import { TemplateProject } from './evaluate';
import { parseTemplate, TemplateNode } from './parseTemplate';
import { RenderedSql, Renderer } from './Renderer';
import { TemplateError } from './TemplateError';

const MAX_VARIANTS = 16;
/** Whether a text is a template at all. */
export function isTemplate(source: string): boolean {
  return /\{[{%#]/.test(source);
}

/**
 * The texts that a template may become. Conditions are not evaluated: there is one
 * text in which all of them hold, and one more for each that does not.
 *
 * @throws TemplateError for what cannot be told without running it
 */
export function renderTemplate(
  source: string,
  project: TemplateProject,
): RenderedSql[] {
  const nodes = parseTemplate(source);
  const conditions = [...new Set(conditionsIn(nodes))];
  if (conditions.length >= MAX_VARIANTS) {
    throw new TemplateError(
      1,
      `has ${conditions.length} conditions, more than ${MAX_VARIANTS - 1}`,
    );
  }
  const variants = [undefined, ...conditions].map(failing =>
    new Renderer(project, failing).render(nodes),
  );
  return variants.filter(
    ({ sql }, index) =>
      variants.findIndex(earlier => earlier.sql === sql) === index,
  );
}

function conditionsIn(nodes: TemplateNode[]): string[] {
  return nodes.flatMap(node =>
    node.kind === 'if'
      ? node.branches.flatMap(({ condition, body }) => [
          ...(condition === undefined ? [] : [condition]),
          ...conditionsIn(body),
        ])
      : [],
  );
}
